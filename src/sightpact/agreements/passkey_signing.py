"""Signatures by passkey: a WebAuthn assertion whose challenge is the hash of exactly what is signed.

Pure, and checked without a server: address and RP ID stand in the record of the enrolled key, the rest in the envelope.
Never: an assertion that was made for signing in taken for a signature; its challenge is random and matches no text.
"""

from __future__ import annotations

import binascii
import hashlib
import json
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import rfc8785
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from fido2 import cbor
from fido2.cose import ES256, RS256, CoseKey
from fido2.webauthn import AttestedCredentialData, AuthenticatorData

from sightpact.agreements import signed_bytes
from sightpact.agreements.errors import SignatureFault

TYPE = "webauthn"
KEY_FORM = "webauthn-key"
DOMAIN = b"sightpact/passkey-signature/v1\n"
MAX_ANSWER = 20_000  # characters of a browser's answer; one is about 1,000
_FAULTS = (
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    OverflowError,
    RecursionError,
    binascii.Error,
    struct.error,
    UnsupportedAlgorithm,
    NotImplementedError,
)
_PARTS: dict[int, dict[int, int | None]] = {
    ES256.ALGORITHM: {1: 2, -1: 1, -2: 32, -3: 32},
    RS256.ALGORITHM: {1: 3, -1: None, -2: None},
}
"""Per algorithm, the members of a COSE key: a fixed value, or a length in bytes, or (None) a number without leading zero."""


@dataclass(frozen=True, slots=True)
class Passkey:
    """The public record of an enrolled passkey."""

    credential_id: bytes
    public_key: bytes  # COSE, in the one canonical form
    rp_id: str
    origin: str  # https://host of the deployment
    sign_count: int  # when it was enrolled; devices that keep none say 0

    @property
    def keyid(self) -> str:
        """sha256 hex of the COSE key."""
        return hashlib.sha256(self.public_key).hexdigest()

    @property
    def text(self) -> str:
        """As it is stored and handed out: RFC 8785 JSON."""
        return rfc8785.dumps(
            {
                "type": KEY_FORM,
                "credential_id": b64(self.credential_id),
                "public_key": b64(self.public_key),
                "rp_id": self.rp_id,
                "origin": self.origin,
                "sign_count": self.sign_count,
            }
        ).decode()


def is_passkey(public: str) -> bool:
    """Whether a public key's text is the record of a passkey, and not a PEM."""
    return public.lstrip()[:1] == "{"


def read_key(public: str) -> Passkey:
    """The passkey of a record.

    Raises:
        SignatureFault: it is none, or of an algorithm that is not used here.
    """
    try:
        raw = json.loads(public)
        if set(raw) != {"type", "credential_id", "public_key", "rp_id", "origin", "sign_count"}:
            raise ValueError("other members")
        key = Passkey(
            from_b64(raw["credential_id"]),
            from_b64(raw["public_key"]),
            str(raw["rp_id"]),
            str(raw["origin"]),
            int(raw["sign_count"]),
        )
        if raw["type"] != KEY_FORM or key.text != public.strip():
            raise ValueError("not in its one form")
        _check_cose(key.public_key)
        page = urlsplit(key.origin)
        if key.origin != f"{page.scheme}://{page.netloc}" or not page.hostname:
            raise ValueError("no origin")
    except _FAULTS as fault:
        raise SignatureFault(
            "This key", f"is no record of a passkey ({fault}).", "Download it again from the page of keys."
        ) from None
    return key


def of_credential(data: AttestedCredentialData, rp_id: str, origin: str, sign_count: int) -> Passkey:
    """The record of a credential that a browser registered.

    Raises:
        SignatureFault: its algorithm is not used here.
    """
    key = Passkey(
        bytes(data.credential_id), cbor.encode(dict(data.public_key)), rp_id, origin, int(sign_count)
    )
    return read_key(key.text)


def challenge(content: bytes, kind: str) -> bytes:
    """What the device is asked to sign: a hash of the exact bytes, with their type and this use in front."""
    return hashlib.sha256(DOMAIN + kind.encode() + b"\n" + content).digest()


def options(content: bytes, kind: str, keys: Iterable[Passkey]) -> dict[str, Any]:
    """What the browser is asked, as plain JSON values: one of these passkeys, with a check of who holds it."""
    listed = list(keys)
    return {
        "publicKey": {
            "challenge": b64(challenge(content, kind)),
            "rpId": listed[0].rp_id,
            "allowCredentials": [{"type": "public-key", "id": b64(key.credential_id)} for key in listed],
            "userVerification": "required",
            "timeout": 300_000,  # ms
        }
    }


