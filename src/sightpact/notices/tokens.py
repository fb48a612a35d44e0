"""What acknowledges one delivery: signed by this server, good once, and only for that. Whoever holds it says "seen", no more."""

from __future__ import annotations

from uuid import UUID

from django.core import signing

_SALT = "sightpact.told"


def token_of(delivery: str) -> str:
    return signing.Signer(salt=_SALT).sign(delivery)


def delivery_of(token: str) -> str | None:
    """The delivery's id; None for anything that this server did not sign."""
    try:
        return str(UUID(signing.Signer(salt=_SALT).unsign(token)))
    except (signing.BadSignature, ValueError):
        return None
