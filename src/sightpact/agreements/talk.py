"""Comments as one reader may read them: shared ones, and internal ones for those who draft for that party. Writes nothing.

Never: a trace, count or gap of another party's internal comments.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from sightpact.agreements import acting
from sightpact.agreements.models import Agreement, Comment
from sightpact.people.reads import PersonCard


@dataclass(frozen=True, slots=True)
class Remark:
    id: str
    section: str
    party: str  # short name
    by: str
    written_utc: datetime
    text: str
    is_internal: bool
    resolved_by: str  # name; "" while it is open
    resolved_utc: datetime | None
    answers: tuple[Remark, ...]


def remarks(agreement: str, number: int, person: PersonCard) -> tuple[Remark, ...]:
    """The comments on a revision that this person may read, open ones first, then by section and time."""
    rows = list(
        _readable(agreement, person)
        .filter(revision__number=number)
        .select_related("party", "written_by", "resolved_by")
        .order_by("written_utc", "id")
    )
    below: dict[UUID | None, list[Comment]] = {}
    for row in rows:
        below.setdefault(row.answers_id, []).append(row)
    tops = [_remark(row, below) for row in below.get(None, [])]
    return tuple(sorted(tops, key=lambda r: (bool(r.resolved_by), _order(r.section), r.written_utc)))


def open_by_section(agreement: str, number: int, person: PersonCard) -> dict[str, int]:
    """How many open comments stand at each section, of those that this person may read."""
    rows = _readable(agreement, person).filter(revision__number=number, answers=None, resolved_utc=None)
    return dict(Counter(rows.values_list("section", flat=True)))


def _readable(agreement: str, person: PersonCard) -> QuerySet[Comment]:
    mine = [UUID(party) for party, _role in person.roles] if person.active else []
    row = Agreement.objects.filter(slug=agreement, parties__in=mine).distinct().first()
    if row is None:
        return Comment.objects.none()
    own = [UUID(party) for party in acting.drafts_for(person)]
    shared_or_own = Q(is_internal=False) | Q(party__in=own)
    return Comment.objects.filter(shared_or_own, revision__agreement=row)


def _remark(row: Comment, below: dict[UUID | None, list[Comment]]) -> Remark:
    return Remark(
        id=str(row.pk),
        section=row.section,
        party=row.party.short_name or row.party.name,
        by=row.written_by.name,
        written_utc=row.written_utc,
        text=row.text,
        is_internal=row.is_internal,
        resolved_by=row.resolved_by.name if row.resolved_by else "",
        resolved_utc=row.resolved_utc,
        answers=tuple(_remark(answer, below) for answer in below.get(row.pk, [])),
    )


def _order(section: str) -> tuple[tuple[int, str], ...]:
    """3.10 comes after 3.9, and what is on the whole text first."""
    return tuple((int(p), "") if p.isdigit() else (10**6, p) for p in section.split(".") if p)
