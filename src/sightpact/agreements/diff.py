"""Two revisions side by side: words by section, and beside them the change in access. Pure.

The change in access is never read off the words: both texts are asked, over the same world (`opens`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sightpact.agreements import access_change, madeup, word_change
from sightpact.agreements.access_change import Context, Line, sentence
from sightpact.agreements.clauses import Clause
from sightpact.agreements.clauses.limits import Limited
from sightpact.agreements.clauses.views import EmergencyView
from sightpact.agreements.document import Document, canonical, from_canonical
from sightpact.agreements.errors import AgreementError
from sightpact.agreements.opens import Opens, alike, opens
from sightpact.agreements.word_change import Piece
from sightpact.decide.facts import EXTERIOR_AREA_KINDS, Action, Inventory


@dataclass(frozen=True, slots=True)
class Row:
    """A number that a section had, and has."""

    what: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class SectionChange:
    """A section in both texts; `old_number` or `new_number` is "" when it stands in one of them alone."""

    old_number: str
    new_number: str
    kind: str
    enforced: bool
    heading: tuple[Piece, ...]
    words: tuple[Piece, ...]
    lines: tuple[Line, ...]  # changes in access that stand under it
    rows: tuple[Row, ...]
    could_open: bool = (
        False  # on paper it opens more, though with the people and cameras of today nobody sees more
    )
    could_close: bool = False  # the same of closing

    @property
    def number(self) -> str:
        return self.new_number or self.old_number

    @property
    def state(self) -> str:
        """added, removed, changed, renumbered, same: of the words alone."""
        if not self.old_number or not self.new_number:
            return "removed" if self.old_number else "added"
        if any(p.op != word_change.SAME for p in (*self.heading, *self.words)):
            return "changed"
        return "same" if self.old_number == self.new_number else "renumbered"

    @property
    def opens(self) -> bool:
        return self.could_open or any(line.opens for line in self.lines)

    @property
    def closes(self) -> bool:
        return self.could_close or any(not line.opens for line in self.lines)

    @property
    def differs(self) -> bool:
        return self.state != "same" or self.opens or self.closes


@dataclass(frozen=True, slots=True)
class Change:
    """Everything between two texts."""

    context: Context
    title: tuple[Piece, ...]
    sections: tuple[SectionChange, ...]  # all of them, the same ones too

    @property
    def changed(self) -> tuple[SectionChange, ...]:
        return tuple(s for s in self.sections if s.differs)

    @property
    def same_access(self) -> bool:
        return not any(s.opens or s.closes for s in self.sections)


def compare_made_up(old: Document, new: Document) -> Change:
    """Over the small made-up world that fits both texts."""
    _comparable(old, new)
    world = madeup.inventory(old, new)
    named = {p.id: p.named_in for p in world.persons.values()}
    assert all(ids <= {old.slug, new.slug} for ids in named.values())
    return compare(old, new, world, madeup.school_names(old, new), new.slug, real=False)


def compare(
    old: Document,
    new: Document,
    inventory: Inventory,
    schools: Mapping[str, str],
    agreement: str,
    *,
    count_inside: bool = True,
    real: bool = True,
) -> Change:
    """The change from one text to the other.

    Args:
        inventory: the world that both are asked over.
        schools: id -> name.
        agreement: id of the agreement, as the annex has it.
        count_inside: whether the reader may know how many inside cameras there are.
        real: whether the inventory is what is stored.
    Raises:
        AgreementError: the two are of different owners, so that no world fits both.
    """
    _comparable(old, new)
    groups = alike(inventory, old, new)
    was, now = (opens(d, inventory, agreement, groups) for d in (old, new))
    lines = access_change.lines(was, now, groups, inventory)
    context = Context(inventory, schools, old, new, agreement, count_inside, real)
    counts = (
        _Counts(was, dict(groups.people), dict(groups.cameras)),
        _Counts(now, dict(groups.people), dict(groups.cameras)),
    )
    paper = _on_paper(canonical(old), canonical(new)) if real else frozenset()
    sections = []
    for pair in word_change.pairs(old, new):
        before = pair.old.number if pair.old else ""
        after = pair.new.number if pair.new else ""
        mine = tuple(x for x in lines if x.section == (after if x.opens else before) and x.section)
        clause = pair.new or pair.old
        assert clause is not None
        sections.append(
            SectionChange(
                old_number=before,
                new_number=after,
                kind=clause.kind,
                enforced=clause.enforced,
                heading=word_change.pieces(
                    pair.old.heading if pair.old else "", pair.new.heading if pair.new else ""
                ),
                words=word_change.pieces(word_change.body(pair.old, old), word_change.body(pair.new, new)),
                lines=mine,
                rows=_rows(pair.old, pair.new, counts, context, any(x.cameras for x in mine)),
                could_open=(True, after) in paper and not any(x.opens for x in mine),
                could_close=(False, before) in paper and all(x.opens for x in mine),
            )
        )
    return Change(context, word_change.pieces(old.title, new.title), tuple(sections))


@lru_cache(maxsize=32)
def _on_paper(old: bytes, new: bytes) -> frozenset[tuple[bool, str]]:
    """(opens, section) of every change that shows when each role has somebody and each kind of area a camera."""
    before, after = from_canonical(old), from_canonical(new)
    found = compare_made_up(before, after)
    return frozenset((line.opens, line.section) for s in found.sections for line in s.lines)


def _comparable(old: Document, new: Document) -> None:
    if old.owner != new.owner or old.house != new.house:
        raise AgreementError(
            f"'{old.slug}' and '{new.slug}'",
            "are not two forms of one agreement: their owners or their kinds differ.",
            "Compare two revisions with one owner.",
        )


class _Counts:
    """How many people and cameras one section of a text opens, whatever the situation."""

    def __init__(
        self, opened: Opens, people: Mapping[str, tuple[str, ...]], cameras: Mapping[str, tuple[str, ...]]
    ) -> None:
        self._opened, self._people, self._cameras = opened, people, cameras

    def people(self, section: str) -> int:
        firsts = {p for (p, _c, _w), s in self._opened.views.items() if s == section}
        return sum(len(self._people[first]) for first in firsts)

    def cameras(self, section: str, inventory: Inventory, outside: bool) -> int:
        firsts = {c for (_p, c, _w), s in self._opened.views.items() if s == section}
        ids = [i for first in firsts for i in self._cameras[first]]
        return sum((inventory.cameras[i].area_kinds <= EXTERIOR_AREA_KINDS) == outside for i in ids)


def _rows(
    old: Clause | None,
    new: Clause | None,
    counts: tuple[_Counts, _Counts],
    context: Context,
    views_change: bool,
) -> tuple[Row, ...]:
    """Numbers beside a section that changed: whom and what it opens, and how long."""
    rows: list[Row] = []
    numbers = (old.number if old else "", new.number if new else "")

    def row(what: str, values: tuple[str, str]) -> None:
        if values[0] != values[1]:
            rows.append(Row(what, *values))

    def both(count: Any) -> tuple[str, str]:
        return (str(count(counts[0], numbers[0])), str(count(counts[1], numbers[1])))

    if views_change:  # else a camera may only have gone over to another section that opens it just as well
        row("People", both(lambda c, n: c.people(n)))
        row("Outside cameras", both(lambda c, n: c.cameras(n, context.inventory, True)))
    if views_change and context.count_inside:
        row("Inside cameras", both(lambda c, n: c.cameras(n, context.inventory, False)))
    before, after = _times(old), _times(new)
    for what in dict.fromkeys((*before, *after)):
        row(what, (before.get(what, "none"), after.get(what, "none")))
    return tuple(rows)


def _times(clause: Clause | None) -> dict[str, str]:
    found = {}
    for e in clause.emergencies if isinstance(clause, EmergencyView) else ():
        longest = f", at most {e.cap_minutes}" if e.cap_minutes > e.minutes else ""
        found[f"Minutes: {e.label.lower()}"] = f"{e.minutes}{longest}"
    if isinstance(clause, Limited):
        found["Hours"] = clause.hours.says() if clause.hours else "at all hours"
        found["People at once"] = str(clause.viewers or "any number")
    for field, what in (
        ("standing_s", "Seconds without contact"),
        ("emergency_s", "Seconds without contact, in an emergency"),
        ("then", "When the record cannot be written"),
        ("begins", "First day"),
        ("ends", "Last day"),
        ("minutes", "Minutes at most"),
        ("answer_minutes", "Minutes for an answer"),
        ("escalate_minutes", "Minutes until it is escalated"),
        ("unanswered", "When nobody answers"),
        ("max_hours", "Hours at most"),
        ("proposal_minutes", "Minutes until an all clear counts"),
        ("extend_minutes", "Minutes of one extension"),
    ):
        if clause is not None and hasattr(clause, field):
            value = getattr(clause, field)
            found[what] = "none" if value is None else str(value).replace("stays_closed", "stays closed")
    return found


def as_data(change: Change) -> dict[str, Any]:
    """The same for scripts."""
    context = change.context
    return {
        "old": {"slug": context.old.slug, "revision": context.old.revision},
        "new": {"slug": context.new.slug, "revision": context.new.revision},
        "world": "stored" if context.real else "made up",
        "title": _plain(change.title),
        "opens": sum(s.opens for s in change.sections),
        "closes": sum(s.closes for s in change.sections),
        "sections": [
            {
                "old_number": s.old_number,
                "new_number": s.new_number,
                "kind": s.kind,
                "state": s.state,
                "enforced": s.enforced,
                "heading": _plain(s.heading),
                "words": _plain(s.words),
                "access": [_line(line, context) for line in s.lines],
                "could_open": s.could_open,
                "could_close": s.could_close,
                "numbers": [{"what": r.what, "old": r.old, "new": r.new} for r in s.rows],
            }
            for s in change.changed
        ],
    }


COULD_OPEN = "Opens more on paper. With the people and cameras of today, it gives nobody more."
COULD_CLOSE = "Closes on paper. With the people and cameras of today, it takes nothing from anybody."


def _plain(found: tuple[Piece, ...]) -> list[list[str]]:
    return [[p.op, p.text] for p in found]


def _line(line: Line, context: Context) -> dict[str, Any]:
    return {
        "opens": line.opens,
        "section": line.section,
        "action": str(line.action),
        "people": len(line.people),
        "cameras": len(line.cameras) if line.action is Action.VIEW_LIVE else None,
        "when": [kind or "always" for kind in line.when],
        "still": list(line.still),
        "says": sentence(line, context),
    }
