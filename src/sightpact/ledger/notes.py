"""C2SP signed notes and checkpoints with Ed25519 keys.

Pure. Sources: c2sp.org/signed-note, c2sp.org/tlog-checkpoint. Unknown signatures are ignored, a known key whose
signature fails rejects the whole note. Never: a key used for anything but notes.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from sightpact.ledger.errors import BadNote

ED25519 = 0x01
MAX_NOTE = 64 * 1024  # bytes
MAX_SIGNATURES = 32
_DASH = "\u2014 "
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")


@dataclass(frozen=True, slots=True)
class Verifier:
    name: str
    key_id: bytes  # 4 bytes
    public: Ed25519PublicKey


@dataclass(frozen=True, slots=True)
class Signer:
    name: str
    key_id: bytes
    private: Ed25519PrivateKey
    vkey: str  # the public half, to be given to everybody


@dataclass(frozen=True, slots=True)
class CheckpointBody:
    origin: str
    size: int
    root: bytes


def signer(name: str, seed: bytes) -> Signer:
    """A signer from a 32-byte Ed25519 seed.

    Raises:
        BadNote: the name is empty or holds a space or a plus sign.
    """
    _check_name(name)
    private = Ed25519PrivateKey.from_private_bytes(seed)
    public = private.public_key().public_bytes_raw()
    key_id = _key_id(name, public)
    encoded = base64.b64encode(bytes([ED25519]) + public).decode()
    return Signer(name, key_id, private, f"{name}+{key_id.hex()}+{encoded}")


def encode_signer(key: Signer) -> str:
    """The signer as text (`PRIVATE+KEY+name+id+base64`), as Go's note package writes it."""
    secret = base64.b64encode(bytes([ED25519]) + key.private.private_bytes_raw()).decode()
    return f"PRIVATE+KEY+{key.name}+{key.key_id.hex()}+{secret}"


def parse_signer(text: str) -> Signer:
    """Read what `encode_signer` wrote.

    Raises:
        BadNote: malformed, or the key id does not belong to the key.
    """
    parts = text.strip().split("+", 4)
    if len(parts) != 5 or parts[:2] != ["PRIVATE", "KEY"]:
        raise BadNote(
            "signing key", "it does not begin with PRIVATE+KEY+", "Restore the key file from its backup"
        )
    secret = _decode64(parts[4], "signing key")
    if len(secret) != 33 or secret[0] != ED25519:
        raise BadNote("signing key", "it is not an Ed25519 key", "Restore the key file from its backup")
    key = signer(parts[2], secret[1:])
    if key.key_id.hex() != parts[3]:
        raise BadNote("signing key", "its id does not belong to it", "Restore the key file from its backup")
    return key


def parse_vkey(text: str) -> Verifier:
    """Read a verifier key `name+hexid+base64(type, public key)`.

    Raises:
        BadNote: malformed, of another kind, or with an id that does not belong to the key.
    """
    parts = text.strip().split("+", 2)
    if len(parts) != 3:
        raise BadNote("verifier key", "it is not name+id+key", "Ask the owner for it again")
    _check_name(parts[0])
    key = _decode64(parts[2], "verifier key")
    if len(key) != 33 or key[0] != ED25519:
        raise BadNote("verifier key", "it is not an Ed25519 key", "Use a newer verifier")
    key_id = _key_id(parts[0], key[1:])
    if key_id.hex() != parts[1]:
        raise BadNote("verifier key", "its id does not belong to it", "Ask the owner for it again")
    return Verifier(parts[0], key_id, Ed25519PublicKey.from_public_bytes(key[1:]))


def sign(text: str, keys: Sequence[Signer]) -> str:
    """The note: text, blank line, one signature line for each key.

    Raises:
        BadNote: the text does not end with a newline or holds control characters.
    """
    _check_text(text)
    lines = [
        f"{_DASH}{key.name} {base64.b64encode(key.key_id + key.private.sign(text.encode())).decode()}\n"
        for key in keys
    ]
    return f"{text}\n{''.join(lines)}"


def open_note(note: str, verifiers: Sequence[Verifier]) -> tuple[str, list[str]]:
    """Check a note.

    Returns:
        its text, and the names whose signature holds (at least one).
    Raises:
        BadNote: malformed, a known key's signature fails, or none of the known keys signed.
    """
    if len(note.encode()) > MAX_NOTE:
        raise BadNote("note", "it is too large", "It is no checkpoint")
    cut = note.rfind("\n\n")
    if cut < 0 or not note.endswith("\n"):
        raise BadNote("note", "it has no signatures", "It was cut off")
    text, tail = note[: cut + 1], note[cut + 2 :]
    _check_text(text)
    lines = tail.split("\n")[:-1]
    if not lines or len(lines) > MAX_SIGNATURES:
        raise BadNote("note", f"{len(lines)} signatures", f"Between 1 and {MAX_SIGNATURES} are accepted")
    known = {(v.name, v.key_id): v for v in verifiers}
    signed: list[str] = []
    for line in lines:
        name, space, encoded = line.removeprefix(_DASH).partition(" ")
        if not line.startswith(_DASH) or not space:
            raise BadNote("note", "a signature line is malformed", "It was damaged")
        _check_name(name)
        blob = _decode64(encoded, "signature")
        if len(blob) < 5:
            raise BadNote("note", "a signature is too short", "It was damaged")
        verifier = known.get((name, blob[:4]))
        if verifier is None:
            continue
        try:
            verifier.public.verify(blob[4:], text.encode())
        except InvalidSignature as fault:
            raise BadNote(
                f"signature of {name}", "it does not hold", "The text was changed after signing"
            ) from fault
        if name not in signed:
            signed.append(name)
    if not signed:
        raise BadNote("note", "none of the known keys signed it", "Check that the key is the log's own")
    return text, signed


def checkpoint_text(origin: str, size: int, root: bytes) -> str:
    return f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"


def parse_checkpoint(text: str) -> CheckpointBody:
    """Read a checkpoint's text. Extension lines are refused: nothing that we write has them.

    Raises:
        BadNote: malformed.
    """
    lines = text.split("\n")
    if len(lines) != 4 or lines[3] or not lines[0]:
        raise BadNote("checkpoint", "it is not three lines", "It was damaged")
    if not (lines[1].isascii() and lines[1].isdigit()) or (lines[1] != "0" and lines[1][0] == "0"):
        raise BadNote("checkpoint", f"size {lines[1]!r} is not a number", "It was damaged")
    root = _decode64(lines[2], "checkpoint root")
    if len(root) != 32:
        raise BadNote("checkpoint", "its root is not 32 bytes", "It was damaged")
    return CheckpointBody(lines[0], int(lines[1]), root)


def _key_id(name: str, public: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + bytes([ED25519]) + public).digest()[:4]


def _check_name(name: str) -> None:
    if not name or "+" in name or any(c.isspace() for c in name):
        raise BadNote(
            f"key name {name!r}", "it is empty or holds a space or a plus sign", "Choose a plain name"
        )


def _check_text(text: str) -> None:
    if not text.endswith("\n") or _CONTROL.search(text):
        raise BadNote(
            "note text", "it must end with a newline and hold no control characters", "It was damaged"
        )


def _decode64(text: str, what: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as fault:
        raise BadNote(what, "it is not base64", "It was damaged") from fault
