"""The board pack's two pages as values: what a text opens, forbids and changes, its proof and its terms. Pure.

Counts are those that the reader may know: `world` is None where there are none (a file on a lawyer's machine).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sightpact.agreements import madeup, proof, proof_words
from sightpact.agreements.as_facts import agreement_fact
from sightpact.agreements.cedar import make
from sightpact.agreements.clauses import words
from sightpact.agreements.clauses.terms import Leases, LogUnwritable, Term
from sightpact.agreements.diff import Change, SectionChange
from sightpact.agreements.document import Document
from sightpact.agreements.papers.board_opens import World, opening, opening_clauses, squares
from sightpact.agreements.papers.content import (
    BoardPaper,
    Effect,
    Limit,
    Proof,
    Standing,
)
from sightpact.agreements.papers.of_text import effects, head
from sightpact.agreements.word_change import SAME, Piece

FORBIDS = (
    "private_areas",
    "guarantee",
    "named_persons",
    "product_limit",
    "forbidden_purposes",
    "purposes",
    "redisclosure",
    "who_may_end",
    "leases",
)
"""Kinds of enforced sections that stand under "What it forbids", in this order; after them what people keep."""


def board_paper(
    document: Document,
    standing: Standing,
    *,
    change: Change | None,
    against: str,
    today: str = "the text in force today",
    proven: Proof,
    world: World | None = None,
) -> BoardPaper:
    """Everything on the two pages.

    Args:
        change: against the text in force today; None when there is none, or when it is this one.
        against: what it is compared with, as a sentence.
        today: the same in a few words.
    """
    openings = tuple(opening(c, document, world) for c in opening_clauses(document))
    return BoardPaper(
        head=head(document, standing),
        one=_one(change, against, today),
        openings=openings,
        squares=squares(document, world) if world and world.of_owner else None,
        limits=tuple(_limits(document)),
        against=against,
        today=today,
        effects=tuple(_effect(s, change) for s in change.changed) if change else (),
        proof=proven,
        terms=tuple(_terms(document)),
        copy=_copy(world),
        people_told=world is not None,
    )


def made_up_proof(document: Document) -> Proof:
    """Try every case of a text now, on the small made-up world that fits it.

    Raises:
        DecideError: the text holds something that the proof does not know exactly.
    """
    begins, ends = document.one(Term).in_force()
    ids = {p.slug: p.slug for p in document.parties}
    fact = agreement_fact(document, make(document), ids, document.slug, begins, ends)
    stock = replace(madeup.inventory(document), agreements=(fact,))
    certificate = proof.prove(stock, {document.slug: document})
    (proven,) = certificate.agreements
    names = proof_words.made_up_names(document, stock)
    return Proof(
        holds=len(certificate.guarantees) - len(proven.failed),
        guarantees=len(certificate.guarantees),
        rows=(("Cases tried", f"{proven.decisions:,}"), ("Exceptions", str(len(proven.failed)))),
        where="Tried on a small made-up world that fits the text: each role, each kind of area, each situation.",
        examples=tuple(str(proof_words.told(f, document, names)) for f in proven.failed),
    )


# what it forbids ----------------------------------------------------------------------------------------------------


def _limits(document: Document) -> Iterable[Limit]:
    names = document.names
    enforced = [c for c in document.clauses if c.enforced and c.kind in FORBIDS]
    for clause in sorted(enforced, key=lambda c: FORBIDS.index(c.kind)):
        says = clause.explain(names)
        if says.startswith("Opens nothing."):
            says = _rendered(clause.render(names))
        yield Limit(True, clause.heading, first_sentence(says), clause.number)
    for clause in document.clauses:
        if not clause.enforced:
            yield Limit(False, clause.heading, first_sentence(_rendered(clause.render(names))), clause.number)


def _rendered(lines: Sequence[str]) -> str:
    """A section's beginning as one paragraph: with the items of a list, where it begins one."""
    if not lines[0].endswith(":"):
        return lines[0]
    items = [line.partition(") ")[2] for line in lines[1:] if line.startswith("(")]
    return f"{lines[0]} {' '.join(items)}"


