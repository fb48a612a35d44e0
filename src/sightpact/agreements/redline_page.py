"""What the page of changes shows: two texts, the words on the left, the change in access on the right, broken guarantees on top.

Members of a party read revisions, and drafts of their own side. How many inside cameras there are is for the owner's people
alone: for others the inside is a made-up one, with a camera of each kind at each school, so that not even a zero tells anything.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.translation import gettext as _

from sightpact.agreements import acting, diff, drafting, editor_drawing, editor_reads, life, talk
from sightpact.agreements.access_change import sentence
from sightpact.agreements.consequences import DESK, Asked, Consequence, Guaranteed
from sightpact.agreements.diff import Change, Row, SectionChange
from sightpact.agreements.drafting import DraftCard
from sightpact.agreements.field import Field
from sightpact.agreements.models import Agreement
from sightpact.agreements.redline import with_made_up_inside
from sightpact.agreements.talk import Remark
from sightpact.agreements.word_change import IN, OUT, SAME, Op, Piece, paragraphs
from sightpact.people.reads import PersonCard

__all__ = ["RedlinePage", "page", "paragraphs", "with_made_up_inside"]

WAIT_S = 30.0


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
    broken: tuple[Guaranteed, ...] = ()  # guarantees that this section breaks
    before: tuple[tuple[Piece, ...], ...] = ()  # the old words alone, for side by side
    after: tuple[tuple[Piece, ...], ...] = ()
    drawings: tuple[tuple[str, Field], ...] = ()  # the owner's cameras: under which text, and the drawing
    remarks: tuple[Remark, ...] = ()  # comments on it that this reader may read

    @property
    def way(self) -> str:
        """Which mark stands beside it: breaks, more, less, limits (times or numbers alone) or same."""
        if self.broken:
            return "breaks"
        if self.opens:
            return "more"
        if self.closes:
            return "less"
        return "limits" if self.rows else "same"


@dataclass(frozen=True, slots=True)
class Text:
    """One that can be chosen: a revision, or a draft of the reader's own side."""

    key: str  # "3", "draft-<id>"
    name: str
    is_draft: bool = False

    @property
    def short(self) -> str:
        return _("This draft") if self.is_draft else self.name

    @property
    def within(self) -> str:
        """The name inside a sentence."""
        return _("your side's draft") if self.is_draft else self.name[:1].lower() + self.name[1:]


@dataclass(frozen=True, slots=True)
class RedlinePage:
    slug: str
    name: str  # the agreement's title
    texts: tuple[Text, ...]  # every stored revision, and the reader's own drafts
    old: Text
    new: Text
    show_all: bool
    side_by_side: bool
    count_inside: bool
    fault: str  # why there is nothing to show
    title: tuple[Piece, ...] = ()
    sections: tuple[Section, ...] = ()
    total: int = 0
    changed: int = 0
    broken: tuple[Guaranteed, ...] = ()
    guarantees: int = 0
    cases: int = 0
    talked: int = 0  # number of the revision whose comments stand here; 0: none
    remarks: tuple[Remark, ...] = ()  # on the whole text, and on sections that are not shown
    writes: bool = False

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

    @property
    def breaking(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(number for g in self.broken for number in g.sections))

    @property
    def holding(self) -> int:
        return self.guarantees - len(self.broken)


def page(
    slug: str, person: PersonCard, old: str, new: str, show_all: bool, side_by_side: bool = False
) -> RedlinePage | None:
    """The changes between two texts, the last two revisions unless others are asked for.

    Args:
        old, new: as they stand in the address: a revision's number or "draft-<id>"; "" for the last but one and the last.
    Returns:
        None when there is no such agreement or text, or it is not for this person.
    """
    mine = {uuid.UUID(party) for party, _role in person.roles}
    row = Agreement.objects.filter(slug=slug, parties__in=mine).distinct().first()
    if row is None:
        return None
    numbers = [str(number) for number in row.revisions.order_by("number").values_list("number", flat=True)]
    texts = {key: Text(key, _("Revision %(n)s") % {"n": key}) for key in numbers}
    zone = ZoneInfo(person.zone or "UTC")
    texts |= {f"draft-{card.id}": _draft(card, zone) for card in drafting.open_drafts(person, slug)}
    if len(texts) < 2:
        return None
    keys = list(texts)
    old = old or (numbers[-2] if len(numbers) > 1 else keys[0])
    new = new or (numbers[-1] if len(numbers) > 1 else keys[1])
    if old not in texts or new not in texts:
        return None
    of_owner = str(row.owner_id) in editor_reads.mine(person)
    empty = RedlinePage(
        slug,
        row.title,
        tuple(texts.values()),
        texts[old],
        texts[new],
        show_all,
        side_by_side,
        of_owner,
        fault="",
    )
    before, after = (editor_reads.base(slug, key, person) for key in (old, new))
    if before is None or after is None:
        wrong = texts[old if before is None else new]
        return replace(empty, fault=_cannot(wrong))
    asked = editor_reads.asked(before.document, after.document, person)
    found = DESK.ask(f"{person.id} redline", asked, WAIT_S)  # not put off by an editor of the same person
    if found is None:
        return replace(empty, fault=_("This is still being counted. Load the page again."))
    return _talked(_filled(empty, found, asked), person)


