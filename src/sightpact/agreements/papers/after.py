"""The paper about one emergency sharing: each step with its time, who was shown what, the statement. Values in, PDF out.

Every value is text that is ready to print; whose it is to know was decided before. Runs in the child process.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from sightpact.agreements.papers import markup, pdf
from sightpact.agreements.papers.markup import h


@dataclass(frozen=True, slots=True)
class AfterRow:
    """A step: time of day, time after the start, what happened, its entry of the record."""

    at: str
    after: str
    text: str
    entry: str


@dataclass(frozen=True, slots=True)
class AfterShown:
    """A person, and what this person was shown, a line a camera."""

    person: str
    cameras: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AfterPaper:
    title: str
    held: str
    ended: str
    section: str
    rows: tuple[AfterRow, ...]
    shown: tuple[AfterShown, ...]
    statement: str  # what is owed, or ""
    signed: str  # who signed which version when, or ""
    words: str
    parties: tuple[str, ...]
    record: str
    foot: str
    stored: str = ""  # ISO instant in UTC: the paper's own date


def after_pdf(paper: AfterPaper) -> bytes:
    """The paper's bytes (PDF/UA-1)."""
    return pdf.write(pdf.lay_out(after_html(paper)))


def after_html(paper: AfterPaper) -> str:
    """The page that the PDF is made of."""
    return markup.page(
        f"After an emergency: {paper.title}",
        (pdf.style("paper"), pdf.style("after")),
        h(
            "header",
            h("h1", paper.title, data_short="After an emergency", data_foot=paper.foot),
            h("p", paper.held, class_="between"),
            h("p", paper.ended, f" Shared under {paper.section}.", class_="state"),
        ),
        h("h2", "What happened"),
        _steps(paper.rows),
        h("h2", "Who was shown what"),
        [_person(one) for one in paper.shown] or h("p", "Nobody watched."),
        h("h2", "Statement") if paper.statement or paper.signed else None,
        h("p", paper.statement) if paper.statement else None,
        h("p", h("b", paper.signed)) if paper.signed else None,
        h("p", paper.words, class_="law") if paper.words else None,
        h("ul", [h("li", line) for line in paper.parties], class_="items") if paper.parties else None,
        h("p", paper.record, " Times after the start are in minutes and seconds.", class_="small"),
        created=paper.stored,
    )


def _steps(rows: Iterable[AfterRow]) -> Element:
    head = ("Time", "After the start", "What", "Entry")
    return h(
        "table",
        h("thead", h("tr", [h("th", text, scope="col") for text in head])),
        h(
            "tbody",
            [h("tr", h("td", r.at), h("td", r.after), h("td", r.text), h("td", r.entry)) for r in rows],
        ),
        class_="grid steps",
    )


def _person(one: AfterShown) -> Element:
    return h(
        "section",
        h("h3", one.person),
        h("ul", [h("li", line) for line in one.cameras], class_="items"),
        class_="keep" if len(one.cameras) < 12 else "",
    )
