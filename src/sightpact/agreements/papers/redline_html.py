"""The redline as HTML for the PDF: all sections, words that came in and went out, and under them the change in access. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from xml.etree.ElementTree import Element

from sightpact.agreements.clauses import words
from sightpact.agreements.papers import markup
from sightpact.agreements.papers.content import ChangedSection, RedlinePaper
from sightpact.agreements.papers.markup import h
from sightpact.agreements.papers.text_html import hashes_block, mark, title_block
from sightpact.agreements.word_change import IN, OUT, Piece, paragraphs

WAYS = (("opens", "Opens more"), ("closes", "Closes"), ("limits", "Changes numbers"), ("same", "Same access"))


def redline_html(paper: RedlinePaper, styles: Iterable[str]) -> str:
    """The page that the PDF is made of."""
    changes = f"changes from {paper.old.within} to {paper.new.within}"
    changed = sum(s.differs for s in paper.sections)
    return markup.page(
        f"{paper.new.title}: {changes}",
        styles,
        title_block(paper.new, words.capital(changes)),
        h("p", "The title changes: ", pieces(paper.title)) if len(paper.title) > 1 else None,
        _summary(paper, changed),
        [_section(s) for s in paper.sections],
        h("h2", "What these are"),
        h(
            "p",
            "Words that came in are ",
            h("ins", "underlined"),
            ", words that went out are ",
            h("del", "struck"),
            ". ",
            paper.counted,
        ),
        hashes_block(paper.new),
        created=paper.new.standing.stored,
        author=paper.new.standing.by or paper.new.owner,
    )


def pieces(found: Sequence[Piece]) -> list[Element | str]:
    """Words with their marks."""
    return [h("ins", p.text) if p.op == IN else h("del", p.text) if p.op == OUT else p.text for p in found]


def tag(way: str) -> Element:
    """What a change does to access, in a word with a shape."""
    says = {"more": "Opens more", "less": "Closes", "limits": "Changes numbers", "same": "Same access"}[way]
    return h("span", says, class_=f"tag {way}")


def _summary(paper: RedlinePaper, changed: int) -> Element:
    rows = []
    for way, says in WAYS:
        numbers = paper.numbers(way)
        told = (
            f"Section{'' if len(numbers) == 1 else 's'} {words.listed(numbers)}" if numbers else "No section"
        )
        rows.append(h("tr", h("th", says, scope="row"), h("td", told)))
    return h(
        "section",
        h("h2", "In short"),
        h("p", f"{changed} of {len(paper.sections)} sections change."),
        h("table", h("tbody", rows), class_="grid"),
        class_="keep",
    )


def _section(section: ChangedSection) -> Iterator[Element]:
    if section.part:
        yield h("h2", section.part)
    yield h(
        "section",
        h("h3", _number(section), " ", pieces(section.heading)),
        h("p", mark(section.enforced), class_="mark"),
        [h("p", pieces(line), class_="law") for line in paragraphs(section.words)],
        _access(section) if section.differs else None,
        class_="rl" if section.differs else "rl same",
    )


def _number(section: ChangedSection) -> Element:
    if section.old_number and section.new_number and section.old_number != section.new_number:
        return h("span", h("del", section.old_number), " ", h("ins", section.new_number), class_="n")
    return h("span", section.number, class_="n")


def _access(section: ChangedSection) -> Element:
    told: list[Element] = []
    for way, found in (("more", section.opens), ("less", section.closes)):
        told += [h("p", tag(way), " ", text) for text in found]
    if not told:
        says = (
            " Nobody else sees anything; these numbers change:"
            if section.rows
            else " Nobody sees more or less."
        )
        told = [h("p", tag("limits" if section.rows else "same"), says)]
    elif section.state == "same":
        told.append(h("p", "The words of this section stay. Another section changes what they mean."))
    if section.rows:
        head = h(
            "tr", h("th", "What", scope="col"), h("th", "Before", scope="col"), h("th", "Now", scope="col")
        )
        rows = [
            h("tr", h("th", r.what, scope="row"), h("td", r.old), h("td", h("b", r.new)))
            for r in section.rows
        ]
        told.append(h("table", h("thead", head), h("tbody", rows), class_="ba"))
    return h("div", told, class_="access")
