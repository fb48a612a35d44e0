"""Questions about sources of alarms and what came from them. Frozen answers; nothing is written here.

Never: a source's key or login in a card. `secrets_of` alone opens them, for whoever verifies or connects.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings

from sightpact.activation.alarms.meaning import Places
from sightpact.activation.models import Alarm, AlarmSource
from sightpact.cameras import credentials
from sightpact.cameras.errors import CredentialsFault
from sightpact.ledger import clock

MOST_OF_ONE = 100  # questions of one source


@dataclass(frozen=True, slots=True)
class SourceCard:
    """One registered source. Instants are aware UTC."""

    id: str
    person: str  # id: what it is to the law
    person_slug: str
    owner: str  # party id
    name: str
    kind: str  # of alarms.states.KINDS
    address: str
    topic: str
    trust: str
    authority: str
    places: Mapping[str, Sequence[str]]
    codes: Mapping[str, str]
    heartbeat_s: int | None
    has_key: bool
    key_made_utc: datetime | None
    created_utc: datetime
    revoked_utc: datetime | None
    version: int
    heard_utc: datetime | None
    clock_off_ms: int | None
    forged: int
    fault: str
    fault_utc: datetime | None

    @property
    def mapping(self) -> Places:
        return Places(self.places, self.codes)


@dataclass(frozen=True, slots=True)
class Secrets:
    """`keys`: the newest first; the one before it counts until the new one was heard, for a day at most."""

    keys: tuple[str, ...] = ()
    before_until: str = ""  # ISO instant until which the second key counts
    user: str = ""
    password: str = ""


@dataclass(frozen=True, slots=True)
class AlarmCard:
    """One message and what became of it."""

    id: str
    source: str  # id
    source_name: str
    source_person: str
    owner: str
    received_utc: datetime
    number: str
    status: str
    says: str
    places: tuple[str, ...]
    codes: tuple[str, ...]
    words: str
    schools: tuple[str, ...]  # ids
    school_names: tuple[str, ...]
    emergency: str
    state: str
    why: str  # a key of states.why_words, then what is to be added, after a blank
    activation: str | None
    answered_by_name: str
    answered_utc: datetime | None
    times: int
    took_ms: int
    digest: str = ""


def sources(*, revoked: bool = False) -> tuple[SourceCard, ...]:
    """All sources that count, by name; with those that were revoked, when asked."""
    rows = AlarmSource.objects.select_related("person").order_by("name", "id")
    return tuple(_source(row) for row in (rows if revoked else rows.filter(revoked_utc=None)))


def source(source_id: str) -> SourceCard | None:
    row = AlarmSource.objects.select_related("person").filter(pk=source_id).first()
    return _source(row) if row else None


def secrets_of(source_id: str) -> Secrets:
    """Keys and login of a source, those that count now. Empty where none was made.

    Raises:
        CredentialsFault: this server's key cannot open them.
    """
    sealed = AlarmSource.objects.values_list("sealed", flat=True).get(pk=source_id)
    if not sealed:
        return Secrets()
    try:
        found = json.loads(credentials.open_bytes(settings.SIGHTPACT.keys, bytes(sealed)))
        keys, until = tuple(found["keys"]), str(found["before_until"])
        if len(keys) > 1 and datetime.fromisoformat(until) <= clock.now():
            keys = keys[:1]
        return Secrets(keys, until, str(found["user"]), str(found["password"]))
    except (ValueError, KeyError, TypeError) as fault:
        raise CredentialsFault("the key of an alarm source", "it is damaged", "Make a new one") from fault


def alarm(alarm_id: str) -> AlarmCard | None:
    found = _cards(Alarm.objects.filter(pk=alarm_id))
    return found[0] if found else None


def by_mark(source_id: str, mark: str) -> AlarmCard | None:
    found = _cards(Alarm.objects.filter(source_id=UUID(source_id), mark=mark))
    return found[0] if found else None


def by_digest(source_id: str, number: str, digest: str) -> AlarmCard | None:
    """The newest message of this source that said the same."""
    rows = Alarm.objects.filter(source_id=UUID(source_id), number=number, digest=digest)
    found = _cards(rows.order_by("-received_utc")[:1])
    return found[0] if found else None


def by_numbers(source_id: str, numbers: Sequence[str]) -> tuple[AlarmCard, ...]:
    """What this source sent under these numbers, as alarms: at most 50, newest first."""
    rows = Alarm.objects.filter(source_id=UUID(source_id), number__in=list(numbers), status="actual")
    return _cards(rows.order_by("-received_utc")[:50])


def waiting(since: datetime) -> tuple[AlarmCard, ...]:
    """Alarms for which nobody has said yet which school it is, newest first; of no source more than it could hide others with."""
    rows = Alarm.objects.filter(state="which_school", received_utc__gte=since).order_by("-received_utc")
    sources = rows.order_by().values_list("source_id", flat=True).distinct()
    cards = [card for source in sources for card in _cards(rows.filter(source_id=source)[:MOST_OF_ONE])]
    return tuple(sorted(cards, key=lambda card: card.received_utc, reverse=True))


def exercises(since: datetime) -> tuple[AlarmCard, ...]:
    """Exercise alarms that wait for somebody to start the drill, newest first: at most 50."""
    rows = Alarm.objects.filter(state="drill_waits", received_utc__gte=since)
    return _cards(rows.order_by("-received_utc")[:50])


def answered_since(since: datetime) -> tuple[AlarmCard, ...]:
    """Questions that a person answered or put away since then: at most 100."""
    rows = Alarm.objects.filter(status="actual", state__in=("answered", "dismissed"), answered_utc__gte=since)
    return _cards(rows.order_by("-answered_utc")[:100])


def latest(most: int = 50, source_id: str | None = None) -> tuple[AlarmCard, ...]:
    """What came, newest first."""
    rows = Alarm.objects.filter(source_id=UUID(source_id)) if source_id else Alarm.objects.all()
    return _cards(rows.order_by("-received_utc")[:most])


def known_numbers(source_id: str, numbers: Sequence[str]) -> frozenset[tuple[str, str]]:
    """(number, digest) of those that were received before: what a feed still lists is not news."""
    rows = Alarm.objects.filter(source_id=UUID(source_id), number__in=list(numbers))
    return frozenset(rows.values_list("number", "digest"))


def is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _source(row: AlarmSource) -> SourceCard:
    return SourceCard(
        id=str(row.id),
        person=str(row.person_id),
        person_slug=row.person.slug,
        owner=str(row.owner_id),
        name=row.name,
        kind=row.kind,
        address=row.address,
        topic=row.topic,
        trust=row.trust,
        authority=row.authority,
        places=row.places,
        codes=row.codes,
        heartbeat_s=row.heartbeat_s,
        has_key=row.key_made_utc is not None,
        key_made_utc=row.key_made_utc,
        created_utc=row.created_utc,
        revoked_utc=row.revoked_utc,
        version=row.version,
        heard_utc=row.heard_utc,
        clock_off_ms=row.clock_off_ms,
        forged=row.forged,
        fault=row.fault,
        fault_utc=row.fault_utc,
    )


def _cards(rows: object) -> tuple[AlarmCard, ...]:
    found = rows.select_related("source", "answered_by").prefetch_related("schools")  # type: ignore[attr-defined]
    return tuple(_card(row) for row in found)


def _card(row: Alarm) -> AlarmCard:
    schools = sorted(row.schools.all(), key=lambda school: school.order)
    return AlarmCard(
        id=str(row.id),
        source=str(row.source_id),
        source_name=row.source.name,
        source_person=str(row.source.person_id),
        owner=str(row.source.owner_id),
        received_utc=row.received_utc,
        number=row.number,
        status=row.status,
        says=row.says,
        places=tuple(row.places),
        codes=tuple(row.codes),
        words=row.words,
        schools=tuple(str(school.id) for school in schools),
        school_names=tuple(school.name for school in schools),
        emergency=row.emergency,
        state=row.state,
        why=row.why,
        activation=str(row.activation_id) if row.activation_id else None,
        answered_by_name=row.answered_by.name if row.answered_by else "",
        answered_utc=row.answered_utc,
        times=row.times,
        took_ms=row.took_ms,
        digest=row.digest,
    )
