"""Drafts as their own side sees them: frozen answers, never models. Writes nothing.

Never: a draft, its title or its number for anybody who does not draft for the party that it belongs to.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sightpact.agreements import acting, reads
from sightpact.agreements.document import Document, read
from sightpact.agreements.errors import ClauseFault
from sightpact.agreements.models import Draft, DraftVersion
from sightpact.ledger import clock
from sightpact.people.reads import PersonCard

RESTORABLE = timedelta(days=30)
"""How long a discarded draft can be taken back."""


@dataclass(frozen=True, slots=True)
class DraftCard:
    """A draft for one who drafts for its party."""

    id: str
    slug: str  # in the address of its pages; does not change
    title: str
    party_id: str
    party_slug: str
    party_name: str
    source: str
    agreement: str  # slug; "": not proposed yet, a new one
    base: int | None  # number of the revision that it was begun from or last compared with
    newest: int | None  # number of the newest revision that is stored now
    version: int
    begun_by: str
    begun_utc: datetime
    saved_by: str
    saved_utc: datetime
    discarded_utc: datetime | None
    proposed: int | None  # number of the revision that it became
    content: str  # JSON text

    @property
    def document(self) -> dict[str, Any]:
        """The text as it stands, complete or not."""
        found: dict[str, Any] = json.loads(self.content)
        return found

    @property
    def is_open(self) -> bool:
        return self.discarded_utc is None and self.proposed is None

    @property
    def is_behind(self) -> bool:
        """A newer revision is on the table than the one it was begun from."""
        return self.newest is not None and self.base != self.newest

    @property
    def restorable_until(self) -> datetime | None:
        return self.discarded_utc + RESTORABLE if self.discarded_utc else None


@dataclass(frozen=True, slots=True)
class VersionCard:
    number: int
    saved_by: str
    saved_utc: datetime
    is_current: bool


def load(draft_id: str, person: PersonCard) -> DraftCard | None:
    """One draft, also one that is closed; None when there is none for this person."""
    mine = acting.drafts_for(person)
    rows = _rows(mine).filter(pk=_uuid(draft_id)) if _uuid(draft_id) else ()
    return next((_card(row) for row in rows), None)


def open_drafts(person: PersonCard, agreement: str = "") -> tuple[DraftCard, ...]:
    """What this person's side works on, last saved first; with `agreement` (slug) only those for it."""
    rows = _rows(acting.drafts_for(person)).filter(discarded_utc=None, proposed=None)
    if agreement:
        rows = rows.filter(agreement__slug=agreement)
    return tuple(_card(row) for row in rows)


def discarded(person: PersonCard) -> tuple[DraftCard, ...]:
    """Discarded drafts of this person's side that can still be taken back."""
    since = clock.now() - RESTORABLE
    rows = _rows(acting.drafts_for(person)).filter(discarded_utc__gt=since, proposed=None)
    return tuple(_card(row) for row in rows)


def versions(draft_id: str, person: PersonCard) -> tuple[VersionCard, ...]:
    """The kept versions of a draft, the newest first; none for anybody else."""
    card = load(draft_id, person)
    if card is None:
        return ()
    rows = DraftVersion.objects.filter(draft_id=card.id).select_related("saved_by").order_by("-number")
    return tuple(
        VersionCard(row.number, row.saved_by.name, row.saved_utc, row.number == card.version) for row in rows
    )


def checked(document: Mapping[str, Any], number: int) -> tuple[Document | None, list[ClauseFault]]:
    """A draft's text as it would be proposed, and everything that is wrong with it.

    Args:
        number: the revision that it would become.
    """
    parsed, faults = read({**document, "revision": number})
    if parsed is not None and not faults:
        faults = reads.unknown_names(parsed)
    return parsed, faults


def _rows(parties: frozenset[str]) -> Any:
    ids = [UUID(party) for party in parties]
    joined = ("party", "agreement", "base", "proposed", "begun_by", "saved_by")
    return Draft.objects.filter(party__in=ids).select_related(*joined).order_by("-saved_utc", "id")


def _card(row: Draft) -> DraftCard:
    newest = None
    if row.agreement is not None:
        newest = row.agreement.revisions.order_by("-number").values_list("number", flat=True).first()
    return DraftCard(
        id=str(row.pk),
        slug=row.slug,
        title=row.title,
        party_id=str(row.party_id),
        party_slug=row.party.slug,
        party_name=row.party.name,
        source=row.source,
        agreement=row.agreement.slug if row.agreement else "",
        base=row.base.number if row.base else None,
        newest=newest,
        version=row.version,
        begun_by=row.begun_by.name,
        begun_utc=row.begun_utc,
        saved_by=row.saved_by.name,
        saved_utc=row.saved_utc,
        discarded_utc=row.discarded_utc,
        proposed=row.proposed.number if row.proposed else None,
        content=row.content,
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
