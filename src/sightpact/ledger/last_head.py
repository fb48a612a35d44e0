"""The last head that was signed here, kept beside the key: a database that was put back is noticed before it is signed again.

Never: a reason to fail an append that has committed. The file may be behind the database (a crash in between), never ahead of it.
"""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from pathlib import Path

NAME = "log.head"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LastHead:
    size: int
    root: bytes
    origin: str


def keep(keys: Path, head: LastHead) -> None:
    """Write the head over the one before, in place, so that a full disk does not hinder it. A failure is logged only.

    Args:
        keys: the folder of the keys.
    """
    line = f"{head.size:020d} {head.root.hex()} {head.origin}\n".encode()
    try:
        handle = os.open(keys / NAME, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.pwrite(handle, line, 0)
        finally:
            os.close(handle)
    except OSError as fault:
        _log.warning("the last head could not be kept beside the key: %s", fault)


def read(keys: Path) -> LastHead | None:
    """The last head; None when none was kept or the file cannot be read as one."""
    try:
        size, root, origin = (keys / NAME).read_text().splitlines()[0].split(" ")
        return LastHead(int(size), bytes.fromhex(root), origin)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, IndexError) as fault:
        _log.warning("%s cannot be read: %s", keys / NAME, fault)
        return None
