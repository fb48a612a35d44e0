"""The whole text as a Word file: real headings, numbers as text (they are part of what is signed), real tables."""

from __future__ import annotations

from docx.document import Document as WordDocument

from sightpact.agreements.document import ENFORCED_MARK, PEOPLE_MARK
from sightpact.agreements.papers import word_file
from sightpact.agreements.papers.content import Head, TextPaper, clean, in_fours
from sightpact.agreements.papers.text_html import HASHES, is_item


def text_docx(paper: TextPaper) -> bytes:
    """The file's bytes."""
    head = paper.head
    document = word_file.begin(head, head.name)
    title(document, head, head.name)
    for section in paper.sections:
        if section.part:
            document.add_heading(clean(section.part), 1)
        document.add_heading(clean(f"{section.number}  {section.heading}"), 2)
        document.add_paragraph(ENFORCED_MARK if section.enforced else PEOPLE_MARK, "Mark")
        for text in section.paragraphs:
            document.add_paragraph(clean(text), "Item" if is_item(text) else "Normal")
    adoption(document, head)
    hashes(document, head)
    return word_file.finish(document)


def title(document: WordDocument, head: Head, revision: str) -> None:
    """Title, parties, revision and what it is worth now."""
    document.add_paragraph(clean(head.title), "Title")
    document.add_paragraph(clean(head.between), "Subtitle")
    line = document.add_paragraph()
    line.add_run(revision).bold = True
    line.add_run(clean(f". {head.standing.state}"))


def adoption(document: WordDocument, head: Head) -> None:
    """Who adopted it and who signs it: recorded, or lines to fill."""
    standing = head.standing
    document.add_heading("Adoption", 1)
    votes = [
        (v.body, v.on, v.vote, " ".join(t for t in (v.resolution, v.minutes_url) if t))
        for v in standing.votes
    ]
    word_file.table(document, ("Body", "Day", "Vote", "Resolution"), votes or [("", "", "", "")])
    document.add_heading("Signatures", 1)
    document.add_paragraph("Each party signs the text whose four hashes stand at the end, and no other.")
    signed = [
        (s.party, s.office, s.on, " ".join(t for t in (s.how, in_fours(s.key[:32])) if t))
        for s in standing.signatures
    ]
    word_file.table(document, ("Party", "Name and office", "Day", "Signature"), signed)


def hashes(document: WordDocument, head: Head) -> None:
    """The four hashes."""
    document.add_heading("The four hashes", 1)
    document.add_paragraph("Made from this text. If one letter were another, they would be others.")
    rows = [(what, in_fours(head.hashes[name])) for name, what, _why in HASHES]
    word_file.table(document, ("Of", "SHA-256"), rows)
