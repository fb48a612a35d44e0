"""Questions about emergency sharings. Frozen answers; nothing is written here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sightpact.activation import reasons
from sightpact.activation.models import Activation, AidCall


@dataclass(frozen=True, slots=True)
class AidCalled:
    """A neighbour who was called for aid."""

    agreement: str  # id of the one under which it was called
    party: str  # id
    party_slug: str
    party_name: str
    by_name: str
    called_utc: datetime


@dataclass(frozen=True, slots=True)
class ActivationCard:
    """One emergency sharing. Instants are aware UTC; a reader's page shows them in the school's zone."""

    id: str
    owner: str
    agreement: str
    emergency: str
    clause: str
    schools: tuple[str, ...]  # ids
    school_names: tuple[str, ...]
    source: str
    verified: bool
    started_by: str  # person id
    started_by_name: str
    started_utc: datetime
    deadline_utc: datetime
    told_utc: datetime | None
    taken_by: str | None
    taken_by_name: str
    taken_utc: datetime | None
    end_proposed_by_name: str
    end_proposed_utc: datetime | None
    end_due_utc: datetime | None
    ended_by_name: str
    ended_by_phone: str
    ended_utc: datetime | None
    end_reason: str
    entry: int
    aid: tuple[AidCalled, ...] = ()  # neighbours who were called, in the order of the calls

    @property
    def is_live(self) -> bool:
        return self.ended_utc is None

    def due(self, now: datetime) -> str:
        """Why it must be ended at `now`: its deadline passed, or dispatch left a proposed end unanswered; "" when it must not."""
        if not self.is_live:
            return ""
        if self.deadline_utc <= now:
            return "deadline"
        return "unanswered" if self.end_due_utc is not None and self.end_due_utc <= now else ""

    @property
    def end_sentence(self) -> str:
        return reasons.sentence(
            self.end_reason,
            by=self.ended_by_name,
            minutes=reasons.whole_minutes(self.started_utc, self.deadline_utc),
        )


def live() -> tuple[ActivationCard, ...]:
    """Every sharing that nobody has ended. One past its deadline is still here until it is ended; `decide` ignores it."""
    return _cards(ended_utc__isnull=True)


def ended_since(since: datetime) -> tuple[ActivationCard, ...]:
    return _cards(ended_utc__gte=since)


def card(activation_id: str) -> ActivationCard | None:
    found = _cards(pk=activation_id)
    return found[0] if found else None


def by_key(key: str) -> ActivationCard | None:
    found = _cards(idempotency_key=key)
    return found[0] if found else None


def _cards(**where: object) -> tuple[ActivationCard, ...]:
    rows = (
        Activation.objects.filter(**where)
        .select_related("started_by", "taken_by", "ended_by", "end_proposed_by")
        .prefetch_related("schools", "aid__party", "aid__called_by")
        .order_by("started_utc", "id")
    )
    return tuple(_card(row) for row in rows)


def _card(row: Activation) -> ActivationCard:
    schools = sorted(row.schools.all(), key=lambda school: school.order)
    ended_by = row.ended_by
    return ActivationCard(
        id=str(row.id),
        owner=str(row.owner_id),
        agreement=str(row.agreement_id),
        emergency=row.emergency,
        clause=row.clause,
        schools=tuple(str(school.id) for school in schools),
        school_names=tuple(school.name for school in schools),
        source=row.source,
        verified=row.verified,
        started_by=str(row.started_by_id),
        started_by_name=row.started_by.name,
        started_utc=row.started_utc,
        deadline_utc=row.deadline_utc,
        told_utc=row.told_utc,
        taken_by=str(row.taken_by_id) if row.taken_by_id else None,
        taken_by_name=row.taken_by.name if row.taken_by else "",
        taken_utc=row.taken_utc,
        end_proposed_by_name=row.end_proposed_by.name if row.end_proposed_by else "",
        end_proposed_utc=row.end_proposed_utc,
        end_due_utc=row.end_due_utc,
        ended_by_name=ended_by.name if ended_by else "",
        ended_by_phone=ended_by.phone if ended_by else "",
        ended_utc=row.ended_utc,
        end_reason=row.end_reason,
        entry=row.entry,
        aid=tuple(_aid(call) for call in sorted(row.aid.all(), key=lambda call: call.called_utc)),
    )


def _aid(call: AidCall) -> AidCalled:
    return AidCalled(
        agreement=str(call.agreement_id),
        party=str(call.party_id),
        party_slug=call.party.slug,
        party_name=call.party.name,
        by_name=call.called_by.name,
        called_utc=call.called_utc,
    )
