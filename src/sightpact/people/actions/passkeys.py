"""Passkeys stored and taken away. The ceremony that proves one is in `people/passkey.py`."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.db import transaction

from sightpact.ledger import actions as ledger
from sightpact.ledger.entries import NewEntry, Secret
from sightpact.people import reads
from sightpact.people.actions.sessions import end_sessions
from sightpact.people.errors import NoSuch
from sightpact.people.models import Account, Person

MAX_NAME = 100


def store_passkey(card: reads.PersonCard, name: str, credential: dict[str, Any]) -> Authenticator:
    """Keep a passkey whose registration was verified; returns it.

    1. Store it at the person's account. 2. Record it.

    Args:
        name: what the person calls the device.
        credential: the browser's registration answer, verified by `passkey.finish_registration`.
    """
    with transaction.atomic():
        account = Account.objects.get(person__id=card.id)
        key: Authenticator = WebAuthn.add(account, name[:MAX_NAME], credential).instance
        secret = {"person": reads.as_secret(card), "device": Secret("", name[:MAX_NAME])}
        ledger.append([NewEntry("key_enrolled", party=card.party_slug, reason_code="passkey", secret=secret)])
        return key


def revoke_passkey(slug: str, key_id: int, by: reads.PersonCard | None = None) -> str:
    """Take a passkey away, since its device was lost; returns its name.

    1. Find it among the person's own. 2. Delete it. 3. End the person's sessions, since one may be on that
    device.
    4. Record it; the situation has moved, so that their pictures end at once.

    Raises:
        NoSuch: no such person, or the person has no such passkey.
    """
    with transaction.atomic():
        person = Person.objects.filter(slug=slug).first()
        if person is None:
            raise NoSuch(f"person '{slug}'", "there is none", "Look at the slug in the import file")
        mine = Authenticator.objects.filter(user_id=person.account_id, type=Authenticator.Type.WEBAUTHN)
        key = mine.filter(pk=key_id).first()
        if key is None:
            raise NoSuch(
                f"passkey {key_id}", f"{person.name} has none with that number", "List them: person keys"
            )
        name = key.wrap().name
        key.delete()
        end_sessions(person.account_id)
        card = reads.person(str(person.id))
        assert card is not None
        text = Secret(card.id, f"Passkey of {card.name} revoked: {name}")
        entry = NewEntry(
            "person_change",
            party=card.party_slug,
            reason_code="passkey_revoked",
            secret={"person": reads.as_secret(by), "text": text},
        )
        ledger.append([entry], bump="situation")
        return str(name)
