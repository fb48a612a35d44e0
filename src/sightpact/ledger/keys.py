"""The log's signing key: one file, readable by its owner alone, loaded once.

Never: a new key made for a log that already exists, or a second log begun with a key. A lost key is restored from backup,
or another record is begun, which somebody has to ask for by name.
"""

from __future__ import annotations

import os
import secrets
from functools import lru_cache
from pathlib import Path

from sightpact.ledger import last_head
from sightpact.ledger.errors import KeyTrouble
from sightpact.ledger.notes import Signer, encode_signer, parse_signer, signer


def create(path: Path, name: str) -> Signer:
    """Make the key file (mode 0600); keep the one that is there.

    Args:
        path: where the key stands.
        name: the key's name, which is the log's origin.
    """
    key = signer(name, secrets.token_bytes(32))
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w") as out:
            out.write(encode_signer(key) + "\n")
            out.flush()
            os.fsync(out.fileno())
        # link, not rename: of two processes that begin at once, the second keeps the first one's key.
        os.link(draft, path)
    except FileExistsError:
        return load(path)
    finally:
        draft.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return key


def put_aside(folder: Path) -> tuple[str, ...]:
    """Keep key and last head of a record that ends here under other names; returns those names."""
    found = [folder / name for name in ("log.key", last_head.NAME) if (folder / name).exists()]
    number = 1
    while any(path.with_name(f"{path.name}.{number}").exists() for path in found):
        number += 1
    for path in found:
        path.rename(path.with_name(f"{path.name}.{number}"))
    load.cache_clear()
    return tuple(f"{path.name}.{number}" for path in found)


@lru_cache(maxsize=8)
def load(path: Path) -> Signer:
    """Read the key file.

    Raises:
        KeyTrouble: missing, or readable by others.
        BadNote: malformed.
    """
    try:
        mode = path.stat().st_mode
        text = path.read_text()
    except OSError as fault:
        raise KeyTrouble(
            "the ledger's signing key",
            f"{path} cannot be read ({fault.strerror})",
            "Restore it from its backup",
        ) from fault
    if mode & 0o077:
        raise KeyTrouble(
            "the ledger's signing key", f"{path} can be read by others", f"Run: chmod 600 {path}"
        )
    return parse_signer(text)
