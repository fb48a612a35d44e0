"""User names and passwords of cameras, sealed with age for two: this server, and the owner's offline
recovery key.

Never: a credential in a log line, an error text, the ledger or an API answer.
"""

from __future__ import annotations

import json
import os
import secrets
from functools import lru_cache
from pathlib import Path

from pyrage import pyrage as age  # the compiled half; its outer package hides the names from type checkers

from sightpact.cameras.errors import CredentialsFault

SERVER_KEY = "server.age"  # age identity, mode 0600
RECOVERY = "recovery.age.pub"  # recipient whose identity the owner keeps offline


def make_server_key(keys: Path) -> str:
    """Make the server's identity if there is none; returns its public recipient.

    Args:
        keys: the data folder's folder of keys.
    """
    path = keys / SERVER_KEY
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w") as out:
            out.write(f"{age.x25519.Identity.generate()}\n")
            out.flush()
            os.fsync(out.fileno())
        os.link(draft, path)  # of two at once, the second keeps the first one's key
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return str(_identity(keys).to_public())


def set_recovery(keys: Path, recipient: str) -> None:
    """Name the owner's offline recovery key. Credentials sealed from here on can be opened with it too.

    Raises:
        CredentialsFault: not an age recipient, or another one is set (set it anew by removing the file).
    """
    wanted = recipient.strip()
    try:
        age.x25519.Recipient.from_str(wanted)
    except age.RecipientError as fault:
        raise CredentialsFault(
            "the recovery key",
            "it is not an age recipient",
            "It looks like age1...; make one with age-keygen",
        ) from fault
    path = keys / RECOVERY
    if path.exists() and path.read_text().strip() != wanted:
        why = "another one is set, and what is sealed already is for that one"
        raise CredentialsFault(
            "the recovery key", why, f"To change it, remove {path} and import the cameras again"
        )
    path.write_text(wanted + "\n")
    path.chmod(0o600)


def seal(keys: Path, username: str, password: str) -> bytes:
    """Encrypt for the server and, where one is set, the recovery key.

    Raises:
        CredentialsFault: the server's key is missing or readable by others.
    """
    recipients = [_identity(keys).to_public()]
    recovery = keys / RECOVERY
    if recovery.exists():
        recipients.append(age.x25519.Recipient.from_str(recovery.read_text().strip()))
    body = json.dumps({"username": username, "password": password}, ensure_ascii=False).encode()
    return bytes(age.encrypt(body, recipients))


@lru_cache(maxsize=4096)
def open_sealed(keys: Path, sealed: bytes) -> tuple[str, str]:
    """User name and password. Kept in memory, since the gate needs all of them each time the world moves and
    opening one takes 0.2 ms.

    Raises:
        CredentialsFault: the key is missing or another one, or the bytes are damaged.
    """
    try:
        found = json.loads(age.decrypt(sealed, [_identity(keys)]))
        return str(found["username"]), str(found["password"])
    except (age.DecryptError, ValueError, KeyError, TypeError) as fault:
        raise CredentialsFault(
            "the camera's password",
            "it cannot be opened with this server's key",
            f"Restore {keys / SERVER_KEY} from its backup, or import the camera again with its password",
        ) from fault


def seal_bytes(keys: Path, body: bytes) -> bytes:
    """Encrypt anything that may hold a password, for this server alone (an import file that waits).

    Raises:
        CredentialsFault: the server's key is missing or readable by others.
    """
    return bytes(age.encrypt(body, [_identity(keys).to_public()]))


def open_bytes(keys: Path, sealed: bytes) -> bytes:
    """What `seal_bytes` encrypted.

    Raises:
        CredentialsFault: the key is missing or another one, or the bytes are damaged.
    """
    try:
        return bytes(age.decrypt(sealed, [_identity(keys)]))
    except age.DecryptError as fault:
        raise CredentialsFault(
            "what waits here", "it cannot be opened with this server's key", "Import the file again"
        ) from fault


def _identity(keys: Path) -> age.x25519.Identity:
    path = keys / SERVER_KEY
    try:
        mode, text = path.stat().st_mode, path.read_text()
    except OSError as fault:
        raise CredentialsFault("the server's key", f"{path} cannot be read", "Run: sightpact init") from fault
    if mode & 0o077:
        raise CredentialsFault("the server's key", f"{path} can be read by others", f"Run: chmod 600 {path}")
    try:
        return age.x25519.Identity.from_str(text.strip())
    except age.IdentityError as fault:
        raise CredentialsFault(
            "the server's key", f"{path} is damaged", "Restore it from its backup"
        ) from fault
