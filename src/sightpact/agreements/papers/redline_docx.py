"""The redline as a Word file with real tracked changes: accepting all gives the new text, rejecting all the old one.

What a change does to access stands beside it as Word's own comments, which go when counsel has done with them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from sightpact.agreements.papers import word_file
from sightpact.agreements.papers.content import ChangedSection, RedlinePaper, clean
from sightpact.agreements.papers.text_docx import hashes, title
from sightpact.agreements.papers.text_html import is_item
from sightpact.agreements.word_change import IN, OUT, SAME, Op, Piece

KIND = {IN: "w:ins", OUT: "w:del"}


def redline_docx(paper: RedlinePaper) -> bytes:
    """The file's bytes."""
    changes = f"Changes from {paper.old.within} to {paper.new.within}"
    document = word_file.begin(paper.new, changes)
    title(document, paper.new, changes)
    word_file.track_further(document)
    tracked = word_file.Tracked(paper.new.standing.by or paper.new.name, paper.new.standing.stored)
    if len(paper.title) > 1:
        _write(document.add_paragraph(style="Subtitle"), paper.title, tracked)
    for section in paper.sections:
        _section(document, section, tracked)
    _access(document, paper)
    hashes(document, paper.new)
    _undated_comments(document, tracked)
    return word_file.finish(document)


def lines(pieces: Sequence[Piece]) -> Iterator[tuple[tuple[Piece, ...], Op]]:
    """The pieces one paragraph at a time, each with what happened to the paragraph's end.

    Joined again over the ends that came in or stayed they are the new text, over those that went out or stayed the old one.
    """
    line: list[Piece] = []
    for piece in pieces:
        *ended, rest = piece.text.split("\n")
        for text in ended:
            yield (*line, *([Piece(piece.op, text)] if text else [])), piece.op
            line = []
        if rest:
            line.append(Piece(piece.op, rest))
    yield tuple(line), pieces[-1].op if pieces and all(p.op == pieces[0].op for p in pieces) else SAME


def _section(document: WordDocument, section: ChangedSection, tracked: word_file.Tracked) -> None:
    if section.part:
        document.add_heading(clean(section.part), 1)
    heading = document.add_heading(level=2)
    _write(heading, (*_number(section), *section.heading), tracked)
    whole = {"added": IN, "removed": OUT}.get(section.state)
    if whole:
        tracked.end(heading, KIND[whole])
    for pieces, end in lines(section.words):
        text = "".join(p.text for p in pieces)
        paragraph = document.add_paragraph(style="Item" if is_item(text) else "Normal")
        _write(paragraph, pieces, tracked)
        if end != SAME:
            tracked.end(paragraph, KIND[end])
    told = _told(section)
    if told:
        _comment(document, heading, told)


def _number(section: ChangedSection) -> tuple[Piece, ...]:
    old, new = section.old_number, section.new_number
    if old and new and old != new:
        return Piece(OUT, old), Piece(IN, new), Piece(SAME, "  ")
    op: Op = SAME if old and new else IN if new else OUT
    return (Piece(op, f"{section.number}  "),)


def _write(paragraph: Paragraph, pieces: Sequence[Piece], tracked: word_file.Tracked) -> None:
    for piece in pieces:
        if piece.op == SAME:
            paragraph.add_run(clean(piece.text))
        else:
            tracked.words(paragraph, KIND[piece.op], piece.text)


def _told(section: ChangedSection) -> list[str]:
    if not section.differs:
        return []
    told = [f"Opens more. {text}" for text in section.opens] + [f"Closes. {text}" for text in section.closes]
    told += [f"{r.what}: {r.old} before, {r.new} now." for r in section.rows]
    return told or ["Same access. Nobody sees more or less."]


def _comment(document: WordDocument, heading: Paragraph, told: Sequence[str]) -> None:
    """A comment on the heading. Its anchors are put around everything in the heading, tracked words too."""
    anchor = heading.add_run("")
    comment: Any = document.add_comment(anchor, text=clean("\n".join(told)), author="Sightpact", initials="S")
    start = heading._p.find(qn("w:commentRangeStart"))
    first = next((i for i, child in enumerate(heading._p) if child.tag != qn("w:pPr")), 0)
    heading._p.remove(start)
    heading._p.insert(first, start)
    assert comment is not None


def _undated_comments(document: WordDocument, tracked: word_file.Tracked) -> None:
    """Comments bear the revision's date, or none: never that of the making."""
    dated = tracked.element("w:ins").get(qn("w:date"))
    for comment in document.comments:
        element: Any = comment._comment_elm
        element.attrib.pop(qn("w:date"), None)
        if dated:
            element.set(qn("w:date"), dated)


def _access(document: WordDocument, paper: RedlinePaper) -> None:
    document.add_heading("What the changes do to access", 1)
    document.add_paragraph(clean(paper.counted))
    rows = [(s.number, " ".join(_told(s))) for s in paper.sections if s.differs]
    word_file.table(document, ("Section", "Change in access"), rows or [("", "No section differs.")])
