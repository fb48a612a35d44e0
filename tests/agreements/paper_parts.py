"""What tests of papers share: Lakeview's text, a careful change of it, long and hostile forms, and how to read a file back."""

from __future__ import annotations

import copy
import io
import tomllib
import zipfile
from collections.abc import Iterator
from typing import Any

import pypdf
import pypdfium2
from lxml import etree

from sightpact.agreements import diff, templates
from sightpact.agreements.document import Document, parse
from sightpact.agreements.papers import board, of_text
from sightpact.agreements.papers.content import BoardPaper, RedlinePaper, TextPaper

from .conftest import clause, raw_text

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
HOSTILE = "<script>alert(1)</script> & <b>bold</b>"


def lakeview() -> dict[str, Any]:
    return copy.deepcopy(raw_text("agreement"))


def amended() -> dict[str, Any]:
    """Revision 2: intruders for 45 minutes, hallways always, training twice a year, a section added and one taken out."""
    raw = lakeview()
    raw["revision"] = 2
    clause(raw, "3.1")["area_kinds"].append("hallway")
    clause(raw, "3.2")["emergencies"][0] |= {"minutes": 45, "cap_minutes": 45}
    clause(raw, "4.2")["text"] = clause(raw, "4.2")["text"].replace("every year", "every six months")
    last = [c for c in raw["clauses"] if c["kind"] == "kept_by_people"][-1]
    raw["clauses"].remove(last)
    raw["clauses"].append(
        {
            "number": "9.1",
            "kind": "kept_by_people",
            "heading": "Costs",
            "text": "Each bears its own.\n\nNobody pays.",
        }
    )
    return raw


def text_of(raw: dict[str, Any]) -> TextPaper:
    document = parse(raw)
    return of_text.text_paper(document, of_text.from_a_file(document))


def redline_of(old: dict[str, Any], new: dict[str, Any]) -> RedlinePaper:
    before, after = parse(old), parse(new)
    change = diff.compare_made_up(before, after)
    return of_text.redline_paper(
        change, of_text.from_a_file(before), of_text.from_a_file(after), "Counted on paper."
    )


def board_of(document: Document, old: Document | None = None) -> BoardPaper:
    change = diff.compare_made_up(old, document) if old else None
    against = "Against the text before." if old else "Nothing is in force today."
    return board.board_paper(
        document,
        of_text.from_a_file(document),
        change=change,
        against=against,
        proven=board.made_up_proof(document),
    )


def filled(name: str, long: bool = False) -> Document:
    """A template with its blanks filled, with short or with very long names."""
    more = " of the Consolidated Lake, River and Mountain Communities" * 2 if long else ""
    values = {
        **dict.fromkeys(templates.BLANKS, "Somebody"),
        "district": f"Lakeview Unified School District{more}",
        "agency": f"Lakeview Police Department{more}",
        "begins": "2026-07-01",
        "ends": "2031-06-30",
        "zone": "America/New_York",
        "district_authority": "Resolution 26-41",
        "agency_authority": "Ordinance 12",
        "log_unwritable": "close",
        "county": "Lake",
        "cosigner": "the City Clerk",
        "copy_key": "clerk.lakeview.example/copy+9549ea15+BDtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop",
        "district_slug": "lakeview-usd",
        "agency_slug": "lakeview-pd",
        "slug": "lakeview-cameras",
        "unanswered": "stays_closed",
        "district_body": f"Board of Education{more}",
        "agency_body": f"Common Council{more}",
    }
    wanted = templates.template(name).blanks
    rows = {}
    for row in templates.ROWS:
        if row in wanted:
            count = 40 if long else 2
            rows[row] = [
                f"lakeview-{i}=Lakeview {'Intermediate and Preparatory ' if long else ''}School {i}"
                for i in range(count)
            ]
    chosen = {k: v for k, v in values.items() if k in wanted}
    return parse(tomllib.loads(templates.fill(name, chosen, rows))["agreements"][0])


# reading back -------------------------------------------------------------------------------------------------------


def pages(content: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(content)).pages]


def seen(content: bytes) -> list[str]:
    """The text of each page as a viewer takes it: also where no font has a letter."""
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content)]


def _elements(content: bytes) -> Iterator[Any]:
    """The structure tree's elements, in order."""

    def walk(node: Any) -> Iterator[Any]:
        node = node.get_object()
        if isinstance(node, list):
            for child in node:
                yield from walk(child)
        elif isinstance(node, dict):
            if "/S" in node:
                yield node
            if "/K" in node:
                yield from walk(node["/K"])

    yield from walk(pypdf.PdfReader(io.BytesIO(content)).trailer["/Root"]["/StructTreeRoot"])


def tags(content: bytes) -> list[str]:
    """The kinds of the structure tree's elements, in order."""
    return [str(element["/S"]) for element in _elements(content)]


def alternatives(content: bytes) -> list[str]:
    """What is said in place of each figure."""
    return [str(element.get("/Alt")) for element in _elements(content) if element["/S"] == "/Figure"]


def xml(content: bytes, part: str = "word/document.xml") -> Any:
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        return etree.fromstring(parts.read(part))


def words(content: bytes, accept: bool) -> list[str]:
    """The paragraphs of a Word file's body after accepting, or rejecting, every tracked change. Tables are left out."""
    body = xml(content).find(f"{W}body")
    gone, found, line = f"{W}del" if accept else f"{W}ins", [], ""
    for paragraph in body.findall(f"{W}p"):
        for node in paragraph.iter(f"{W}t", f"{W}delText"):
            if not any(a.tag == gone for a in node.iterancestors()):
                line += node.text or ""
        mark = paragraph.find(f"{W}pPr/{W}rPr")
        if mark is not None and mark.find(gone) is not None:
            continue  # its end goes: what follows joins it
        found.append(line)
        line = ""
    return [line for line in found if line]
