"""From what is stored to what stands on a paper, for one reader. Reads; writes nothing.

Members of a party get papers of its agreements, and of drafts of their own side. How many inside cameras there are is for
the owner's people alone; what else may be counted is `editor_reads.asked`'s, as on the pages.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from sightpact.agreements import consequences, diff, drafting, editor_reads, reads
from sightpact.agreements.cedar import make
from sightpact.agreements.clauses import words
from sightpact.agreements.clauses.terms import Term
from sightpact.agreements.consequences import Asked as Counted
from sightpact.agreements.diff import Change
from sightpact.agreements.document import Document
from sightpact.agreements.models import Agreement, Revision
from sightpact.agreements.papers import board, of_text, standing
from sightpact.agreements.papers.board_opens import World
from sightpact.agreements.papers.content import FORMS, BoardPaper, Paper, Proof, Standing
from sightpact.ledger import reads as ledger
from sightpact.people.reads import PersonCard

OVER_ALL = "Counted over the people and cameras as they are now, through Sightpact."
OVER_OUTSIDE = (
    "Outside cameras are counted as they are now. How many inside cameras there are is not told here."
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for: a revision by number, or "draft-<id>"; "" leaves the choice to us."""

    form: str
    text: str = ""
    old: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A paper's values, and the name that its file gets."""

    paper: Paper
    filename: str


@dataclass(frozen=True, slots=True)
class _Text:
    document: Document
    standing: Standing
    label: str  # in a file's name


def find(slug: str, person: PersonCard, asked: Asked) -> Found | None:
    """What the paper that a person asks for is made of.

    1. The agreement, if the person is of one of its parties. 2. The text asked for, or the one that people mean. 3. What its
    form shows of it.

    Returns:
        None when there is no such agreement, text or form, or it is not for this person.
    Raises:
        PaperFault: the stored text cannot be read.
        AgreementError: the two texts cannot be compared.
    """
    mine = [UUID(party) for party in editor_reads.mine(person)]
    row = Agreement.objects.select_related("owner").filter(slug=slug, parties__in=mine).distinct().first()
    if row is None or asked.form not in FORMS:
        return None
    stored = {str(r.number): r for r in row.revisions.order_by("number")}
    running = next((r for r in reads.running() if r.slug == slug), None)
    if asked.form.startswith("redline"):
        return _redline(row, stored, asked, person)
    text = _read(row, stored, asked.text or _meant(stored, running, asked.form), person)
    if text is None:
        return None
    name = f"{slug}-{text.label}"
    if asked.form == "board-pack":
        return Found(_board(text, running, person), f"{name}-board-pack.pdf")
    return Found(of_text.text_paper(text.document, text.standing), f"{name}.{FORMS[asked.form]}")


def _meant(stored: dict[str, Revision], running: reads.Running | None, form: str) -> str:
    """A board votes on the newest text; whoever prints the text means the one that runs, or else the newest."""
    newest = next(reversed(stored), "")
    if form == "board-pack" or running is None:
        return newest
    return next((number for number, r in stored.items() if str(r.pk) == running.revision), newest)


def _read(row: Agreement, stored: dict[str, Revision], key: str, person: PersonCard) -> _Text | None:
    """A revision, or a draft of the person's own side that has no fault."""
    if key in stored:
        return _Text(*standing.of_revision(row, stored[key]), f"revision-{key}")
    base = editor_reads.base(row.slug, key, person) if key.startswith("draft-") else None
    card = drafting.load(key.removeprefix("draft-"), person) if base is not None else None
    if base is None or card is None or not card.is_open:
        return None
    return _Text(base.document, standing.of_draft(base.document, card), "draft")


def _redline(row: Agreement, stored: dict[str, Revision], asked: Asked, person: PersonCard) -> Found | None:
    numbers = list(stored)
    if len(numbers) < 2 and not (asked.old and asked.text):
        return None
    old = _read(row, stored, asked.old or numbers[-2], person)
    new = _read(row, stored, asked.text or numbers[-1], person)
    if old is None or new is None:
        return None
    counted = _counted(old.document, new.document, person)
    says = OVER_ALL if counted.count_inside else OVER_OUTSIDE
    paper = of_text.redline_paper(_compared(counted), old.standing, new.standing, says)
    return Found(paper, f"{row.slug}-{old.label}-to-{new.label}-changes.{FORMS[asked.form]}")


def _counted(old: Document | None, new: Document, person: PersonCard) -> Counted:
    """What this reader may count, with the parties that a draft names and that are not here."""
    counted = editor_reads.asked(old, new, person)
    stock = consequences.with_parties(counted.stock, new, counted.agreement)
    return Counted(old, new, stock, counted.schools, counted.agreement, counted.count_inside)


def _compared(counted: Counted) -> Change:
    assert counted.old is not None
    return diff.compare(
        counted.old,
        counted.new,
        counted.stock,
        counted.schools,
        counted.agreement,
        count_inside=counted.count_inside,
    )


# the board pack -----------------------------------------------------------------------------------------------------


def _board(text: _Text, running: reads.Running | None, person: PersonCard) -> BoardPaper:
    counted = _counted(running.document if running else None, text.document, person)
    change, against = None, "Nothing is in force today. Everything that stands on page 1 is new."
    if running is not None and running.document == text.document:
        against = "This is the text in force today."
    elif running is not None:
        change = _compared(counted)
        against = f"Against revision {running.document.revision}, which is in force today."
    return board.board_paper(
        text.document,
        text.standing,
        change=change,
        against=against,
        proven=_proof(text.document, counted.count_inside),
        world=World(counted.stock, counted.agreement, counted.count_inside),
    )


def _proof(document: Document, of_owner: bool) -> Proof:
    """The newest certificate of this very policy that the record holds; else the text is tried now, on a made-up world."""
    policy = make(document).cedar_hash
    entries = ledger.opened(ledger.Query(types=("guarantees_proven",), limit=500))
    entry = next((e for e in entries if e.agreement == document.slug and e.policy == policy), None)
    if entry is None or not entry.shown("text"):
        return board.made_up_proof(document)
    told = json.loads(entry.shown("text"))
    rows: tuple[tuple[str, str], ...] = ()
    if of_owner:  # these tell how many cameras there are
        rows = (
            ("People and cameras", f"{told['persons']} and {told['cameras']}"),
            ("Situations", str(told["situations"])),
            ("Cases tried", f"{told['decisions']:,}"),
        )
    failed, guarantees = len(told["failed"]), len(told["guarantees"])
    zone = ZoneInfo(document.one(Term).zone)
    return Proof(
        holds=guarantees - failed,
        guarantees=guarantees,
        rows=(*rows, ("Exceptions", str(failed))),
        where=f"Entry {entry.index:,} of the record, {words.day(entry.at.astimezone(zone).date())}.",
    )
