"""What both Word files share: styles, head and foot, tables, tracked changes, and a zip that is the same each time.

Runs in the child process. Fonts are those that every Word has; dates are the text's own, never those of the making.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import docx
from docx.document import Document as WordDocument
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Inches, Pt, RGBColor
from docx.text.paragraph import Paragraph

from sightpact.agreements.papers.content import Head, clean

SERIF, SANS = "Georgia", "Arial"
_UNDATED = datetime(1980, 1, 1, tzinfo=UTC)  # where a date is asked for and the text has none
_ZIPPED = (1980, 1, 1, 0, 0, 0)


def begin(head: Head, subject: str) -> WordDocument:
    """An empty file in our styles, with its properties, and the text's number and the page's in the foot."""
    document: WordDocument = docx.Document()
    package = document.part.package
    assert package is not None
    for key in [k for k, rel in package.rels.items() if rel.reltype.endswith("/thumbnail")]:
        del package.rels[key]  # a picture of the maker's template, not of this text
    section = document.sections[0]
    section.page_width, section.page_height = Inches(8.5), Inches(11)
    section.left_margin = section.right_margin = Inches(1.1)
    section.top_margin = section.bottom_margin = Inches(1)
    _styles(document)
    about = document.core_properties
    about.title, about.author, about.subject = clean(head.title)[:250], clean(head.owner)[:250], subject
    about.last_modified_by, about.comments, about.keywords = "Sightpact", "", head.slug
    about.language, about.revision = "en-US", 1
    about.created = about.modified = _instant(head.standing.stored) or _UNDATED
    header = section.header.paragraphs[0]
    header.style = document.styles["Header"]
    header.add_run(clean(head.title))
    _foot(section.footer.paragraphs[0], head)
    return document


def finish(document: WordDocument) -> bytes:
    """The file: the same parts in the same order with the same dates."""
    raw = io.BytesIO()
    document.save(raw)
    out = io.BytesIO()
    with zipfile.ZipFile(raw) as parts, zipfile.ZipFile(out, "w") as kept:
        for name in parts.namelist():
            info = zipfile.ZipInfo(name, _ZIPPED)
            info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, 3, 0o600 << 16
            kept.writestr(info, parts.read(name), zipfile.ZIP_DEFLATED, 9)
    return out.getvalue()


def table(document: WordDocument, head: Sequence[str], rows: Iterable[Sequence[str]]) -> Any:
    """A real table; its first row is repeated on each page, and said to be a heading."""
    made = document.add_table(rows=0, cols=len(head))
    made.style = document.styles["Table Grid"]
    for index, cells in enumerate((tuple(head), *rows)):
        row = made.add_row()
        for cell, text in zip(row.cells, cells, strict=True):
            run = cell.paragraphs[0].add_run(clean(text))
            run.bold = index == 0
            cell.paragraphs[0].style = document.styles["Cell"]
        if index == 0:
            row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    document.add_paragraph(style="Cell")
    return made


def track_further(document: WordDocument) -> None:
    """Whoever edits the file goes on with tracked changes."""
    settings = document.settings.element
    before = settings.find(qn("w:defaultTabStop"))
    place = list(settings).index(before) if before is not None else 0
    settings.insert(place, OxmlElement("w:trackRevisions"))


class Tracked:
    """Writes tracked changes: each with an author, a number, and the revision's date when there is one."""

    def __init__(self, author: str, stored: str) -> None:
        self._author = clean(author) or "Sightpact"
        moment = _instant(stored)
        self._date = moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else ""
        self._number = 100

    def element(self, kind: str) -> Any:
        """An empty `w:ins` or `w:del`."""
        self._number += 1
        made = OxmlElement(kind)
        made.set(qn("w:id"), str(self._number))
        made.set(qn("w:author"), self._author)
        if self._date:
            made.set(qn("w:date"), self._date)
        return made

    def words(self, paragraph: Paragraph, kind: str, text: str) -> None:
        """Words that came in ("w:ins") or went out ("w:del")."""
        run = OxmlElement("w:r")
        content = OxmlElement("w:delText" if kind == "w:del" else "w:t")
        content.text = clean(text)
        content.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        run.append(content)
        change = self.element(kind)
        change.append(run)
        paragraph._p.append(change)

    def end(self, paragraph: Paragraph, kind: str) -> None:
        """The paragraph's end itself came in or went out: what makes Word join and part paragraphs rightly."""
        properties = paragraph._p.get_or_add_pPr()
        run = OxmlElement("w:rPr")
        run.append(self.element(kind))
        properties.append(run)


def _instant(stored: str) -> datetime | None:
    return datetime.fromisoformat(stored).astimezone(UTC).replace(microsecond=0) if stored else None


def _styles(document: WordDocument) -> None:
    ink = RGBColor(0x1B, 0x1D, 0x1F)
    plan = (
        ("Normal", SERIF, 11, False, 0, 6),
        ("Title", SANS, 22, True, 0, 8),
        ("Subtitle", SERIF, 12, False, 0, 10),
        ("Heading 1", SANS, 15, True, 20, 6),
        ("Heading 2", SANS, 12, True, 14, 2),
        ("Header", SANS, 8.5, False, 0, 0),
        ("Footer", SANS, 8.5, False, 0, 0),
        ("Cell", SANS, 9.5, False, 2, 2),
        ("Mark", SANS, 8.5, False, 0, 3),
        ("Item", SERIF, 11, False, 0, 3),
    )
    for name, font, size, bold, before, after in plan:
        if name not in document.styles:
            document.styles.add_style(name, 1).base_style = document.styles["Normal"]
        style: Any = document.styles[name]
        style.font.name, style.font.size, style.font.bold, style.font.italic = font, Pt(size), bold, False
        style.font.color.rgb = ink
        _one_font(style, font)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
        if name.startswith("Heading"):
            style.paragraph_format.keep_with_next = True
    item: Any = document.styles["Item"]
    item.paragraph_format.left_indent, item.paragraph_format.first_line_indent = Inches(0.6), Inches(-0.3)
    title: Any = document.styles["Title"]
    for border in title.element.pPr.findall(qn("w:pBdr")):
        title.element.pPr.remove(border)


def _one_font(style: Any, font: str) -> None:
    """The same font for every script of the style: a theme's font would win over the one named."""
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in list(fonts.attrib):
        if "heme" in name:
            del fonts.attrib[name]
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), font)


def _foot(paragraph: Paragraph, head: Head) -> None:
    stops: Any = paragraph.paragraph_format.tab_stops
    stops.add_tab_stop(Inches(6.3), WD_TAB_ALIGNMENT.RIGHT)
    paragraph.add_run(f"Text {head.short}    {head.slug}, {head.within}\tPage ")
    _field(paragraph, "PAGE")
    paragraph.add_run(" of ")
    _field(paragraph, "NUMPAGES")


def _field(paragraph: Paragraph, code: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    run, text = OxmlElement("w:r"), OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)
