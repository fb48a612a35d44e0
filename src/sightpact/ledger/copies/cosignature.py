"""C2SP cosignature/v1: the key and the signature of a copy of the record. Pure.

Source: c2sp.org/tlog-cosignature. The signed message names a time and the head, not the copy: one key for one copy.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import struct
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from sightpact.ledger.errors import BadNote
from sightpact.ledger.notes import MAX_NOTE, MAX_SIGNATURES

KIND = 0x04
_DASH = "\u2014 "


@dataclass(frozen=True, slots=True)
class CopyKey:
    name: str
    key_id: bytes  # 4 bytes
    public: Ed25519PublicKey


def parse(vkey: str) -> CopyKey:
    """Read `name+hexid+base64(0x04, public key)`.

    Raises:
        BadNote: malformed, of another kind, or with an id that does not belong to the key.
    """
    name, _, rest = vkey.strip().partition("+")
    given, _, encoded = rest.partition("+")
    try:
        raw = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if not name or any(c.isspace() for c in name) or len(raw) != 33 or raw[0] != KIND:
        raise BadNote(
            "the copy's key",
            "it is not name+id+key of a copy",
            "Take the line that `sightpact-cosign init` printed",
        )
    key_id = hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4]
    if key_id.hex() != given:
        raise BadNote("the copy's key", "its id does not belong to it", "Take the whole line again")
    return CopyKey(name, key_id, Ed25519PublicKey.from_public_bytes(raw[1:]))


def countersigned(note: str, key: CopyKey) -> datetime:
    """When this copy countersigned the head.

    Raises:
        BadNote: it did not, or the signature fails.
    """
    text, _, tail = note.rpartition("\n\n")
    lines = tail.splitlines()
    if len(note) > MAX_NOTE or len(lines) > MAX_SIGNATURES:
        raise BadNote("the countersigned head", "it is too large", "It is none of ours")
    for line in lines:
        name, _, encoded = line.removeprefix(_DASH).partition(" ")
        try:
            blob = base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError):
            continue
        if name != key.name or blob[:4] != key.key_id or len(blob) != 76:
            continue
        (time,) = struct.unpack(">Q", blob[4:12])
        message = f"cosignature/v1\ntime {time}\n{text}\n".encode()
        try:
            key.public.verify(blob[12:], message)
            return datetime.fromtimestamp(time, UTC)
        except (InvalidSignature, ValueError, OverflowError, OSError) as fault:
            raise BadNote(
                f"countersignature of {name}", "it does not hold", "The head was changed after signing"
            ) from fault
    raise BadNote("the countersigned head", f"{key.name} did not sign it", "Send the note with its signature")
