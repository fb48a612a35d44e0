"""Questions about what was asked for: invitations, requests, event periods. Frozen answers; nothing is written here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sightpact.activation import asking_words
from sightpact.activation.models import Asking


@dataclass(frozen=True, slots=True)
class AskingCard:
    """One invitation, request or event period. Instants are aware UTC; a page shows them in the school's zone."""

    id: str
    kind: str  # invitation, request, window
    owner: str  # party id
    agreement: str  # id
    clause: str
    schools: tuple[str, ...]  # ids
    school_names: tuple[str, ...]
    cameras: tuple[str, ...]  # ids; none: all that the section opens there
    purpose: str
    reason: str
    incident: str
    asked_by: str  # person id
    asked_by_name: str
    asked_utc: datetime
    minutes: int
    opens_utc: datetime | None
    answer_due_utc: datetime | None
    unanswered: str
    decision: str
    decided_by_name: str
    decided_utc: datetime | None
    opened_utc: datetime | None
    deadline_utc: datetime | None
    ended_by_name: str
    ended_by_phone: str
    ended_utc: datetime | None
    end_reason: str
    entry: int
    decided_by: str = ""  # person id
    escalate_utc: datetime | None = None  # when it goes to the second line; None: there is none
    escalated_utc: datetime | None = None
    escalated_to: tuple[str, ...] = ()  # names of the second line, as it was then

    @property
    def is_live(self) -> bool:
        return self.ended_utc is None

    @property
    def state(self) -> str:
        """asked, coming, open or ended."""
        if self.ended_utc is not None:
            return "ended"
        if self.opened_utc is not None:
            return "open"
        return "asked" if not self.decision else "coming"

    def due(self, now: datetime) -> str:
        """What time itself does to it at `now`: "open", or a reason to end it; "" for nothing."""
        if self.ended_utc is not None:
            return ""
        if self.opened_utc is not None:
            return "deadline" if self.deadline_utc is not None and self.deadline_utc <= now else ""
        if not self.decision:
            return self._unanswered(now)
        if self.deadline_utc is not None and self.deadline_utc <= now:
            return "missed"
        return "open" if self.opens_utc is not None and self.opens_utc <= now else ""

    def to_escalate(self, now: datetime) -> bool:
        """Whether it is time to ask the second line: nobody has answered, and there is still time to."""
        waits = self.state == "asked" and not self.due(now) and self.escalated_utc is None
        return waits and self.escalate_utc is not None and self.escalate_utc <= now

    def _unanswered(self, now: datetime) -> str:
        if self.answer_due_utc is None or now < self.answer_due_utc:
            return ""
        if self.unanswered != "opens":
            return "unanswered"
        return "open" if now < self.opened_until(self.answer_due_utc) else "missed"

    def opened_until(self, opened: datetime) -> datetime:
        """Its deadline if it opens by the right of that instant."""
        return self.deadline_utc or opened + timedelta(minutes=self.minutes)

    @property
    def end_sentence(self) -> str:
        return asking_words.end_sentence(self.end_reason, by=self.ended_by_name, minutes=self.minutes)


def live() -> tuple[AskingCard, ...]:
    """Every one without an end: asked, coming, open. One past its time is still here until it is ended."""
    return _some(ended_utc__isnull=True)


def ended_since(since: datetime) -> tuple[AskingCard, ...]:
    return _some(ended_utc__gte=since)


def periods(begin: datetime, end: datetime) -> tuple[AskingCard, ...]:
    """Event periods that were planned for some instant from `begin` (aware UTC) on and before `end`."""
    return _cards(kind="window", opens_utc__lt=end, deadline_utc__gt=begin)


def card(asking_id: str) -> AskingCard | None:
    found = _cards(pk=asking_id)
    return found[0] if found else None


def by_key(key: str) -> AskingCard | None:
    found = _cards(idempotency_key=key)
    return found[0] if found else None


def _some(**where: object) -> tuple[AskingCard, ...]:
    """As `_cards`, cheaply where there is none, as mostly."""
    return _cards(**where) if Asking.objects.filter(**where).exists() else ()


def _cards(**where: object) -> tuple[AskingCard, ...]:
    rows = (
        Asking.objects.filter(**where)
        .select_related("asked_by", "decided_by", "ended_by")
        .prefetch_related("schools", "cameras", "escalated_to")
        .order_by("asked_utc", "id")
    )
    return tuple(_card(row) for row in rows)


def _card(row: Asking) -> AskingCard:
    schools = sorted(row.schools.all(), key=lambda school: school.order)
    ended_by = row.ended_by
    return AskingCard(
        id=str(row.id),
        kind=row.kind,
        owner=str(row.owner_id),
        agreement=str(row.agreement_id),
        clause=row.clause,
        schools=tuple(str(school.id) for school in schools),
        school_names=tuple(school.name for school in schools),
        cameras=tuple(sorted(str(camera.pk) for camera in row.cameras.all())),
        purpose=row.purpose,
        reason=row.reason,
        incident=row.incident,
        asked_by=str(row.asked_by_id),
        asked_by_name=row.asked_by.name,
        asked_utc=row.asked_utc,
        minutes=row.minutes,
        opens_utc=row.opens_utc,
        answer_due_utc=row.answer_due_utc,
        unanswered=row.unanswered,
        decision=row.decision,
        decided_by_name=row.decided_by.name if row.decided_by else "",
        decided_utc=row.decided_utc,
        opened_utc=row.opened_utc,
        deadline_utc=row.deadline_utc,
        ended_by_name=ended_by.name if ended_by else "",
        ended_by_phone=ended_by.phone if ended_by else "",
        ended_utc=row.ended_utc,
        end_reason=row.end_reason,
        entry=row.entry,
        decided_by=str(row.decided_by_id) if row.decided_by_id else "",
        escalate_utc=row.escalate_utc,
        escalated_utc=row.escalated_utc,
        escalated_to=tuple(sorted(person.name for person in row.escalated_to.all())),
    )
