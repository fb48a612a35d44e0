"""A text while it is being written: what each section says already, what is wrong and where, what deserves a second look.

Pure. A draft may be incomplete or faulty; it is never repaired. What cannot be said yet is said to be so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sightpact.agreements import checks, document, word_change
from sightpact.agreements.clauses import KINDS, Clause, parse_clause
from sightpact.agreements.clauses.base import Names
from sightpact.agreements.clauses.ground import Parties, Places, Schools
from sightpact.agreements.document import Document
from sightpact.agreements.editor_faults import in_words, missing_remedy
from sightpact.agreements.errors import ClauseFault
from sightpact.agreements.word_change import Piece

MOST_BYTES = 600_000
"""A whole draft as JSON. 200 sections of counsel's longest words would be twice as much; no agreement is near."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, where a form shows it."""

    clause: int | None  # index of the clause; None: the whole text
    field: str  # "emergencies[0].minutes"; "" for the section as a whole
    what: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Said:
    """One section as it reads now. `paragraphs` is empty while it cannot be said."""

    index: int
    number: str
    heading: str
    kind: str
    enforced: bool
    paragraphs: tuple[str, ...]
    explain: str
    about: str  # what such a section says, for the gap where its words will stand


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft, read as far as it can be read."""

    document: Document | None  # None: it has faults
    sections: tuple[Said, ...]
    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...]


def read(raw: Any) -> Draft:
    """Read a draft as far as it goes.

    Args:
        raw: the whole text as JSON gives it.
    Returns:
        Every section in order, also those that cannot be said yet, and every fault in its place.
    """
    try:
        found, faults = document.read(raw)
    except RecursionError:
        fault = ClauseFault("", "It is nested too deeply to be read.", "Begin again from the last version.")
        found, faults, raw = None, [fault], {}
    listed = raw.get("clauses") if isinstance(raw, dict) else None
    items: Sequence[Any] = listed if isinstance(listed, list) else ()
    clauses = tuple(parse_clause(item, "", []) for item in items)
    names = _names(raw, clauses)
    warnings = [*checks.warnings(found), *_lost_references(found)] if found is not None else []
    return Draft(
        document=None if faults else found,
        sections=tuple(
            _said(i, item, clause, names) for i, (item, clause) in enumerate(zip(items, clauses, strict=True))
        ),
        faults=tuple(dict.fromkeys(_placed(fault, items) for fault in faults)),
        warnings=tuple(_placed(fault, items) for fault in warnings),
    )


def with_more(
    draft: Draft, raw: Any, faults: Sequence[ClauseFault], warnings: Sequence[ClauseFault] = ()
) -> Draft:
    """The draft with what only what is stored can tell; its document stays, so that it can still be counted."""
    items = raw.get("clauses", ()) if isinstance(raw, dict) else ()
    return replace(
        draft,
        faults=(*draft.faults, *(_placed(fault, items) for fault in faults)),
        warnings=(*draft.warnings, *(_placed(fault, items) for fault in warnings)),
    )


def _names(raw: Any, clauses: Sequence[Clause | None]) -> Names | None:
    """What the readable part of the text says about itself; None while it does not say between whom it is."""
    readable = [c for c in clauses if c is not None]
    parties = [c for c in readable if isinstance(c, Parties) and any(p.side == "owner" for p in c.parties)]
    if not parties:
        return None
    covered = [c for c in readable if isinstance(c, Schools | Places)][:1]
    stand_in = covered or [Schools(number="0", heading="-", all=True)]
    others = [c for c in readable if not isinstance(c, Parties | Schools | Places)]
    slug, house = raw.get("slug"), raw.get("house")
    whole = Document(
        slug=slug if isinstance(slug, str) else "",
        revision=1,
        title="",
        house=house is True,
        parts={},
        clauses=(parties[0], *stand_in, *others),
    )
    return whole.names


def _said(index: int, item: Any, clause: Clause | None, names: Names | None) -> Said:
    raw = item if isinstance(item, dict) else {}
    kind = raw.get("kind")
    cls = KINDS.get(kind) if isinstance(kind, str) else None
    paragraphs: tuple[str, ...] = ()
    explain = ""
    if clause is not None and names is not None:
        try:
            paragraphs, explain = clause.render(names), clause.explain(names)
        except (KeyError, IndexError, ValueError, AssertionError, StopIteration):
            paragraphs, explain = (), ""  # it names what the text does not have; the faults say what
    return Said(
        index=index,
        number=_plain(raw.get("number", "")),
        heading=_plain(raw.get("heading", "")),
        kind=cls.kind if cls else "",
        enforced=cls.enforced if cls else True,
        paragraphs=paragraphs,
        explain=explain,
        about=cls.about if cls else "",
    )


def _plain(value: Any) -> str:
    """For a page: what cannot be printed is left out."""
    return "".join(c for c in str(value) if c.isprintable())[:200]


_PATH = re.compile(r"clauses\[(\d+)\]\.?(.*)\Z", re.S)
_MISSING = re.compile(r"'([a-z_]+)' is missing\.\Z")


def _placed(fault: ClauseFault, items: Sequence[Any]) -> Fault:
    """The fault at its field; what is missing stands at the field that misses, in the words of the form."""
    hit = _PATH.match(fault.path)
    if hit is None:
        return Fault(None, _plain(fault.path), _plain_words(fault.what), _plain_words(fault.remedy))
    index, field = int(hit[1]), hit[2]
    missing = _MISSING.match(fault.what)
    raw = items[index] if index < len(items) and isinstance(items[index], dict) else {}
    cls = KINDS.get(str(raw.get("kind")))
    if missing and cls is not None:
        field = f"{field}.{missing[1]}".strip(".")
        what, remedy = missing_remedy(cls, field)
        return Fault(index, field, what, remedy)
    return Fault(index, _plain(field), _plain_words(fault.what), _plain_words(fault.remedy))


def _plain_words(text: str) -> str:
    return "".join(c for c in in_words(text) if c.isprintable())[:2000]


_REFERENCE = re.compile(r"\b[Ss]ections? ((?:[A-Z]?\d+(?:\.\d+)*(?:, | and | or )?)+)")


def _lost_references(found: Document) -> list[ClauseFault]:
    """Sections that counsel's words speak of and that there are none of: after renumbering, mostly."""
    numbers = {c.number for c in found.clauses} | set(found.parts)
    lost = []
    for index, clause in enumerate(found.clauses):
        text = getattr(clause, "text", "")
        for hit in _REFERENCE.finditer(text if isinstance(text, str) else ""):
            for number in re.findall(r"[A-Z]?\d+(?:\.\d+)*", hit[1]):
                if number not in numbers:
                    what = f"Section {clause.number} speaks of section {number}, which there is none of."
                    lost.append(ClauseFault(f"clauses[{index}].text", what, "Correct the number."))
    return lost


