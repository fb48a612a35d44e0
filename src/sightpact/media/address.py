"""Which network addresses the gateway may connect to as cameras: the one rule in `wire/address.py`, which the
entry of cameras applies too. The caller here resolves a name once and connects to exactly the address that
was checked.
"""

from __future__ import annotations

from sightpact.wire.address import METADATA, allowed

__all__ = ["METADATA", "allowed"]
