"""A passkey in software that signs agreements: a real ES256 or RS256 device, for tests without a browser."""

from __future__ import annotations

import json
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from fido2 import cbor
from fido2.cose import ES256, RS256
from fido2.webauthn import AttestedCredentialData

from sightpact.agreements import passkey_signing, signing
from tests.people.authenticator import Device, b64

ORIGIN, RP_ID = "http://localhost:8000", "localhost"


class Signer(Device):
    """A device with the record of its key."""

    def __init__(self, origin: str = ORIGIN, rp_id: str = RP_ID) -> None:
        super().__init__(origin, rp_id)
        self.extra: dict[str, Any] = {}
        self.kind = "webauthn.get"

    @property
    def public(self) -> str:
        cose = ES256.from_cryptography_key(self.key.public_key())
        data = AttestedCredentialData.create(bytes(16), self.id, cose)
        return passkey_signing.of_credential(data, RP_ID, ORIGIN, 0).text

    @property
    def keyid(self) -> str:
        return signing.keyid(self.public)

    def _client(self, kind: str, challenge: str) -> bytes:
        said = {"type": self.kind, "challenge": challenge, "origin": self.origin, **self.extra}
        return json.dumps(said).encode()

    def signs(self, content: bytes, kind: str = signing.PAYLOAD_TYPE) -> dict[str, Any]:
        """What the browser would bring after the options for this content."""
        asked = passkey_signing.options(content, kind, [passkey_signing.read_key(self.public)])
        return passkey_signing.envelope(self.answer(asked), content, kind)


class RsaSigner(Signer):
    """As Windows Hello without a newer chip: RS256."""

    def __init__(self) -> None:
        super().__init__()
        self.rsa = rsa.generate_private_key(65537, 2048)

    @property
    def public(self) -> str:
        cose = RS256.from_cryptography_key(self.rsa.public_key())
        data = AttestedCredentialData.create(bytes(16), self.id, cose)
        return passkey_signing.of_credential(data, RP_ID, ORIGIN, 0).text

    def signs(self, content: bytes, kind: str = signing.PAYLOAD_TYPE) -> dict[str, Any]:
        client = self._client(self.kind, b64(passkey_signing.challenge(content, kind)))
        data = self._data(self.flags)
        digest = hashes.Hash(hashes.SHA256())
        digest.update(client)
        signature = self.rsa.sign(data + digest.finalize(), padding.PKCS1v15(), hashes.SHA256())
        answer = {"authenticatorData": b64(data), "clientDataJSON": b64(client), "signature": b64(signature)}
        return passkey_signing.envelope(
            json.dumps({"rawId": b64(self.id), "response": answer}), content, kind
        )


def record(public: str, **changes: Any) -> str:
    """A key's record with other members, in the form in which records are written."""
    import rfc8785

    return rfc8785.dumps({**json.loads(public), **changes}).decode()


def cose(public: str, **changes: Any) -> str:
    """A key's record whose COSE key has other members."""
    key = cbor.decode(passkey_signing.from_b64(json.loads(public)["public_key"]))
    key.update({int(name): value for name, value in changes.items()})
    return record(public, public_key=b64(cbor.encode(key)))
