"""From a text, and from two, to what stands on their papers. Pure: what surrounds a text is given as `Standing`."""

from __future__ import annotations

from sightpact.agreements import diff
from sightpact.agreements import document as documents
from sightpact.agreements.access_change import sentence
from sightpact.agreements.cedar import Made, make
from sightpact.agreements.clauses import words
from sightpact.agreements.clauses.signatories import Signatories
from sightpact.agreements.diff import Change, SectionChange
from sightpact.agreements.document import Document
from sightpact.agreements.papers.content import (
    ChangedSection,
    Head,
    RedlinePaper,
    Row,
    Section,
    Signature,
    Standing,
    TextPaper,
    Vote,
)

FROM_A_FILE = "Made from a file. It bears no signature and opens nothing."


def from_a_file(document: Document) -> Standing:
    """What surrounds a text that is stored nowhere: nothing yet."""
    votes = tuple(Vote(body, "") for body in bodies(document))
    return Standing(FROM_A_FILE, votes=votes, signatures=unsigned(document))


def unsigned(document: Document) -> tuple[Signature, ...]:
    """A place to sign for each party, with the offices that the text says sign for it."""
    rows = [row for clause in document.all(Signatories) for row in clause.rows]
    titles = {
        p.slug: dict.fromkeys(row.title for row in rows if row.party == p.slug) for p in document.parties
    }
    return tuple(Signature(p.name, words.listed(list(titles[p.slug]))) for p in document.parties)


def bodies(document: Document) -> tuple[str, ...]:
    """The bodies that the text says adopt it."""
    return tuple(body for clause in document.all(Signatories) for body in clause.bodies())


def head(document: Document, standing: Standing, made: Made | None = None) -> Head:
    """Which text it is, with its four hashes, made anew from the text."""
    return Head(
        slug=document.slug,
        title=document.title,
        between=documents.between(document),
        revision=document.revision,
        hashes=(made or make(document)).hashes,
        standing=standing,
        owner=next(p.name for p in document.parties if p.slug == document.owner),
    )


def text_paper(document: Document, standing: Standing) -> TextPaper:
    """The whole text, section by section, each with its mark."""
    names = document.names
    sections, part = [], ""
    for clause in document.clauses:
        heading, part = _part(clause.number, part, document)
        sections.append(
            Section(clause.number, clause.heading, clause.render(names), clause.enforced, heading)
        )
    return TextPaper(head(document, standing), tuple(sections))


def redline_paper(change: Change, old: Standing, new: Standing, counted: str) -> RedlinePaper:
    """All sections of two texts, with what changed in them.

    Args:
        counted: over what the numbers were counted, as a sentence.
    """
    context = change.context
    sections, part = [], ""
    for section in change.sections:
        document = context.new if section.new_number else context.old
        heading, part = _part(section.number, part, document)
        sections.append(_section(section, change, heading))
    return RedlinePaper(
        head(context.old, old), head(context.new, new), change.title, tuple(sections), counted
    )


def effects(section: SectionChange, change: Change, opens: bool) -> tuple[str, ...]:
    """What one section's change opens, or closes, in sentences."""
    said = [sentence(line, change.context) for line in section.lines if line.opens == opens]
    if opens and section.could_open:
        said.append(diff.COULD_OPEN)
    if not opens and section.could_close:
        said.append(diff.COULD_CLOSE)
    return tuple(said)


def _section(section: SectionChange, change: Change, part: str) -> ChangedSection:
    return ChangedSection(
        old_number=section.old_number,
        new_number=section.new_number,
        state=section.state,
        enforced=section.enforced,
        heading=section.heading,
        words=section.words,
        opens=effects(section, change, True),
        closes=effects(section, change, False),
        rows=tuple(Row(r.what, r.old, r.new) for r in section.rows),
        part=part,
    )


def _part(number: str, before: str, document: Document) -> tuple[str, str]:
    """The heading of a part, when a section begins it, and the part's number."""
    first = number.split(".")[0]
    begins = first != before and first in document.parts
    return (f"{first}  {document.parts[first]}" if begins else ""), first
