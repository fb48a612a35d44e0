"""What the preview answers, as plain values for JSON: sections with words and faults, the change in access, the guarantees.

Pure. Made from `editing.read` and `consequences.answer` alone.
"""

from __future__ import annotations

from typing import Any

from sightpact.agreements import diff, editing, editor_drawing
from sightpact.agreements.access_change import sentence
from sightpact.agreements.consequences import Asked, Consequence
from sightpact.agreements.diff import Change, SectionChange
from sightpact.agreements.document import Document
from sightpact.agreements.editing import Draft, Fault, Said
from sightpact.agreements.word_change import SAME, Piece, paragraphs

Json = dict[str, Any]


def words(draft: Draft, base: Document | None) -> Json:
    """Every section as it reads now, beside the base, with its faults; and the faults of the whole text."""
    beside = editing.against(draft.sections, base)
    return {
        "sound": draft.document is not None,
        "sections": [_section(said, draft, beside.get(said.index)) for said in draft.sections],
        "faults": [_fault(f) for f in draft.faults if f.clause is None],
        "warnings": [_fault(f) for f in draft.warnings if f.clause is None],
        "count": len(draft.faults),
    }


def _section(said: Said, draft: Draft, beside: tuple[str, tuple[Piece, ...]] | None) -> Json:
    was, pieces = beside or ("", tuple(Piece(SAME, line) for line in ("\n".join(said.paragraphs),) if line))
    return {
        "number": said.number,
        "was": was,
        "heading": said.heading,
        "kind": said.kind,
        "enforced": said.enforced,
        "said": bool(said.paragraphs),
        "paragraphs": [[[p.op, p.text] for p in line] for line in paragraphs(pieces)]
        if said.paragraphs
        else [],
        "explain": said.explain,
        "about": said.about,
        "faults": [_fault(f) for f in draft.faults if f.clause == said.index],
        "warnings": [_fault(f) for f in draft.warnings if f.clause == said.index],
    }


def _fault(fault: Fault) -> Json:
    return {"clause": fault.clause, "field": fault.field, "what": fault.what, "remedy": fault.remedy}


def access(found: Consequence, asked: Asked) -> Json:
    """The change in access in plain numbers, the guarantees with an example where one breaks, and the owner's cameras drawn."""
    if found.change is None:
        return {"fault": found.fault}
    change = found.change
    differing = [s for s in change.sections if s.opens or s.closes or s.rows]
    return {
        "fault": "",
        "sections": [_moved(s, change) for s in differing],
        "opens": sum(s.opens for s in change.sections),
        "closes": sum(s.closes for s in change.sections),
        "count_inside": change.context.count_inside,
        "cases": found.cases,
        "fields": editor_drawing.fields(asked) if asked.count_inside else {},
        "guarantees": [
            {
                "promise": g.promise,
                "holds": g.holds,
                "example": g.example,
                "change": g.change,
                "sections": list(g.sections),
            }
            for g in found.guarantees
        ],
    }


def _moved(section: SectionChange, change: Change) -> Json:
    opens = [sentence(line, change.context) for line in section.lines if line.opens]
    closes = [sentence(line, change.context) for line in section.lines if not line.opens]
    return {
        "number": section.number,
        "removed": not section.new_number,
        "opens": [*opens, *([diff.COULD_OPEN] if section.could_open else [])],
        "closes": [*closes, *([diff.COULD_CLOSE] if section.could_close else [])],
        "rows": [[row.what, row.old, row.new] for row in section.rows],
    }
