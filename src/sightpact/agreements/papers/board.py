"""The board pack's two pages as values: what a text opens, forbids and changes, its proof and its terms. Pure.

Counts are those that the reader may know: `world` is None where there are none (a file on a lawyer's machine).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sightpact.agreements import madeup, proof, proof_words
from sightpact.agreements.as_facts import agreement_fact
from sightpact.agreements.cedar import make
from sightpact.agreements.clauses import Clause, words
from sightpact.agreements.clauses.terms import Leases, LogUnwritable, Term
from sightpact.agreements.clauses.views import EmergencyView
from sightpact.agreements.diff import Change, SectionChange
from sightpact.agreements.document import Document
from sightpact.agreements.papers.content import (
    BoardPaper,
    Effect,
    Limit,
    Opening,
    Proof,
    Squares,
    Standing,
)
from sightpact.agreements.papers.of_text import effects, head
from sightpact.agreements.word_change import SAME, Piece
from sightpact.decide.facts import EXTERIOR_AREA_KINDS, Camera, Inventory

WHEN = {
    "standing_view": "Always",
    "house_view": "Always",
    "invitation_view": "When a school invites",
    "request_view": "When a request is approved",
    "window_view": "During a planned event",
    "mutual_aid": "When aid is called for",
}
"""When a kind of section opens cameras; an emergency's row lists its emergencies. Another kind says its heading."""

STANDING = ("standing_view", "house_view")
"""Kinds of sections that open cameras at all times."""

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


