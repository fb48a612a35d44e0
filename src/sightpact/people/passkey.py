"""The two passkey ceremonies, on allauth's: what the browser is asked, and whether its answer holds.

Stricter than allauth in two points: the origin must be exactly this deployment's own, and user verification
is always required. Answers come from strangers: whatever is wrong with one, it is `PasskeyRefused`.
"""

from __future__ import annotations

import binascii
import json
import struct
from base64 import urlsafe_b64decode
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from django.core.exceptions import ValidationError
from fido2.webauthn import AttestedCredentialData

from sightpact.people.errors import PasskeyRefused
from sightpact.people.models import Account

MAX_ANSWER = 20_000  # characters; a registration with attestation is about 2,000
_FAULTS = (
    ValidationError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    NotImplementedError,
    struct.error,
    InvalidSignature,
    UnsupportedAlgorithm,
)


@dataclass(frozen=True, slots=True)
class Credential:
    """A passkey with which a person signs in: its public half, for whoever has the person sign something else with it."""

    id: int
    name: str  # what the person calls the device
    data: AttestedCredentialData
    sign_count: int


def credentials(person_id: str) -> tuple[Credential, ...]:
    """The passkeys of a person, oldest first."""
    rows = Authenticator.objects.filter(user__person__id=person_id, type=Authenticator.Type.WEBAUTHN)
    found = []
    for row in rows.order_by("pk"):
        kept = row.wrap()
        told = kept.authenticator_data
        if told.credential_data is not None:
            found.append(Credential(row.pk, kept.name, told.credential_data, int(told.counter)))
    return tuple(found)


def begin_sign_in() -> dict[str, Any]:
    """What the browser is asked: any passkey of this deployment, with user verification. The challenge is
    kept in the session."""
    return _plain(auth.begin_authentication(user=None))


def finish_sign_in(answer: str, url: str) -> Authenticator:
    """Whose passkey answered. The challenge is used up.

    Args:
        answer: JSON of the browser's PublicKeyCredential.
        url: this deployment's own address.
    Raises:
        PasskeyRefused: in every case in which the answer does not hold.
    """
    credential = _credential(answer, url, "webauthn.get")
    try:
        auth.parse_authentication_response(credential)
        account = auth.extract_user_from_response(credential)
        return auth.complete_authentication(account, credential)
    except _FAULTS as fault:
        raise _refused("no passkey of ours answered as it should") from fault


def begin_registration(account: Account) -> dict[str, Any]:
    """What the browser is asked: make a passkey that stays in the device, with user verification."""
    return _plain(auth.begin_registration(account, True))


def finish_registration(answer: str, url: str) -> dict[str, Any]:
    """The verified credential, to be stored. The challenge is used up.

    Raises:
        PasskeyRefused: in every case in which the answer does not hold.
    """
    credential = _credential(answer, url, "webauthn.create")
    try:
        auth.parse_registration_response(credential)
        binding = auth.complete_registration(credential)
        verified = binding.is_user_verified()
    except _FAULTS as fault:
        raise _refused("the device's answer does not hold") from fault
    if not verified:
        raise _refused("the device did not check who you are (fingerprint, face or PIN)")
    return credential


def _credential(answer: str, url: str, kind: str) -> dict[str, Any]:
    """The answer as a table, after checking that it was given for this ceremony on this deployment's own
    address."""
    if len(answer) > MAX_ANSWER:
        raise _refused("the answer is too long")
    try:
        credential = json.loads(answer)
        packed = credential["response"]["clientDataJSON"]
        client = json.loads(urlsafe_b64decode(packed + "=" * (-len(packed) % 4)))
        origin, asked, framed = client["origin"], client["type"], client.get("crossOrigin", False)
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError, binascii.Error) as fault:
        raise _refused("the answer cannot be read") from fault
    page = urlsplit(url)
    if origin != f"{page.scheme}://{page.netloc}" or framed or asked != kind:
        raise _refused("the answer was made for another page")
    return dict(credential)


def _refused(why: str) -> PasskeyRefused:
    return PasskeyRefused(
        "This passkey was not accepted", why, "Try again, or ask your district's IT for a new link"
    )


def _plain(options: Any) -> dict[str, Any]:
    """Options as plain JSON values; `publicKey` is what the browser's call takes."""
    return dict(json.loads(json.dumps(dict(options), default=dict)))
