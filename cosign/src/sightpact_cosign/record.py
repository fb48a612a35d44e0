"""What a record is made of: hashes (RFC 6962), signed heads (C2SP tlog-checkpoint), countersignatures (cosignature/v1). Pure.

Written anew instead of shared with the gateway: a fault there is not repeated here.
"""

from __future__ import annotations

import base64
import hashlib
import struct
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

LOG, COSIGNATURE = 0x01, 0x04  # kinds of keys in notes
DASH = "\u2014 "


class Wrong(Exception):
    """The record does not continue what this copy holds, or is not what its key signed."""


@dataclass
class Tree:
    """The roots of the complete subtrees, largest first: all that is needed to go on and to tell the root."""

    size: int = 0
    peaks: list[bytes] = field(default_factory=list)

    def add(self, entry: bytes) -> None:
        carried, size = hashlib.sha256(b"\0" + entry).digest(), self.size
        while size & 1:
            carried = hashlib.sha256(b"\1" + self.peaks.pop() + carried).digest()
            size >>= 1
        self.peaks.append(carried)
        self.size += 1

    def root(self) -> bytes:
        if not self.peaks:
            return hashlib.sha256(b"").digest()
        root = self.peaks[-1]
        for left in reversed(self.peaks[:-1]):
            root = hashlib.sha256(b"\1" + left + root).digest()
        return root


@dataclass(frozen=True)
class Head:
    origin: str
    size: int
    root: bytes
    text: str  # what was signed
    note: str  # with its signatures


def read_head(note: str, vkey: str) -> Head:
    """A head, after its signature by the log's key was checked.

    Args:
        vkey: `name+id+base64(kind, key)`, as the owner published it.
    Raises:
        Wrong: it is malformed, of another log, or not signed by that key.
    """
    name, key_id, public = _key(vkey, LOG)
    text, _, tail = note.rpartition("\n\n")
    text += "\n"
    for line in tail.splitlines():
        signer, _, blob = line.removeprefix(DASH).partition(" ")
        if signer == name and (raw := _b64(blob))[:4] == key_id:
            try:
                public.verify(raw[4:], text.encode())
            except InvalidSignature as fault:
                raise Wrong("the head's signature does not hold") from fault
            break
    else:
        raise Wrong(f"the head is not signed by {name}")
    lines = text.split("\n")
    if (
        len(lines) != 4
        or not lines[1].isascii()
        or not lines[1].isdigit()
        or len(root := _b64(lines[2])) != 32
    ):
        raise Wrong("the head is malformed")
    if lines[0] != name:
        raise Wrong(f"the head is of another record: {lines[0]}")
    return Head(lines[0], int(lines[1]), root, text, note)


def entries_of(bundle: bytes) -> list[bytes]:
    """The entries of a bundle (16-bit length before each).

    Raises:
        Wrong: it is cut off.
    """
    found, at = [], 0
    while at < len(bundle):
        if at + 2 > len(bundle) or at + 2 + (length := struct.unpack_from(">H", bundle, at)[0]) > len(bundle):
            raise Wrong("a bundle of entries is cut off")
        found.append(bundle[at + 2 : at + 2 + length])
        at += 2 + length
    return found


def framed(entry: bytes) -> bytes:
    return struct.pack(">H", len(entry)) + entry


def countersign(head: Head, name: str, key: Ed25519PrivateKey, now: int) -> str:
    """The head with this copy's signature line: cosignature/v1, at `now` (Unix seconds)."""
    message = f"cosignature/v1\ntime {now}\n{head.text}".encode()
    blob = _key_id(name, COSIGNATURE, key.public_key()) + struct.pack(">Q", now) + key.sign(message)
    return f"{head.note}{DASH}{name} {base64.b64encode(blob).decode()}\n"


def vkey_of(name: str, key: Ed25519PrivateKey) -> str:
    """The public half, to be enrolled at the owner's."""
    public = key.public_key()
    raw = bytes([COSIGNATURE]) + public.public_bytes_raw()
    return f"{name}+{_key_id(name, COSIGNATURE, public).hex()}+{base64.b64encode(raw).decode()}"


def _key(vkey: str, kind: int) -> tuple[str, bytes, Ed25519PublicKey]:
    parts = vkey.strip().split("+", 2)
    raw = _b64(parts[2]) if len(parts) == 3 else b""
    if len(raw) != 33 or raw[0] != kind:
        raise Wrong("the log's public key is not one: name+id+key is expected")
    public = Ed25519PublicKey.from_public_bytes(raw[1:])
    key_id = _key_id(parts[0], kind, public)
    if key_id.hex() != parts[1]:
        raise Wrong("the log's public key and its id do not belong together")
    return parts[0], key_id, public


def _key_id(name: str, kind: int, public: Ed25519PublicKey) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public.public_bytes_raw()).digest()[:4]


def _b64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        return b""
