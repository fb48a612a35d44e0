"""Signatures over an agreement: DSSE envelopes by Ed25519 keys that only the parties hold.

Pure: keys and envelopes are arguments. Each party is verified by itself with its own keys: a threshold counts keys, not parties.
Never: a private key in the database.
"""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import rfc8785
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import Error as LibraryError
from securesystemslib.signer import CryptoSigner, Key, SSlibKey  # type: ignore[attr-defined]

from sightpact.agreements.cedar import Made
from sightpact.agreements.document import SCHEMA_VERSION, Document
from sightpact.agreements.errors import SignatureFault

PAYLOAD_TYPE = "application/vnd.sightpact.agreement+json"
KEY_TYPE = "application/vnd.sightpact.signing-key+json"
_WHAT = {
    "schema_version": "the form",
    "agreement": "the agreement",
    "revision": "the revision",
    "canonical_hash": "the text as data",
    "text_hash": "the words",
    "cedar_hash": "the policy",
    "schema_hash": "the policy's schema",
    "party": "the party",
    "keyid": "the key",
}


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


def payload(document: Document, made: Made) -> bytes:
    """The bytes that a party signs (RFC 8785): which agreement, which revision, and the four hashes."""
    return rfc8785.dumps(
        {
            "schema_version": SCHEMA_VERSION,
            "agreement": document.slug,
            "revision": document.revision,
            **made.hashes,
        }
    )


def key_statement(party: str, public_pem: str) -> bytes:
    """The bytes with which a party vouches for a further key of its own (RFC 8785).

    Args:
        party: slug.
    """
    return rfc8785.dumps({"schema_version": SCHEMA_VERSION, "party": party, "keyid": keyid(public_pem)})


def sign(
    content: bytes, private_pem: bytes, password: bytes | None = None, kind: str = PAYLOAD_TYPE
) -> dict[str, Any]:
    """A DSSE envelope over `payload(...)`, or with KEY_TYPE over `key_statement(...)`, as plain JSON values.

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


def verify_vouched(
    envelope: Mapping[str, Any] | None, party: str, public_pem: str, public_pems: Iterable[str]
) -> str:
    """Check that a party itself vouches for a further key.

    Args:
        public_pems: the keys that it has already, without those withdrawn.
    Returns:
        the keyid that vouches.
    Raises:
        SignatureFault: it does not.
    """
    if envelope is None:
        raise SignatureFault(
            "This key",
            f"is a further key of '{party}', and no key that '{party}' has already vouches for it.",
            f"Have {party} run: sightpact agreement vouch NEW.pub --key OLD.pem --party {party}",
        )
    return verify_party(envelope, key_statement(party, public_pem), public_pems, KEY_TYPE)


def verify_party(
    envelope: Mapping[str, Any], content: bytes, public_pems: Iterable[str], kind: str = PAYLOAD_TYPE
) -> str:
    """Check one party's envelope against what it must have signed.

    Args:
        envelope: DSSE as JSON values.
        content: `payload(...)` of the revision in question.
        public_pems: the keys enrolled for this party, and no others.
    Returns:
        the keyid that signed.
    Raises:
        SignatureFault: malformed, over something else (says what differs), or not by one of these keys.
    """
    try:
        read = Envelope.from_dict(copy.deepcopy(dict(envelope)))
    except (KeyError, TypeError, ValueError, AttributeError, LibraryError) as fault:
        raise SignatureFault("This signature", f"is not a DSSE envelope ({fault}).", "Sign again.") from None
    if read.payload_type != kind:
        raise SignatureFault("This signature", f"is over {read.payload_type!r}.", f"Sign {kind!r}.")
    if read.payload != content:
        raise SignatureFault(
            "This signature",
            f"is over another text: {_difference(read.payload, content)}.",
            "Sign this revision." if kind == PAYLOAD_TYPE else "Vouch for this key.",
        )
    keys: list[Key] = [SSlibKey.from_crypto(_public(pem), keyid=keyid(pem)) for pem in public_pems]
    if not keys:
        raise SignatureFault(
            "This signature", "has no key to be checked with.", "Enrol the party's key first."
        )
    try:
        accepted = read.verify(keys, 1)
    except (ValueError, LibraryError):
        raise SignatureFault(
            "This signature",
            "was not made by a key of this party.",
            "Sign with the enrolled key, or enrol this one.",
        ) from None
    return next(iter(accepted))


def verify_all(
    parties: Iterable[str],
    envelopes: Mapping[str, Mapping[str, Any]],
    keys: Mapping[str, Iterable[str]],
    content: bytes,
) -> dict[str, str]:
    """Every party signed, each with a key of its own.

    Args:
        parties: slugs of all parties.
        envelopes: one envelope a party.
        keys: public PEMs a party.
        content: `payload(...)`.
    Returns:
        keyid by party.
    Raises:
        SignatureFault: names the party.
    """
    keys = {party: tuple(pems) for party, pems in keys.items()}
    used: dict[str, str] = {}
    for party in parties:
        if party not in envelopes:
            raise SignatureFault(f"Party '{party}'", "has not signed.", "Have it sign this revision.")
        try:
            signer = verify_party(envelopes[party], content, keys.get(party, ()))
        except SignatureFault as fault:
            raise SignatureFault(f"Party '{party}': {fault.what}", fault.why, fault.next_step) from None
        for other, pems in keys.items():
            if other != party and signer in {keyid(pem) for pem in pems}:
                raise SignatureFault(
                    f"Party '{party}'",
                    f"signed with a key that '{other}' holds as well.",
                    "Each party needs its own key.",
                )
        used[party] = signer
    return used


def _difference(signed: bytes, wanted: bytes) -> str:
    try:
        one, two = json.loads(signed), json.loads(wanted)
        names = [_WHAT[key] for key in _WHAT if one.get(key) != two.get(key)]
    except (ValueError, AttributeError):
        return "what was signed cannot be read"
    return (", ".join(names) + " differ" + ("s" if len(names) == 1 else "")) if names else "its form differs"


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