def _talked(found: RedlinePage, person: PersonCard) -> RedlinePage:
    """With the comments on the newer revision of the two; beside a draft, on the revision that it is compared with."""
    key = found.old.key if found.new.is_draft else found.new.key
    if not key.isdigit():
        return found
    remarks = talk.remarks(found.slug, int(key), person)
    numbers = {s.number for s in found.sections if s.state != "removed"}
    return replace(
        found,
        talked=int(key),
        writes=bool(acting.drafts_for(person) & set(life.party_ids(found.slug))),
        remarks=tuple(r for r in remarks if r.section not in numbers),
        sections=tuple(
            replace(s, remarks=tuple(r for r in remarks if r.section == s.number and s.number in numbers))
            for s in found.sections
        ),
    )


def _draft(card: DraftCard, zone: ZoneInfo) -> Text:
    when = formats.date_format(card.saved_utc.astimezone(zone), "j F Y, H:i", use_l10n=False)
    return Text(f"draft-{card.id}", _("Your side's draft, saved %(when)s") % {"when": when}, is_draft=True)


def _cannot(text: Text) -> str:
    if text.is_draft:
        return _("%(name)s has faults. Mend them in the editor, then compare it.") % {"name": text.name}
    return _("%(name)s cannot be read: its stored text differs from what was stored. Compare the record.") % {
        "name": text.name
    }


def _filled(empty: RedlinePage, found: Consequence, asked: Asked) -> RedlinePage:
    change = found.change
    if change is None:
        return replace(empty, fault=found.fault)
    shown = change.sections if empty.show_all else change.changed
    texts = [(empty.old, asked.old), (empty.new, asked.new)] if asked.count_inside else []
    drawn = [(text.short, editor_drawing.drawn(asked, document)) for text, document in texts if document]
    return replace(
        empty,
        title=change.title,
        sections=tuple(_section(s, change, found.broken, drawn) for s in shown),
        total=len(change.sections),
        changed=len(change.changed),
        broken=found.broken,
        guarantees=len(found.guarantees),
        cases=found.cases,
    )


def _section(
    section: SectionChange,
    change: Change,
    broken: tuple[Guaranteed, ...],
    drawn: list[tuple[str, dict[str, Field]]],
) -> Section:
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
        broken=tuple(g for g in broken if section.new_number and section.new_number in g.sections),
        before=tuple(_one_side(section.words, OUT)),
        after=tuple(_one_side(section.words, IN)),
        drawings=tuple(
            (name, fields[number])
            for (name, fields), number in zip(drawn, (section.old_number, section.new_number), strict=False)
            if number in fields and any(line.cameras for line in section.lines)
        ),
    )


def _one_side(words: tuple[Piece, ...], op: Op) -> Iterator[tuple[Piece, ...]]:
    """The words of one text alone, one paragraph at a time; what the other one does not have is marked."""
    line: list[Piece] = []
    for piece in words:
        if piece.op not in (SAME, op):
            continue
        for index, part in enumerate(piece.text.split("\n")):
            if index and line:
                yield tuple(line)
                line = []
            if part:
                line.append(Piece(piece.op, part))
    if line:
        yield tuple(line)


def _said(section: SectionChange, change: Change) -> Iterator[Said]:
    for line in section.lines:
        yield Said(line.opens, sentence(line, change.context))
    if section.could_open:
        yield Said(True, diff.COULD_OPEN)
    if section.could_close:
        yield Said(False, diff.COULD_CLOSE)
