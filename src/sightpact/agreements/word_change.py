"""Between two texts: which words came in and which went out, section by section. Pure; knows nothing of access."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from sightpact.agreements.clauses import Clause
from sightpact.agreements.document import Document

SAME: Literal["same"] = "same"
IN: Literal["in"] = "in"
OUT: Literal["out"] = "out"
Op = Literal["same", "in", "out"]

_WORD = re.compile(r"\w+(?:[-'\u2019]\w+)*|\s+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words. SAME and OUT together are the old text, SAME and IN together the new one."""

    op: Op
    text: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A section in both texts, or in one of them."""

    old: Clause | None
    new: Clause | None


def pieces(old: str, new: str) -> tuple[Piece, ...]:
    """The difference by words; what went out stands before what came in."""
    a, b = _WORD.findall(old), _WORD.findall(new)
    runs: list[tuple[Op, str]] = []
    for op, a1, a2, b1, b2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if op == "equal":
            runs.append((SAME, "".join(a[a1:a2])))
        else:
            runs += [(OUT, "".join(a[a1:a2])), (IN, "".join(b[b1:b2]))]
    return _calmed([run for run in runs if run[1]])


def _calmed(runs: Sequence[tuple[Op, str]]) -> tuple[Piece, ...]:
    """A lone space or comma between two changes belongs to the change: "every <del>year</del>", not confetti."""
    found: list[Piece] = []
    out, came, index = "", "", 0
    while index < len(runs):
        op, text = runs[index]
        changing = bool(out or came)
        between = op == SAME and changing and index + 1 < len(runs) and not any(c.isalnum() for c in text)
        if op == OUT:
            out += text
        elif op == IN:
            came += text
        elif between and "\n" not in text:
            out, came = out + text, came + text
        else:
            found += _run(out, came)
            out, came = "", ""
            found.append(Piece(SAME, text))
        index += 1
    return (*found, *_run(out, came))


def _run(out: str, came: str) -> list[Piece]:
    found = []
    if out:
        found.append(Piece(OUT, out))
    if came:
        found.append(Piece(IN, came))
    return found


def paragraphs(words: Sequence[Piece]) -> Iterator[tuple[Piece, ...]]:
    """The pieces, one paragraph at a time. A line's end that went out joins two paragraphs, so it breaks none."""
    breaking = (SAME, IN) if any(p.op != OUT for p in words) else (OUT,)
    line: list[Piece] = []
    for piece in words:
        parts = piece.text.split("\n") if piece.op in breaking else [piece.text.replace("\n", " ")]
        for index, part in enumerate(parts):
            if index:
                yield tuple(line)
                line = []
            if part:
                line.append(Piece(piece.op, part))
    if line:
        yield tuple(line)


def body(clause: Clause | None, document: Document) -> str:
    """A section's words, one paragraph a line."""
    return "\n".join(clause.render(document.names)) if clause else ""


def pairs(old: Document, new: Document) -> tuple[Pair, ...]:
    """Which section became which: in the order of the new text, with those that went out where they stood.

    A section is the same one when, tried in this order: nothing but its number differs; its number and kind agree; its
    kind and heading agree; its kind may stand once only.
    """
    left, right = list(old.clauses), list(new.clauses)
    found: dict[int, Clause] = {}  # index in the new text -> section of the old one

    def match(same: Any) -> None:
        for index, clause in enumerate(right):
            if index in found:
                continue
            candidates = [c for c in left if type(c) is type(clause) and same(c, clause)]
            if candidates:
                chosen = next((c for c in candidates if c.number == clause.number), candidates[0])
                found[index] = chosen
                left.remove(chosen)

    match(lambda a, b: _content(a) == _content(b) and a.number == b.number)
    match(lambda a, b: _content(a) == _content(b))
    match(lambda a, b: a.number == b.number)
    match(lambda a, b: a.heading == b.heading)
    match(lambda a, b: b.at_most_once)

    result = [Pair(found.get(index), clause) for index, clause in enumerate(right)]
    gone = {id(c) for c in left}
    for place, clause in enumerate(old.clauses):
        if id(clause) in gone:
            before = old.clauses[place - 1] if place else None
            at = next((i + 1 for i, p in enumerate(result) if before is not None and p.old is before), 0)
            result.insert(at, Pair(clause, None))
    return tuple(result)


def _content(clause: Clause) -> dict[str, Any]:
    return {key: value for key, value in clause.data().items() if key != "number"}
