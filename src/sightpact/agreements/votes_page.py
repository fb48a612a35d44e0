"""What the page of votes shows: the bodies, their records with every correction, and the form. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sightpact.agreements import acting, life
from sightpact.agreements.models import Adoption, Agreement
from sightpact.agreements.standing import on_the_table
from sightpact.people.reads import PersonCard


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a vote. The last one of a body counts; the others stay as they were."""

    body: str
    on: date
    vote: str
    resolution: str
    minutes_url: str
    is_void: bool
    counts: bool
    party: str
    by: str
    recorded_utc: datetime | None
    is_mine: bool  # the reader's side may correct it


@dataclass(frozen=True, slots=True)
class VotesPage:
    slug: str
    title: str
    revision: int
    revision_id: str
    canonical_hash: str
    is_agreed: bool
    missing: tuple[str, ...]  # bodies that the text names, without a vote
    records: tuple[Record, ...]
    correcting: Record | None


def page(slug: str, person: PersonCard, correcting: str = "") -> VotesPage | None:
    """The votes on the newest text; None when there is none."""
    row = Agreement.objects.filter(slug=slug).first()
    revision = on_the_table(row) if row else None
    state = life.revision_state(slug, revision.number) if revision else None
    if row is None or revision is None or state is None:
        return None
    stored = list(revision.adoptions.select_related("party", "recorded_by").order_by("body", "-serial"))
    last: dict[str, int] = {}
    for a in stored:
        last.setdefault(a.body, a.serial)
    mine = acting.drafts_for(person)
    records = tuple(_record(a, a.serial == last[a.body], mine) for a in stored)
    return VotesPage(
        slug=slug,
        title=row.title,
        revision=revision.number,
        revision_id=str(revision.pk),
        canonical_hash=revision.canonical_hash,
        is_agreed=life.is_agreed(str(revision.pk)),
        missing=state.missing_bodies,
        records=records,
        correcting=next((r for r in records if r.counts and r.is_mine and r.body == correcting), None),
    )


def _record(row: Adoption, counts: bool, mine: frozenset[str]) -> Record:
    return Record(
        body=row.body,
        on=row.on,
        vote=row.vote,
        resolution=row.resolution,
        minutes_url=row.minutes_url,
        is_void=row.is_void,
        counts=counts,
        party=row.party.name if row.party else "",
        by=row.recorded_by.name if row.recorded_by else "",
        recorded_utc=row.recorded_utc,
        is_mine=row.party_id is None or str(row.party_id) in mine,
    )
