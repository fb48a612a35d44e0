"""Sources of alarms: registered, mapped, given a key, revoked. The only writer of `AlarmSource`'s settings.

Never: a key or password in an entry, a log line or an answer, but for the one answer that shows a new key.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from sightpact.activation import alarm_reads as reads
from sightpact.activation.alarm_checks import BadSource, check
from sightpact.activation.alarms import signature
from sightpact.activation.models import AlarmSource
from sightpact.cameras import credentials
from sightpact.ledger import actions as ledger
from sightpact.ledger import clock
from sightpact.ledger.entries import NewEntry, Secret
from sightpact.people import actions as people
from sightpact.people import reads as people_reads
from sightpact.people.actions import PersonSpec, Role
from sightpact.people.reads import PersonCard

ROLE = "alarm"
OLD_KEY_COUNTS = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """A source as it is proposed. Holds no secret: it waits for a second person in the database."""

    name: str
    kind: str  # of alarms.states.KINDS
    owner: str  # party slug
    places: Mapping[str, Sequence[str]] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)
    address: str = ""
    topic: str = ""
    trust: str = "signed"
    authority: str = ""
    heartbeat_s: int | None = None


def register(spec: SourceSpec, by: PersonCard | None = None) -> reads.SourceCard:
    """Register a source. It can do nothing before its key is made (or, for a feed, from now on).

    1. Check what it says. 2. Store a person without an account, whose one role at the owner is `alarm`.
    3. Store the source. 4. Record it.

    Raises:
        BadSource: naming the field. NoSuch: the owner is not here.
    """
    check(spec)
    with transaction.atomic():
        slug = _slug(spec.name)
        person = people.add_person(
            PersonSpec(slug, spec.name), [Role(spec.owner, ROLE, "alarm")], by, signs_in=False
        )
        row = AlarmSource.objects.create(
            person_id=person.id,
            owner_id=person.party_id,
            name=spec.name,
            kind=spec.kind,
            address=spec.address,
            topic=spec.topic,
            trust=spec.trust,
            authority=spec.authority,
            places={place: list(schools) for place, schools in spec.places.items()},
            codes=dict(spec.codes),
            heartbeat_s=spec.heartbeat_s,
            created_utc=clock.now(),
        )
        _record(row, "registered", f"Alarm source registered: {spec.name} ({spec.kind})", by)
        return _must(str(row.id))


def map_source(
    source_id: str, places: Mapping[str, Sequence[str]], codes: Mapping[str, str], by: PersonCard | None
) -> bool:
    """Say which places are which schools, and which codes are which kinds; False when it stood so.

    1. Check it. 2. Store it. 3. Record what it was and is.
    """
    with transaction.atomic():
        row = _row(source_id)
        wanted = {place: list(schools) for place, schools in places.items()}
        if (row.places, row.codes) == (wanted, dict(codes)):
            return False
        check(
            SourceSpec(
                row.name, row.kind, "-", wanted, codes, row.address, row.topic, row.trust, row.authority
            )
        )
        AlarmSource.objects.filter(pk=row.pk).update(
            places=wanted, codes=dict(codes), version=row.version + 1
        )
        text = f"Alarm source {row.name}: places {wanted}, codes {dict(codes)}; before: {row.places}, {row.codes}"
        _record(row, "mapped", text[:3900], by)
        return True


def make_key(source_id: str, by: PersonCard | None) -> str:
    """A new key, which is shown once. The one before counts for a day, or until the new one is heard.

    1. Make it. 2. Store it sealed beside the login. 3. Record it.
    """
    with transaction.atomic():
        row = _row(source_id)
        if row.kind == "cap_feed":
            raise BadSource("This source", "is a feed: it is known by its address.", "It needs no key.")
        old, key = reads.secrets_of(source_id), signature.write_key(secrets.token_bytes(32))
        until = (clock.now() + OLD_KEY_COUNTS).isoformat()
        _seal(row, (key, *old.keys[:1]), until, old.user, old.password)
        AlarmSource.objects.filter(pk=row.pk).update(key_made_utc=clock.now())
        _record(row, "key_made", f"Key made for the alarm source {row.name}", by)
        return key


def drop_old_key(source_id: str) -> None:
    """The new key was heard: the one before it ends. 1. Store it so. 2. Record it."""
    with transaction.atomic():
        row, kept = _row(source_id), reads.secrets_of(source_id)
        if len(kept.keys) < 2:
            return
        _seal(row, kept.keys[:1], "", kept.user, kept.password)
        _record(row, "old_key_ended", f"The new key of {row.name} was heard; the old one ended", None)


def set_login(source_id: str, user: str, password: str, by: PersonCard | None) -> None:
    """User name and password at the broker or feed. 1. Store them sealed. 2. Record that they changed."""
    with transaction.atomic():
        row, kept = _row(source_id), reads.secrets_of(source_id)
        _seal(row, kept.keys, kept.before_until, user[:200], password[:200])
        _record(row, "login_set", f"Login of the alarm source {row.name} changed", by)


def revoke(source_id: str, by: PersonCard | None) -> bool:
    """End a source at once; its alarms stay listed. False when that was so.

    1. Claim it. 2. Forget its key and login. 3. Take its person out. 4. Record it.
    """
    with transaction.atomic():
        row = AlarmSource.objects.select_related("person", "owner").get(pk=source_id)
        claimed = AlarmSource.objects.filter(pk=row.pk, revoked_utc=None).update(
            revoked_utc=clock.now(), sealed=None, version=row.version + 1
        )
        if not claimed:
            return False
        people.deactivate(row.person.slug, by)
        _record(row, "revoked", f"Alarm source revoked: {row.name}", by)
        return True


def _seal(row: AlarmSource, keys: Sequence[str], until: str, user: str, password: str) -> None:
    kept = {"keys": list(keys), "before_until": until, "user": user, "password": password}
    sealed = credentials.seal_bytes(settings.SIGHTPACT.keys, json.dumps(kept).encode())
    AlarmSource.objects.filter(pk=row.pk).update(sealed=sealed, version=row.version + 1)


def _slug(name: str) -> str:
    """A slug of a person that is free: `alarm-panic-button-lakeview-high`."""
    wanted = "alarm-" + re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:36]
    taken = {card.slug for card in people_reads.persons()}
    return next(
        s for n in range(1, len(taken) + 2) if (s := wanted if n == 1 else f"{wanted}-{n}") not in taken
    )


def _row(source_id: str) -> AlarmSource:
    row = AlarmSource.objects.select_related("person", "owner").filter(pk=source_id, revoked_utc=None).first()
    if row is None:
        raise BadSource("This source", "is not here, or was revoked.", "Look at the list of alarm sources.")
    return row


def _record(row: AlarmSource, what: str, text: str, by: PersonCard | None) -> None:
    entry = NewEntry(
        "alarm_source",
        party=row.owner.slug,
        outcome=what,
        reason_code=row.kind,
        secret={"person": people_reads.as_secret(by), "text": Secret(str(row.id), text)},
    )
    ledger.append([entry])


def _must(source_id: str) -> reads.SourceCard:
    card = reads.source(source_id)
    assert card is not None
    return card
