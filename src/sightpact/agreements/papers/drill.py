"""The report of a drill for the board: one or two sheets, each marked DRILL. Values in, HTML and PDF out; the child makes it.

Every value is text that is ready to print; whose it is to know was decided before.
"""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree.ElementTree import Element

from sightpact.agreements.papers import markup, pdf
from sightpact.agreements.papers.markup import h


@dataclass(frozen=True, slots=True)
class DrillRow:
    """A step: its name, with whom; the time of day; seconds after the start."""

    step: str
    who: str
    at: str
    after: str


@dataclass(frozen=True, slots=True)
class DrillPaper:
    title: str  # "Drill: Intruder, Lakeview High"
    owner: str
    held: str  # the day and time in words
    ended: str  # one sentence
    section: str  # "section 3.8 of Memorandum ..."
    number: str  # "2 of 4 this year"; "" when not known
    rows: tuple[DrillRow, ...]
    cameras: str  # one sentence
    dark: tuple[str, ...]  # a line each
    record: str  # where it stands in the record
    foot: str  # for the foot of each sheet
    stored: str = ""  # ISO instant in UTC: the paper's own date


def drill_pdf(paper: DrillPaper) -> bytes:
    """The report's bytes (PDF/UA-1)."""
    return pdf.write(pdf.lay_out(drill_html(paper)))


def drill_html(paper: DrillPaper) -> str:
    """The page that the PDF is made of."""
    styles = (pdf.style("paper"), pdf.style("drill"))
    facts = [
        h("p", h("b", "Agreed in "), paper.section, f". {paper.number}" if paper.number else "."),
        h("p", h("b", "Real cameras: "), paper.cameras),
    ]
    return markup.page(
        paper.title,
        styles,
        h("p", "DRILL", class_="word"),
        h(
            "header",
            h("h1", paper.title, data_short="DRILL", data_foot=paper.foot),
            h("p", paper.owner, class_="between"),
            h("p", h("b", paper.held), ". ", paper.ended, class_="state"),
        ),
        h("h2", "What it measured"),
        _table(paper.rows),
        h("h2", "What it showed"),
        facts,
        h("ul", [h("li", line) for line in paper.dark], class_="dark") if paper.dark else None,
        h(
            "p",
            "A drill goes the way of an emergency, with simulated pictures only: no real camera was opened by it. While it"
            " ran, each real camera was asked for one frame inside the gateway, which nobody saw.",
            class_="state",
        ),
        h("p", paper.record, class_="small state"),
        created=paper.stored,
        author=paper.owner,
    )


def _table(rows: tuple[DrillRow, ...]) -> Element:
    head = h("thead", h("tr", [h("th", name, scope="col") for name in ("Step", "At", "After the start")]))
    body = [
        h(
            "tr",
            h("th", row.step, h("span", f" {row.who}", class_="small") if row.who else None, scope="row"),
            h("td", row.at),
            h("td", row.after),
        )
        for row in rows
    ]
    return h("table", head, h("tbody", body), class_="grid")