def first_sentence(text: str) -> str:
    """Up to the first full stop that ends a sentence."""
    head, stop, _rest = text.partition(". ")
    return head + (stop.strip() if stop else "")


# what changes -------------------------------------------------------------------------------------------------------


def _one(change: Change | None, against: str, today: str) -> str:
    if change is None:
        return against
    opening = [s.number for s in change.sections if s.opens]
    closing = [s.number for s in change.sections if s.closes]
    rest = [s for s in change.changed if not s.opens and not s.closes]
    also = f" {_sections(len(rest), 'more ')} in words or numbers." if rest and (opening or closing) else ""
    if not opening and not closing:
        return f"Against {today}, nobody sees more or less. {_sections(len(rest))} in words or numbers."
    said = [
        f"{verb} in {'section' if len(listed) == 1 else 'sections'} {words.listed(listed)}"
        for verb, listed in (("opens more", opening), ("closes", closing))
        if listed
    ]
    return f"Against {today}, this {' and '.join(said)}.{also}"


def _sections(count: int, more: str = "") -> str:
    return f"1 {more}section changes" if count == 1 else f"{count} {more}sections change"


def _effect(section: SectionChange, change: Change | None) -> Effect:
    assert change is not None
    opening, closing = effects(section, change, True), effects(section, change, False)
    way = "more" if opening else "less" if closing else "limits" if section.rows else "same"
    said = " ".join((*opening, *closing))
    if not said:
        said = "; ".join(f"{r.what}: {r.old} to {r.new}" for r in section.rows) or (
            "Nobody sees more or less." if section.enforced else "Kept by people."
        )
    pieces = section.words if any(p.op != SAME for p in section.words) else section.heading
    return Effect(section.number, snippet(pieces), way, said)


def snippet(pieces: Sequence[Piece], around: int = 28, most: int = 150) -> tuple[Piece, ...]:
    """The words that changed, with a few around them. Cut with an ellipsis, never silently."""
    flat = [Piece(p.op, p.text.replace("\n", " ")) for p in pieces]
    found: list[Piece] = []
    for index, piece in enumerate(flat):
        text = piece.text
        if piece.op == SAME and len(text) > 2 * around:
            before = "" if index == 0 else _words(text[:around], last=True)
            after = "" if index == len(flat) - 1 else _words(text[-around:], last=False)
            text = f"{before}\u2026{after}"
        found.append(Piece(piece.op, text))
    return tuple(_shortened(found, most))


def _words(text: str, last: bool) -> str:
    """Without a word that was cut at the end (`last`), or at the beginning."""
    if last:
        return text[: text.rfind(" ") + 1] or text
    return text[text.find(" ") :] if " " in text else text


def _shortened(pieces: Sequence[Piece], most: int) -> Iterable[Piece]:
    left = most
    for piece in pieces:
        if left <= 0:
            yield Piece(SAME, " \u2026")
            return
        text = piece.text if len(piece.text) <= left + 20 else _words(piece.text[:left], last=True) + "\u2026"
        left -= len(text)
        yield Piece(piece.op, text)


# terms --------------------------------------------------------------------------------------------------------------


def _terms(document: Document) -> Iterable[tuple[str, str]]:
    term, leases = document.one(Term), document.one(Leases)
    until = f"to {words.day(term.ends)}" if term.ends else "until it is replaced or ended"
    yield "In force", f"{words.day(term.begins)} {until}"
    yield "Suspension", f"{term.render(document.names)[1].split(' can ')[0]} can suspend it at once."
    yield (
        "When contact is lost",
        f"Pictures end within {words.seconds(leases.standing_s)}; in an emergency {words.seconds(leases.emergency_s)}.",
    )
    yield "When the record cannot be written", document.one(LogUnwritable).explain(document.names)


def _copy(world: World | None) -> str:
    if world is None:
        return "Made from a file: nothing is counted."
    if world.of_owner:
        return "The owner\u2019s copy: it tells how many inside cameras there are."
    return "Members\u2019 copy: it leaves out inside counts."
