"""One-time links with which a named person makes a first (or a new) passkey. Only the hash of a link is
kept."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from sightpact.ledger import actions as ledger
from sightpact.ledger import clock
from sightpact.ledger.entries import NewEntry, Secret
from sightpact.people import reads
from sightpact.people.errors import LinkClosed, NoSuch, NotActive
from sightpact.people.models import Invitation
from sightpact.people.tokens import digest, new_secret

LINK_LASTS = timedelta(hours=24)


def invite(slug: str, by: reads.PersonCard | None = None) -> str:
    """Make a link for a person; returns its secret, to be handed to that person and nobody else.

    1. Find an active person. 2. Close the links of before: one at a time. 3. Store the hash. 4. Record it.

    Raises:
        NoSuch, NotActive: there is no such person, or the person was taken out.
    """
    with transaction.atomic():
        card = reads.person_by_slug(slug)
        if card is None:
            raise NoSuch(f"person '{slug}'", "there is none", "Look at the slug in the import file")
        if not card.active:
            raise NotActive(card.name, "the person was taken out", "Take the person in again first")
        now, secret = clock.now(), new_secret()
        Invitation.objects.filter(person_id=card.id, used_utc=None, expires_utc__gt=now).update(
            expires_utc=now
        )
        Invitation.objects.create(person_id=card.id, hash=digest(secret), expires_utc=now + LINK_LASTS)
        _record(card, "invited", f"Link to make a passkey given to {card.name}, good for 24 h", by)
        return secret


def accept_invitation(secret: str) -> reads.PersonCard:
    """Use a link up; returns whose it was. Called in one transaction with storing the passkey.

    1. Claim it by a conditional update, so that of two at once only one gets it. 2. Say whose it was.
    The record is written by `passkeys.store_passkey`, which alone gives the link its effect.

    Raises:
        LinkClosed: used, too old, or unknown (not told which).
    """
    with transaction.atomic():
        now, hashed = clock.now(), digest(secret)
        open_link = Invitation.objects.filter(
            hash=hashed, used_utc=None, expires_utc__gt=now, person__active=True
        )
        if not open_link.update(used_utc=now):
            why = "it was used, or is older than 24 hours"
            raise LinkClosed("this link", why, "Ask your district's IT for a new one")
        card = reads.person(str(Invitation.objects.get(hash=hashed).person_id))
        assert card is not None
        return card


def _record(card: reads.PersonCard, reason: str, text: str, by: reads.PersonCard | None) -> None:
    secret = {"person": reads.as_secret(by), "text": Secret(card.id, text)}
    ledger.append([NewEntry("person_change", party=card.party_slug, reason_code=reason, secret=secret)])
