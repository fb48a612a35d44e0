"""The reviews that agreements ask for: which are due, and the views that the record's own hash draws for each.

Reads only. Who reviews is named by a section; reading the record stays the law's answer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from sightpact.access import facts, visible
from sightpact.access.facts import Snapshot
from sightpact.agreements.clauses import review
from sightpact.agreements.clauses.terms import Term
from sightpact.agreements.reads import Running
from sightpact.decide.facts import Action
from sightpact.ledger import clock
from sightpact.ledger import reads as ledger
from sightpact.ledger.reads import OpenedEntry, Query
from sightpact.record.reads import Row, rows_at

MOST_SHOWN = (
    6  # of one agreement: older ones that nobody signed stay in the record's gap, and the page says so
)
FORM = b"sightpact/review/v1"


@dataclass(frozen=True, slots=True)
class Due:
    """One span of time whose sample is to be looked at, or was."""

    agreement: str  # slug
    title: str
    section: str
    number: int  # of the span, from 1
    since: datetime  # aware UTC
    until: datetime  # exclusive
    zone: str
    sample: int  # how many views at most
    owner: str  # slug: the sample is of other parties' people
    signed: OpenedEntry | None

    @property
    def last(self) -> datetime:
        """An instant of its last day."""
        return self.until - timedelta(seconds=1)

    @property
    def key(self) -> str:
        """What the record calls it: the span's first day and the day after its last."""
        days = (
            instant.astimezone(ZoneInfo(self.zone)).date().isoformat() for instant in (self.since, self.until)
        )
        return "/".join(days)


@dataclass(frozen=True, slots=True)
class Drawn:
    """The sample: `seed` and `size` are what anybody needs to draw it again."""

    seed: str  # hex: root hash of the record's tree of `size` entries
    size: int
    views: int  # among how many it was drawn
    indexes: tuple[int, ...]  # of the admissions, in the record's order


def due(person_id: str, snapshot: Snapshot | None = None) -> tuple[Due, ...]:
    """Every review that this person may sign: those not signed, the oldest first, then the last one that was."""
    snapshot = snapshot or facts.snapshot()
    found: list[Due] = []
    for entry in snapshot.names.running.values():
        spans = tuple(_spans(entry)) if _may(person_id, entry, snapshot) else ()
        found += [span for span in spans if span.signed is None]
        found += [span for span in spans if span.signed is not None][-1:]
    return tuple(sorted(found, key=lambda span: (span.signed is not None, span.until)))


def one(person_id: str, agreement: str, number: int) -> Due | None:
    """One review by its agreement's slug and its number; None when this person has none of that name."""
    return next((d for d in due(person_id) if (d.agreement, d.number) == (agreement, number)), None)


def unsigned(snapshot: Snapshot) -> tuple[Due, ...]:
    """Every review that is owed by anybody: what it is about must stay readable meanwhile."""
    with_clause = [e for e in snapshot.names.running.values() if e.document.all(review.Review)]
    return tuple(span for entry in with_clause for span in _spans(entry) if span.signed is None)


def draw(span: Due) -> Drawn | None:
    """The sample of a span that is over; None as long as the record has no entry after it.

    Each view's place is the hash of seed, agreement and its number in the record; the first `sample` places are looked at.
    """
    size = ledger.first_at(span.until) + 1
    head = ledger.head()
    if head is None or head.size < size:
        return None
    return _draw(span.agreement, span.owner, span.since, span.until, span.sample, size, ledger.root(size))


def rows(drawn: Drawn) -> tuple[Row, ...]:
    """The drawn views as lines of the record."""
    return rows_at(drawn.indexes)


@lru_cache(maxsize=32)
def _draw(
    agreement: str, owner: str, since: datetime, until: datetime, sample: int, size: int, root: bytes
) -> Drawn:
    views = [
        entry.index
        for entry in ledger.clear_between(("admission",), since, until)
        if entry.agreement == agreement and entry.party != owner
    ]
    chosen = sorted(views, key=lambda index: _place(root, agreement, index))[:sample]
    return Drawn(root.hex(), size, len(views), tuple(sorted(chosen)))


def _place(root: bytes, agreement: str, index: int) -> bytes:
    return hashlib.sha256(b"\n".join((FORM, root, agreement.encode(), str(index).encode()))).digest()


def _may(person_id: str, entry: Running, snapshot: Snapshot) -> bool:
    clause = next(iter(entry.document.all(review.Review)), None)
    known = snapshot.world.inventory.persons.get(person_id)
    if clause is None or known is None:
        return False
    slugs = {id: card.slug for id, card in snapshot.names.parties.items()}
    roles = frozenset((slugs.get(party, party), role) for party, role in known.roles)
    named = entry.id in known.named_in
    reads_it = visible.owners_where(person_id, Action.READ_RECORD, snapshot)
    return entry.facts.owner in reads_it and any(who.holds(roles, named) for who in clause.by)


def _spans(entry: Running) -> Iterator[Due]:
    """The last spans that are over, in order."""
    clause = next(iter(entry.document.all(review.Review)))
    term = entry.document.one(Term)
    signed = _signed(entry.slug)
    now, zone = clock.now(), ZoneInfo(term.zone)
    days = 7 * clause.every_weeks
    over = (now.astimezone(zone).date() - term.begins).days // days
    first_entry = ledger.opened_at([0]).get(0)
    for number in range(max(1, over - MOST_SHOWN + 1), over + 1):
        first = term.begins + timedelta(days=days * (number - 1))
        since, until = (
            datetime.combine(day, time(), zone).astimezone(UTC)
            for day in (first, first + timedelta(days=days))
        )
        if first_entry is None or until <= first_entry.at:
            continue  # before there was a record
        span = Due(
            agreement=entry.slug,
            title=entry.title,
            section=clause.number,
            number=number,
            since=since,
            until=until,
            zone=term.zone,
            sample=clause.sample,
            owner=entry.document.owner,
            signed=None,
        )
        yield replace(span, signed=signed.get(span.key))


def _signed(agreement: str) -> dict[str, OpenedEntry]:
    """The first signature of each span, by its key."""
    entries = ledger.opened(Query(types=("review_signed",), limit=500))
    return {e.reason_code: e for e in entries if e.agreement == agreement}  # newest first: the oldest stays
