"""What the page of changes shows: two stored revisions, the words on the left, the change in access on the right.

Members of a party read it. How many inside cameras there are is for the owner's people alone: for others the inside is
a made-up one, with a camera of each kind at each school, so that not even a zero tells anything.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace

from sightpact.agreements import diff, redline
from sightpact.agreements.access_change import sentence
from sightpact.agreements.diff import Change, Row, SectionChange
from sightpact.agreements.document import Document, from_canonical
from sightpact.agreements.errors import AgreementError
from sightpact.agreements.models import Agreement
from sightpact.agreements.word_change import Piece, paragraphs
from sightpact.cameras import reads as cameras
from sightpact.decide.facts import COMMON_AREA_KINDS, EXTERIOR_AREA_KINDS, Camera, Inventory
from sightpact.people.reads import PersonCard


@dataclass(frozen=True, slots=True)
class Said:
    opens: bool
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """One section as the page shows it."""

    number: str
    was_number: str  # when it had another one
    state: str
    enforced: bool
    heading: tuple[Piece, ...]
    paragraphs: tuple[tuple[Piece, ...], ...]
    said: tuple[Said, ...]
    rows: tuple[Row, ...]
    opens: bool
    closes: bool

    @property
    def way(self) -> str:
        """Which mark stands beside it: more, less, limits (times or numbers alone) or same."""
        if self.opens:
            return "more"
        if self.closes:
            return "less"
        return "limits" if self.rows else "same"


@dataclass(frozen=True, slots=True)
class RedlinePage:
    slug: str
    name: str  # the agreement's title
    numbers: tuple[int, ...]  # of every stored revision
    old: int
    new: int
    show_all: bool
    count_inside: bool
    fault: str  # why there is nothing to show
    title: tuple[Piece, ...] = ()
    sections: tuple[Section, ...] = ()
    total: int = 0
    changed: int = 0

    def _numbers(self, way: str) -> tuple[str, ...]:
        return tuple(s.number for s in self.sections if s.state != "same" or s.said if getattr(s, way))

    @property
    def opening(self) -> tuple[str, ...]:
        """Numbers of the sections that open more."""
        return self._numbers("opens")

    @property
    def closing(self) -> tuple[str, ...]:
        return self._numbers("closes")

    @property
    def same_access(self) -> tuple[str, ...]:
        return tuple(s.number for s in self.sections if s.state != "same" and not s.opens and not s.closes)


def page(slug: str, person: PersonCard, old: str, new: str, show_all: bool) -> RedlinePage | None:
    """The changes between two revisions, the last two unless others are asked for.

    Args:
        old, new: numbers of revisions as they stand in the address; "" for the last but one and the last.
    Returns:
        None when there is no such agreement or revision, or it is not for this person.
    """
    mine = {uuid.UUID(party) for party, _role in person.roles}
    row = Agreement.objects.filter(slug=slug, parties__in=mine).distinct().first()
    if row is None:
        return None
    stored = {str(r.number): r for r in row.revisions.order_by("number")}
    numbers = list(stored)
    if len(numbers) < 2:
        return None
    old, new = old or numbers[-2], new or numbers[-1]
    if old not in stored or new not in stored:
        return None
    of_owner = row.owner_id in mine
    empty = RedlinePage(
        slug, row.title, tuple(int(n) for n in numbers), int(old), int(new), show_all, of_owner, fault=""
    )
    try:
        before, after = (from_canonical(bytes(stored[n].canonical)) for n in (old, new))
        change = _compared(before, after, str(row.pk), of_owner)
    except AgreementError as fault:
        return replace(empty, fault=f"{fault.what}: {fault.why} {fault.next_step}")
    shown = change.sections if show_all else change.changed
    return replace(
        empty,
        title=change.title,
        sections=tuple(_section(s, change) for s in shown),
        total=len(change.sections),
        changed=len(change.changed),
    )


def _compared(old: Document, new: Document, agreement: str, of_owner: bool) -> Change:
    stock = redline.stored()
    if not of_owner:
        stock = with_made_up_inside(stock)
    schools = {card.id: card.name for card in cameras.schools()}
    return diff.compare(old, new, stock, schools, agreement, count_inside=of_owner)


def with_made_up_inside(stock: Inventory) -> Inventory:
    """The outside cameras as they are, and one made-up inside camera of each common kind at each school."""
    found = {c.id: c for c in stock.cameras.values() if c.classified and c.area_kinds <= EXTERIOR_AREA_KINDS}
    for school in stock.schools.values():
        for kind in sorted(COMMON_AREA_KINDS):
            id = f"{school.id}.{kind}"
            found[id] = Camera(id, school.owner, school.id, frozenset({kind}), frozenset(), True, False)
    return replace(stock, cameras=found)


def _section(section: SectionChange, change: Change) -> Section:
    moved = section.old_number and section.new_number and section.old_number != section.new_number
    return Section(
        number=section.number,
        was_number=section.old_number if moved else "",
        state=section.state,
        enforced=section.enforced,
        heading=section.heading,
        paragraphs=tuple(paragraphs(section.words)),
        said=tuple(_said(section, change)),
        rows=section.rows,
        opens=section.opens,
        closes=section.closes,
    )


def _said(section: SectionChange, change: Change) -> Iterator[Said]:
    for line in section.lines:
        yield Said(line.opens, sentence(line, change.context))
    if section.could_open:
        yield Said(True, diff.COULD_OPEN)
    if section.could_close:
        yield Said(False, diff.COULD_CLOSE)

