"""Devices that may start emergency sharing without a sign-in. The device keeps the secret, we keep its
hash."""

from __future__ import annotations

import logging
from datetime import timedelta
from uuid import UUID

from django.db import DatabaseError, transaction
from django.db.models import Q

from sightpact.ledger import actions as ledger
from sightpact.ledger import clock
from sightpact.ledger.entries import NewEntry, Secret
from sightpact.people import reads
from sightpact.people.errors import NoSuch, NotActive
from sightpact.people.models import StartKey
from sightpact.people.tokens import digest, new_secret

LAST_USED_EVERY = timedelta(minutes=1)
MAX_DEVICE = 200
_log = logging.getLogger(__name__)


def enrol_start_key(person_id: str, device: str) -> str:
    """Make a device a switch for a person; returns the secret, which is shown to the device once and kept
    nowhere.

    1. Find an active person. 2. Store the hash of a fresh secret. 3. Record it.

    Args:
        device: what the browser calls itself.
    Raises:
        NoSuch, NotActive: there is no such person, or the person was taken out.
    """
    with transaction.atomic():
        card = reads.person(person_id)
        if card is None:
            raise NoSuch("the person", "there is none with that id", "Sign in again")
        if not card.active:
            raise NotActive(card.name, "the person was taken out", "Ask your district's IT")
        secret = new_secret()
        StartKey.objects.create(
            person_id=person_id, hash=digest(secret), device=device[:MAX_DEVICE], created_utc=clock.now()
        )
        _record("key_enrolled", "start_key", card, device, card)
        return secret


def revoke_start_key(key_id: str, by: reads.PersonCard | None = None) -> bool:
    """Make a device a switch no longer; returns False when that was so already.

    1. Claim it by a conditional update. 2. Record it.

    Raises:
        NoSuch: there is no such key.
    """
    with transaction.atomic():
        row = StartKey.objects.filter(id=key_id).first() if _is_id(key_id) else None
        if row is None:
            raise NoSuch("the device", "there is none with that id", "Look at the list of devices again")
        if not StartKey.objects.filter(id=row.id, revoked_utc=None).update(revoked_utc=clock.now()):
            return False
        card = reads.person(str(row.person_id))
        assert card is not None
        _record("person_change", "start_key_revoked", card, row.device, by)
        return True


def give_up_start_key(secret: str, by: reads.PersonCard) -> bool:
    """The device that holds this secret gets another key, or none: the old one ends. False when it was none.

    1. Find it by its hash. 2. Revoke it.
    """
    row = StartKey.objects.filter(hash=digest(secret)).first()
    return row is not None and revoke_start_key(str(row.id), by)


def use_start_key(secret: str) -> str | None:
    """Whose device this is: the person's id, or None for an unknown or revoked key or a person who was taken
    out.

    1. Look the hash up (an index lookup by hash: its time tells nothing about the secret). 2. Note the use,
    at most once a minute, and never fail because of it: the switch works when the disk is full.
    """
    if not secret or len(secret) > MAX_DEVICE:
        return None
    row = StartKey.objects.filter(hash=digest(secret), revoked_utc=None, person__active=True).first()
    if row is None:
        return None
    now = clock.now()
    stale = Q(last_used_utc=None) | Q(last_used_utc__lt=now - LAST_USED_EVERY)
    if row.last_used_utc is None or row.last_used_utc < now - LAST_USED_EVERY:
        try:
            with transaction.atomic():
                StartKey.objects.filter(stale, id=row.id).update(last_used_utc=now)
        except DatabaseError:  # full disk or busy writer: knowing who it is matters more than when
            _log.warning("could not note the use of a start key")
    return str(row.person_id)


def _record(kind: str, reason: str, card: reads.PersonCard, device: str, by: reads.PersonCard | None) -> None:
    secret = {"person": reads.as_secret(by), "device": Secret("", device), "text": Secret(card.id, card.name)}
    ledger.append([NewEntry(kind, party=card.party_slug, reason_code=reason, secret=secret)])


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