def envelope(answer: str, content: bytes, kind: str) -> dict[str, Any]:
    """The browser's answer as a signature over `content`; not verified yet.

    Args:
        answer: JSON of its PublicKeyCredential.
    Raises:
        SignatureFault: it cannot be read.
    """
    try:
        if len(answer) > MAX_ANSWER:
            raise ValueError("too long")
        raw = json.loads(answer)
        said = raw["response"]
        made = {
            "type": TYPE,
            "payloadType": kind,
            "payload": b64(content),
            "credential_id": b64(from_b64(raw["rawId"])),
            "authenticator_data": b64(from_b64(said["authenticatorData"])),
            "client_data_json": b64(from_b64(said["clientDataJSON"])),
            "signature": b64(from_b64(said["signature"])),
        }
    except _FAULTS as fault:
        raise SignatureFault(
            "The answer of your device", f"cannot be read ({fault}).", "Try again."
        ) from None
    return made


def verify(envelope: Mapping[str, Any], content: bytes, publics: Iterable[str], kind: str) -> str:
    """Check a passkey's signature; returns its keyid.

    1. It is over exactly these bytes, as this type. 2. One of these keys is named. 3. What the browser said: this use,
    this text's hash, this deployment's address, in no frame. 4. What the device said: this RP ID, somebody was there,
    and was recognised. 5. The signature holds.

    Args:
        publics: records of passkeys.
    Raises:
        SignatureFault: says which of these does not hold.
    """
    try:
        made = {name: from_b64(envelope[name]) for name in _MEMBERS}
        client = json.loads(made["client_data_json"])
        asked, origin, framed = client["type"], client["origin"], client.get("crossOrigin", False)
        wanted = str(client["challenge"])
        device = AuthenticatorData(made["authenticator_data"])
    except _FAULTS as fault:
        raise _fault(f"cannot be read ({fault}).") from None
    signed_bytes.same_kind(envelope.get("payloadType"), kind)
    signed_bytes.same_content(made["payload"], content, kind)
    key = next((k for k in map(read_key, publics) if k.credential_id == made["credential_id"]), None)
    if key is None:
        raise signed_bytes.not_by_a_key()
    if asked != "webauthn.get":
        raise _fault(f"was made for another use of the passkey ({asked}).")
    if wanted != b64(challenge(content, kind)):
        raise _fault("was made over another text than the one beside it.")
    if origin != key.origin or framed is not False or "topOrigin" in client:
        raise _fault(f"was made on another page ({origin}), not on {key.origin}.")
    if device.rp_id_hash != hashlib.sha256(key.rp_id.encode()).digest():
        raise _fault(f"was made for another name than {key.rp_id}.")
    if not device.is_user_present() or not device.is_user_verified():
        raise _fault("was made without checking who holds the device (fingerprint, face or PIN).")
    try:
        cose = CoseKey.parse(_cose(key.public_key))
        cose.verify(
            made["authenticator_data"] + hashlib.sha256(made["client_data_json"]).digest(), made["signature"]
        )
    except (InvalidSignature, *_FAULTS):
        raise _fault("does not hold: a byte of it was changed.") from None
    return key.keyid


def sign_count(envelope: Mapping[str, Any]) -> int:
    """The counter of the device in a signature that was verified; 0 for devices that keep none."""
    return int(AuthenticatorData(from_b64(envelope["authenticator_data"])).counter)


_MEMBERS = ("payload", "credential_id", "authenticator_data", "client_data_json", "signature")


def b64(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def from_b64(text: object) -> bytes:
    """Strict base64url without padding: one text for one value."""
    if not isinstance(text, str):
        raise ValueError("not base64url")
    data = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if b64(data) != text:
        raise ValueError("not base64url")
    return data


def _cose(data: bytes) -> dict[int, Any]:
    found = cbor.decode(data)
    if not isinstance(found, dict):
        raise ValueError("no COSE key")
    return found


def _check_cose(data: bytes) -> None:
    """One key has one form, so that it cannot be enrolled twice under two names."""
    cose = _cose(data)
    parts = _PARTS.get(cose.get(3, 0))
    if parts is None:
        raise ValueError("its algorithm is neither ES256 nor RS256")
    if set(cose) != {3, *parts} or cbor.encode(cose) != data:
        raise ValueError("not in canonical form")
    for name, expected in parts.items():
        value = cose[name]
        if name in (1, -1) and isinstance(expected, int):
            fits = value == expected
        elif isinstance(expected, int):
            fits = isinstance(value, bytes) and len(value) == expected
        else:
            fits = isinstance(value, bytes) and value[:1] not in (b"", b"\0")
        if not fits:
            raise ValueError("a member has another form")


def _fault(why: str) -> SignatureFault:
    return SignatureFault("This signature", why, "Sign again on the page of this agreement.")
