"""Offline keys: Ed25519 pairs and the DSSE envelopes that they sign.

Pure: keys and envelopes are arguments. Never: a private key in the database.
"""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import Error as LibraryError
from securesystemslib.signer import CryptoSigner, Key, SSlibKey  # type: ignore[attr-defined]

from sightpact.agreements import signed_bytes
from sightpact.agreements.errors import SignatureFault


@dataclass(frozen=True, slots=True)
class KeyPair:
    private_pem: bytes
    public_pem: str
    keyid: str  # sha256 hex of the 32 raw public bytes


def keygen(password: bytes | None = None) -> KeyPair:
    """A new Ed25519 key pair; the private half is encrypted when a password is given."""
    key = Ed25519PrivateKey.generate()
    hidden = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, hidden)
    public = _public_pem(key.public_key())
    return KeyPair(private, public, keyid(public))


def keyid(public_pem: str) -> str:
    """The name of a public key: sha256 hex of its raw bytes.

    Raises:
        SignatureFault: it is no Ed25519 public key.
    """
    return hashlib.sha256(_public(public_pem).public_bytes_raw()).hexdigest()


def public_of(private_pem: bytes, password: bytes | None = None) -> str:
    """The public half (PEM) of a private key.

    Raises:
        SignatureFault: it cannot be read.
    """
    return _public_pem(_private(private_pem, password).public_key())


def sign(
    content: bytes,
    private_pem: bytes,
    password: bytes | None = None,
    kind: str = signed_bytes.PAYLOAD_TYPE,
) -> dict[str, Any]:
    """A DSSE envelope over `content` as plain JSON values.

    Args:
        kind: the type of what is signed, one of those in `signed_bytes`.
    Raises:
        SignatureFault: the key cannot be used.
    """
    private = _private(private_pem, password)
    public = private.public_key()
    key = SSlibKey.from_crypto(public, keyid=keyid(_public_pem(public)))
    envelope = Envelope(content, kind, {})
    envelope.sign(CryptoSigner(private, key))
    result: dict[str, Any] = envelope.to_dict()
    return result


def verify(envelope: Mapping[str, Any], content: bytes, public_pems: Iterable[str], kind: str) -> str:
    """Check an envelope against what it must be over; returns the keyid that signed.

    Args:
        public_pems: Ed25519 keys, at least one.
    Raises:
        SignatureFault: malformed, over something else (says what differs), or not by one of these keys.
    """
    try:
        read = Envelope.from_dict(copy.deepcopy(dict(envelope)))
    except (KeyError, TypeError, ValueError, AttributeError, LibraryError) as fault:
        raise SignatureFault("This signature", f"is not a DSSE envelope ({fault}).", "Sign again.") from None
    signed_bytes.same_kind(read.payload_type, kind)
    signed_bytes.same_content(read.payload, content, kind)
    keys: list[Key] = [SSlibKey.from_crypto(_public(pem), keyid=keyid(pem)) for pem in public_pems]
    try:
        accepted = read.verify(keys, 1) if keys else {}
    except (ValueError, LibraryError):
        accepted = {}
    if not accepted:
        raise signed_bytes.not_by_a_key()
    return str(next(iter(accepted)))


def _private(pem: bytes, password: bytes | None) -> Ed25519PrivateKey:
    try:
        key = serialization.load_pem_private_key(pem, password)
    except (ValueError, TypeError, UnsupportedAlgorithm) as fault:
        raise SignatureFault(
            "This key", f"cannot be read ({fault}).", "Give a PEM private key, and its password."
        ) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise SignatureFault("This key", "is not an Ed25519 key.", "Make one: sightpact agreement keygen.")
    return key


def _public(pem: str) -> Ed25519PublicKey:
    try:
        key = serialization.load_pem_public_key(pem.encode())
    except (ValueError, UnsupportedAlgorithm) as fault:
        raise SignatureFault("This key", f"cannot be read ({fault}).", "Give a PEM public key.") from None
    if not isinstance(key, Ed25519PublicKey):
        raise SignatureFault("This key", "is not an Ed25519 key.", "Make one: sightpact agreement keygen.")
    return key


def _public_pem(key: Ed25519PublicKey) -> str:
    encoding, form = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_bytes(encoding, form).decode()