@dataclass(frozen=True, slots=True)
class World:
    """What is counted, for one reader."""

    inventory: Inventory
    agreement: str  # id, as the persons' `named_in` has it
    of_owner: bool  # else inside cameras are not counted


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
    openings = tuple(_opening(c, document, world) for c in _opening_clauses(document))
    return BoardPaper(
        head=head(document, standing),
        one=_one(change, against, today),
        openings=openings,
        squares=_squares(document, world) if world and world.of_owner else None,
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


# what it opens ------------------------------------------------------------------------------------------------------


def _opening_clauses(document: Document) -> list[Clause]:
    """The sections whose own rule lets somebody look."""
    return [c for c in document.clauses if '"view_live"' in c.compile(document.names)]


def _areas(clause: Clause) -> tuple[str, ...]:
    return tuple(getattr(clause, "area_kinds", None) or ())


def _opening(clause: Clause, document: Document, world: World | None) -> Opening:
    when = WHEN.get(clause.kind, clause.heading)
    if isinstance(clause, EmergencyView):
        when = f"In an emergency: {words.listed([e.label.lower() for e in clause.emergencies])}"
    if getattr(clause, "hours", None):
        when = f"{when}, only {clause.hours.says()}"  # type: ignore[attr-defined]
    where = words.capital(words.areas(_more(clause, document)))
    cameras = ""
    if world is not None:
        cameras, where = _cameras(clause, document, world, where)
    people = _people(clause, document, world) if world else ""
    if getattr(clause, "viewers", None):
        people = f"{people or 'All'}, {clause.viewers} at once"  # type: ignore[attr-defined]
    return Opening(when, cameras, where, people, _how_long(clause), clause.number)


def _how_long(clause: Clause) -> str:
    if isinstance(clause, EmergencyView):
        emergencies = clause.emergencies
        first, last = _span([e.minutes for e in emergencies]), max(e.cap_minutes for e in emergencies)
        longer = any(e.cap_minutes > e.minutes for e in emergencies)
        return f"{first}, at most {words.minutes(last)}" if longer else first
    if getattr(clause, "minutes", None):
        return words.minutes(clause.minutes)  # type: ignore[attr-defined]
    if getattr(clause, "max_hours", None):
        return f"at most {words.minutes(clause.max_hours * 60)}"  # type: ignore[attr-defined]
    return "While it is shared" if clause.kind == "mutual_aid" else "Always"


def _span(minutes: Sequence[int]) -> str:
    low, high = min(minutes), max(minutes)
    return words.minutes(low) if low == high else f"{low} to {words.minutes(high)}"


def _more(clause: Clause, document: Document) -> tuple[str, ...]:
    """The kinds of area that a section opens beyond those that are open at all times; all of its own when it adds none."""
    always = {kind for c in _opening_clauses(document) if c.kind in STANDING for kind in _areas(c)}
    more = tuple(kind for kind in _areas(clause) if kind not in always)
    return more if more and clause.kind not in STANDING else _areas(clause)


def _cameras(clause: Clause, document: Document, world: World, where: str) -> tuple[str, str]:
    """How many cameras it opens beyond those always open, and where; nothing of the inside for the other side."""
    outside_only = words.outside_only(_areas(clause))
    if not world.of_owner and not outside_only and clause.kind not in STANDING:
        return "", where
    known = covered(document, world)
    opened = [c for c in known if c.classified and c.in_service and c.area_kinds <= set(_areas(clause))]
    if clause.kind in STANDING:
        return (str(len(opened)) if world.of_owner or outside_only else f"{len(opened)} outside"), where
    standing = [set(_areas(c)) for c in _opening_clauses(document) if c.kind in STANDING]
    more = [c for c in opened if not any(c.area_kinds <= kinds for kinds in standing)]
    schools = {c.school for c in known}
    most = max((sum(c.school == school for c in more) for school in schools), default=0)
    every = f" of one school; {len(more)} in all {len(schools)}" if len(schools) > 1 else ""
    return f"up to {most}", f"{where}{every}"


def _people(clause: Clause, document: Document, world: World) -> str:
    """How many people it lets in: those who hold the role, and are named where it asks for that."""
    slugs = {p.id: p.slug for p in world.inventory.parties.values()}
    count = 0
    for person in world.inventory.persons.values():
        roles = frozenset((slugs.get(party, ""), role) for party, role in person.roles)
        named = world.agreement in person.named_in
        count += person.active and any(
            who.holds(roles, named) for field, who in clause.whos() if field.startswith("who[")
        )
    return str(count)


def covered(document: Document, world: World) -> list[Camera]:
    """The cameras that a text covers, as far as this reader may know of them."""
    owner = {p.slug: p.id for p in world.inventory.parties.values()}.get(document.owner, "")
    listed = document.names.schools
    schools = {
        s.id
        for s in world.inventory.schools.values()
        if s.owner == owner and (listed is None or s.slug in listed)
    }
    found = [c for c in world.inventory.cameras.values() if c.school in schools and not c.drill_source]
    if world.of_owner:
        return found
    return [c for c in found if c.classified and c.area_kinds <= EXTERIOR_AREA_KINDS]


def _squares(document: Document, world: World) -> Squares:
    opening = _opening_clauses(document)
    standing = [set(_areas(c)) for c in opening if c.kind in STANDING]
    at_times = [set(_areas(c)) for c in opening if c.kind not in STANDING]
    counts = dict.fromkeys(("always", "at_times", "never", "unclassified", "shut"), 0)
    for camera in covered(document, world):
        if not camera.classified:
            state = "unclassified"
        elif camera.private and not document.house:
            state = "never"
        elif not camera.in_service:
            state = "shut"
        elif any(camera.area_kinds <= kinds for kinds in standing):
            state = "always"
        else:
            state = "at_times" if any(camera.area_kinds <= kinds for kinds in at_times) else "shut"
        counts[state] += 1
    return Squares(**counts)


# what it forbids ----------------------------------------------------------------------------------------------------


def _limits(document: Document) -> Iterable[Limit]:
    names = document.names
    enforced = [c for c in document.clauses if c.enforced and c.kind in FORBIDS]
    for clause in sorted(enforced, key=lambda c: FORBIDS.index(c.kind)):
        yield Limit(True, clause.heading, first_sentence(clause.explain(names)), clause.number)
    for clause in document.clauses:
        if not clause.enforced:
            yield Limit(False, clause.heading, first_sentence(clause.render(names)[0]), clause.number)


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
