"""The scans of signed papers: kept under the data folder by their hash, handed out as files, never shown.

Never: a type that the content does not show, or a file whose bytes are not those that its name says.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from sightpact.agreements.errors import SignatureFault

MOST = 15 * 1024 * 1024  # bytes
_BEGINS = ((b"%PDF-", "pdf"), (b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpg"))


def kind_of(content: bytes) -> str:
    """ "pdf", "png" or "jpg", by the content.

    Raises:
        SignatureFault: too large, empty, or none of these.
    """
    if len(content) > MOST:
        raise too_large()
    for begin, kind in _BEGINS:
        if content.startswith(begin):
            return kind
    raise SignatureFault("The scan", "is no PDF, PNG or JPEG.", "Save it as one of these and try again.")


def too_large() -> SignatureFault:
    return SignatureFault(
        "The scan", f"is larger than {MOST // 1024 // 1024} MB.", "Scan it in grey at 200 dpi."
    )


def keep(content: bytes) -> str:
    """Store a scan for good, durably; returns its sha256 in hex. The same bytes again are stored once.

    Raises:
        SignatureFault: as `kind_of`, or it cannot be written.
    """
    kind_of(content)
    name = hashlib.sha256(content).hexdigest()
    try:
        _folder().mkdir(mode=0o700, exist_ok=True)
        if not is_whole(name):
            new = _folder() / f".{name}.{secrets.token_hex(4)}"
            handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as out:
                out.write(content)
                out.flush()
                os.fsync(out.fileno())
            new.replace(_folder() / name)
            folder = os.open(_folder(), os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
    except OSError as fault:
        raise SignatureFault(
            "The scan", f"cannot be stored ({fault.strerror}).", "Make room on the server and try again."
        ) from None
    return name


def read(name: str) -> bytes:
    """The bytes of a scan.

    Args:
        name: sha256 hex.
    Raises:
        SignatureFault: it is not here, or was changed.
    """
    with suppress(OSError):
        content = (_folder() / name).read_bytes()
        if hashlib.sha256(content).hexdigest() == name:
            return content
    raise SignatureFault(
        "The scan of the signed paper",
        "is missing or was changed.",
        "Put it back: sightpact agreement put-scan FILE.",
    )


def is_whole(name: str) -> bool:
    """Whether a scan is here byte for byte. Read anew only when the file was touched."""
    with suppress(OSError):
        path = _folder() / name
        told = path.stat()
        return _hash(path, told.st_ino, told.st_size, told.st_mtime_ns, told.st_ctime_ns) == name
    return False


def whole(names: Iterable[str]) -> frozenset[str]:
    """Those of these scans that are here byte for byte."""
    return frozenset(name for name in names if name and is_whole(name))


@lru_cache(maxsize=512)
def _hash(path: Path, _inode: int, _size: int, _modified: int, _changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _folder() -> Path:
    return Path(settings.SIGHTPACT.data) / "scans"
