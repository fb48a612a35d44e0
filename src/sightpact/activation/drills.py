"""Questions about drills. Frozen answers; nothing is written here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sightpact.activation import drill_words
from sightpact.activation.models import Drill
from sightpact.activation.reasons import whole_minutes


@dataclass(frozen=True, slots=True)
class DrillCard:
    """One drill. Instants are aware UTC; a page shows them in the school's zone."""

    id: str
    owner: str  # party id
    agreement: str  # id
    clause: str  # the section on drills
    emergency: str
    schools: tuple[str, ...]  # ids
    school_names: tuple[str, ...]
    started_by: str  # person id
    started_by_name: str
    started_utc: datetime
    recorded_utc: datetime
    deadline_utc: datetime
    told_utc: datetime | None
    taken_by: str  # person id; "" for nobody
    taken_by_name: str
    taken_utc: datetime | None
    pictured_utc: datetime | None
    checked_utc: datetime | None
    cameras_asked: int | None
    cameras_dark: tuple[tuple[str, str], ...]  # (camera id, why)
    ended_by_name: str
    ended_utc: datetime | None
    end_reason: str
    entry: int

    @property
    def is_live(self) -> bool:
        return self.ended_utc is None

    def due(self, now: datetime) -> str:
        """Why time ends it at `now`; "" when it does not."""
        return "deadline" if self.is_live and self.deadline_utc <= now else ""

    @property
    def minutes(self) -> int:
        return whole_minutes(self.started_utc, self.deadline_utc)

    @property
    def end_sentence(self) -> str:
        return drill_words.end_sentence(self.end_reason, by=self.ended_by_name, minutes=self.minutes)

    @property
    def showing(self) -> int | None:
        """How many of the real cameras would show a picture; None: they have not all answered yet."""
        return None if self.cameras_asked is None else self.cameras_asked - len(self.cameras_dark)

    def after_s(self, instant: datetime | None) -> float | None:
        """Seconds from its start to one of its instants; None: that step was not reached."""
        return None if instant is None else max(0.0, (instant - self.started_utc).total_seconds())


def live() -> tuple[DrillCard, ...]:
    """Every one without an end. One past its deadline is still here until it is ended."""
    return _some(ended_utc__isnull=True)


def ended_since(since: datetime) -> tuple[DrillCard, ...]:
    return _some(ended_utc__gte=since)


def held(owners: Iterable[str], most: int = 500) -> tuple[DrillCard, ...]:
    """Drills of these owners (party ids), the last one first."""
    return tuple(reversed(_cards(owner__in=list(owners))))[:most]


def held_since(agreement: str, since: datetime) -> tuple[DrillCard, ...]:
    """Drills under an agreement (id) that began at or after an instant, the first one first."""
    return _cards(agreement=agreement, started_utc__gte=since)


def card(drill_id: str) -> DrillCard | None:
    found = _cards(pk=drill_id)
    return found[0] if found else None


def by_key(key: str) -> DrillCard | None:
    found = _cards(idempotency_key=key)
    return found[0] if found else None


def _some(**where: object) -> tuple[DrillCard, ...]:
    """As `_cards`, cheaply where there is none, as mostly."""
    return _cards(**where) if Drill.objects.filter(**where).exists() else ()


def _cards(**where: object) -> tuple[DrillCard, ...]:
    rows = (
        Drill.objects.filter(**where)
        .select_related("started_by", "taken_by", "ended_by")
        .prefetch_related("schools")
        .order_by("started_utc", "id")
    )
    return tuple(_card(row) for row in rows)


def _card(row: Drill) -> DrillCard:
    schools = sorted(row.schools.all(), key=lambda school: school.order)
    return DrillCard(
        id=str(row.id),
        owner=str(row.owner_id),
        agreement=str(row.agreement_id),
        clause=row.clause,
        emergency=row.emergency,
        schools=tuple(str(school.id) for school in schools),
        school_names=tuple(school.name for school in schools),
        started_by=str(row.started_by_id),
        started_by_name=row.started_by.name,
        started_utc=row.started_utc,
        recorded_utc=row.recorded_utc,
        deadline_utc=row.deadline_utc,
        told_utc=row.told_utc,
        taken_by=str(row.taken_by_id) if row.taken_by_id else "",
        taken_by_name=row.taken_by.name if row.taken_by else "",
        taken_utc=row.taken_utc,
        pictured_utc=row.pictured_utc,
        checked_utc=row.checked_utc,
        cameras_asked=row.cameras_asked,
        cameras_dark=tuple((camera, why) for camera, why in row.cameras_dark),
        ended_by_name=row.ended_by.name if row.ended_by else "",
        ended_utc=row.ended_utc,
        end_reason=row.end_reason,
        entry=row.entry,
    )
