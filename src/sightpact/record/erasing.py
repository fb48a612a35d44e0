"""Which names in the record are past their time, by the sections that say how long they stay readable. Reads only.

Never: a name about which a statement or a review is still owed, or any name while the record is on hold. The erasing itself
is `actions.erase_due`, which the server calls once an hour.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from sightpact.access import facts
from sightpact.access.facts import Snapshot
from sightpact.agreements.clauses.retention import Retention
from sightpact.ledger import clock
from sightpact.ledger import reads as ledger
from sightpact.ledger.reads import OpenedEntry, Query
from sightpact.record import after, reviews

TYPES = {
    "looks": ("admission",),  # and how each ended
    "refusals": ("refusal",),
    "sharings": (
        "activation_start", "activation_told", "activation_take", "activation_joined", "activation_widened",
        "activation_confirmed", "activation_extended", "activation_undone", "activation_end", "aid_called", "drill_start",
        "drill_told", "drill_taken", "drill_end", "alarm_received", "alarm_answered", "notice_sent", "invitation", "request",
        "window",
    ),
    "reading": ("record_read",),
    "signing_in": ("sign_in", "sign_out", "sign_in_failed"),
}  # fmt: skip
"""Types of entries by the lines that a section names. What is in none of them stays readable as long as the record."""

AT_ONCE = 500  # entries of one rule in one turn: admissions wait for the writer's place meanwhile


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of a section."""

    agreement: str  # slug
    title: str
    is_house: bool
    section: str
    lines: str  # a key of TYPES
    days: int

    def before(self, now: datetime) -> datetime:
        """Names in entries before this instant are past their time."""
        return now - timedelta(days=self.days)


@dataclass(frozen=True, slots=True)
class Due:
    """What a rule would erase."""

    rule: Rule
    indexes: tuple[int, ...]
    kept: int  # past their time, and kept for a statement or a review
    more: bool  # there are more than one turn takes


@dataclass(frozen=True, slots=True)
class Hold:
    """The record is on hold: nobody's name is erased."""

    entry: int
    at: datetime
    by: str
    why: str


@dataclass(frozen=True, slots=True)
class _Kept:
    situations: frozenset[str]
    spans: tuple[tuple[str, datetime, datetime], ...]  # agreement, from, until (exclusive)

    def keeps(self, entry: OpenedEntry) -> bool:
        if entry.key("situation") in self.situations:
            return True
        return any(entry.agreement == slug and since <= entry.at < until for slug, since, until in self.spans)


def rules(snapshot: Snapshot | None = None) -> tuple[Rule, ...]:
    """Every row of every text in force that has such a section."""
    found = []
    for entry in (snapshot or facts.snapshot()).names.running.values():
        for clause in entry.document.all(Retention):
            house = entry.document.house
            found += [
                Rule(entry.slug, entry.title, house, clause.number, r.record, r.days) for r in clause.names
            ]
    return tuple(found)


def holds() -> tuple[Hold, ...]:
    """Every hold that nobody has lifted, oldest first."""
    lifted = {e.ref for e in _all("hold_lifted")}
    return tuple(
        Hold(e.index, e.at, e.shown("person"), e.shown("text"))
        for e in _all("hold_placed")
        if e.index not in lifted
    )


def _all(kind: str) -> Iterator[OpenedEntry]:
    after_index: int | None = None
    while found := ledger.opened(Query(types=(kind,), after=after_index, limit=500, oldest_first=True)):
        yield from found
        after_index = found[-1].index


def portions(rule: Rule) -> Iterator[tuple[int, ...]]:
    """Everything that a rule would erase now, in portions of AT_ONCE. What is needed is asked anew for each."""
    stream = _named(rule, rule.before(clock.now()))
    while some := tuple(islice(stream, AT_ONCE)):
        kept = _kept(facts.snapshot())
        if indexes := tuple(entry.index for entry in some if not kept.keeps(entry)):
            yield indexes


def due(rule: Rule, now: datetime | None = None, snapshot: Snapshot | None = None) -> Due:
    """What a rule would erase at `now`; nothing while there is a hold, which the caller asks for."""
    kept, moment = _kept(snapshot or facts.snapshot()), rule.before(now or clock.now())
    indexes: list[int] = []
    held = 0
    for entry in _named(rule, moment):
        if kept.keeps(entry):
            held += 1
        elif len(indexes) == AT_ONCE:
            return Due(rule, tuple(indexes), held, True)
        else:
            indexes.append(entry.index)
    return Due(rule, tuple(indexes), held, False)


def ends_of(indexes: tuple[int, ...]) -> tuple[int, ...]:
    """The entries that say how these looks ended: a name is erased in both."""
    found: list[int] = []
    for first in range(0, len(indexes), 500):
        found += [end.index for end in ledger.closings(indexes[first : first + 500]).values()]
    return tuple(found)


def lately() -> list[OpenedEntry]:
    """What was erased, the newest first."""
    return ledger.opened(Query(types=("openings_erased",), limit=50))


def _named(rule: Rule, moment: datetime) -> Iterator[OpenedEntry]:
    agreement, after_index = "" if rule.is_house else rule.agreement, -1
    while found := ledger.named_before(TYPES[rule.lines], agreement, moment, after_index, 500):
        yield from found
        after_index = found[-1].index


def _kept(snapshot: Snapshot) -> _Kept:
    situations = frozenset(line.card.id for line in after.all_owed(snapshot))
    spans = tuple((span.agreement, span.since, span.until) for span in reviews.unsigned(snapshot))
    return _Kept(situations, spans)
