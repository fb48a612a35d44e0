"""What waits for a second person, and what became of it: frozen cards, for those who may know of them. Writes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from sightpact.access.changes import kinds, who
from sightpact.access.changes.errors import FAULTS, BreaksGuarantee
from sightpact.access.changes.outlook import Said, preview
from sightpact.access.facts import Snapshot
from sightpact.access.models import PendingChange
from sightpact.ledger import clock
from sightpact.people.reads import PersonCard

SERVER = "the server's command line"


@dataclass(frozen=True, slots=True)
class Card:
    """One proposed change, as this reader may know it."""

    id: str
    kind: str
    title: str
    says: tuple[tuple[bool, str], ...]  # (opens, sentence)
    by: str  # name
    proposed_utc: datetime
    expires_utc: datetime
    state: str  # waiting, approved, refused, withdrawn, expired
    decided_by: str
    decided_utc: datetime | None
    note: str
    may_decide: bool
    may_withdraw: bool
    is_about_reader: bool
    digest: str = ""  # of what is shown: an approval counts for that
    broken: str = ""  # why it cannot be made any more


def waiting(snapshot: Snapshot, reader: PersonCard) -> tuple[Card, ...]:
    """What waits now, oldest first, as far as it is this reader's matter."""
    rows = _of(snapshot, reader).filter(state="waiting", expires_utc__gt=clock.now())
    return tuple(_card(row, snapshot, reader) for row in rows.order_by("proposed_utc", "id"))


def history(snapshot: Snapshot, reader: PersonCard, most: int = 50) -> tuple[Card, ...]:
    """What was decided, or ran out, newest first."""
    rows = _of(snapshot, reader).exclude(state="waiting", expires_utc__gt=clock.now())
    return tuple(_card(row, snapshot, reader) for row in rows.order_by("-proposed_utc", "id")[:most])


def count_to_decide(snapshot: Snapshot, reader: PersonCard) -> int:
    """How many changes wait that this person could decide."""
    return sum(card.may_decide for card in waiting(snapshot, reader))


def shown_now(
    card: Card,
    snapshot: Snapshot,
    reader: PersonCard,
    types: Mapping[str, type[Any]],
    faults: tuple[type[Exception], ...] = FAULTS,
) -> Card:
    """The same with what it would do today: people and cameras may have changed since it was proposed.

    One that cannot be made any more says why, and cannot be approved.
    """
    row = PendingChange.objects.get(id=card.id)
    try:
        found = preview(kinds.read(row.kind, row.data, types))
        if found.judged.examples and found.judged.opens_anything:
            raise BreaksGuarantee(found.judged.examples, found.judged.slugs)
    except faults as fault:
        return replace(card, broken=str(fault))
    says = tuple((s.opens, s.text if _inside(snapshot, reader, row) else s.outside) for s in found.says)
    return replace(card, says=says, digest=found.digest)


def said(says: tuple[Said, ...], outside: bool) -> list[list[Any]]:
    """For storing: sentences with whether they open."""
    return [[s.opens, s.outside if outside else s.text] for s in says]


def _of(snapshot: Snapshot, reader: PersonCard) -> QuerySet[PendingChange]:
    mine = [UUID(party) for party in who.acts_for(snapshot, reader)]
    rows = PendingChange.objects.filter(Q(owner_id__in=mine) | Q(agency_id__in=mine))
    return rows.select_related("by", "decided_by")


def _inside(snapshot: Snapshot, reader: PersonCard, row: PendingChange) -> bool:
    """Whether this reader may know how many inside cameras there are: the owner's own people."""
    return str(row.owner_id) in who.acts_for(snapshot, reader)


def _card(row: PendingChange, snapshot: Snapshot, reader: PersonCard) -> Card:
    about = str(row.about_id) if row.about_id else None
    by = str(row.by_id) if row.by_id else None
    agency = str(row.agency_id) if row.agency_id else None
    is_open = row.state == "waiting" and row.expires_utc > clock.now()
    stored = row.says if _inside(snapshot, reader, row) else row.says_outside
    return Card(
        id=str(row.id),
        kind=row.kind,
        title=row.title,
        says=tuple((opens, text) for opens, text in stored),
        by=row.by.name if row.by else SERVER,
        proposed_utc=row.proposed_utc,
        expires_utc=row.expires_utc,
        state=row.state if row.state != "waiting" or is_open else "expired",
        decided_by=row.decided_by.name if row.decided_by else "",
        decided_utc=row.decided_utc,
        note=row.note,
        may_decide=is_open and who.may_decide(snapshot, reader, str(row.owner_id), agency, by, about),
        may_withdraw=is_open and by == reader.id,
        is_about_reader=about == reader.id,
    )