def against(sections: Sequence[Said], base: Document | None) -> dict[int, tuple[str, tuple[Piece, ...]]]:
    """The words of each section beside what the base says there.

    Returns:
        index -> (its number in the base, "" when it is new there; the pieces, one paragraph a line).
    """
    if base is None:
        return {}
    names = base.names
    left = {c.number: c for c in base.clauses}
    found: dict[int, tuple[str, tuple[Piece, ...]]] = {}
    waiting = []
    for said in sections:
        clause = left.get(said.number)
        if clause is not None and clause.kind == said.kind:
            found[said.index] = _pieces(clause, said, names)
            del left[said.number]
        else:
            waiting.append(said)
    for said in waiting:
        same = [c for c in left.values() if c.kind == said.kind]
        clause = next((c for c in same if c.heading == said.heading), None)
        clause = clause or next((c for c in same if c.at_most_once), None)
        if clause is None:
            found[said.index] = ("", (Piece(word_change.IN, "\n".join(said.paragraphs)),))
        else:
            del left[clause.number]
            found[said.index] = _pieces(clause, said, names)
    return found


def _pieces(clause: Clause, said: Said, names: Names) -> tuple[str, tuple[Piece, ...]]:
    old = "\n".join(clause.render(names))
    return clause.number, word_change.pieces(old, "\n".join(said.paragraphs))
