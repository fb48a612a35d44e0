"""What a person is told when something about the record was not done."""

from __future__ import annotations

from sightpact.access.errors import AccessError


class NotSigned(AccessError):
    """Something was missing, too long, or overtaken by somebody else. Nothing was written."""

    code = "not_signed"
