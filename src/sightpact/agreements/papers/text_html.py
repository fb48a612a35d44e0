"""The whole text as HTML for the PDF: title, sections with their marks, adoption, signatures, the four hashes. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element

from sightpact.agreements.document import ENFORCED_MARK, PEOPLE_MARK
from sightpact.agreements.papers import markup
from sightpact.agreements.papers.content import Head, Section, Signature, TextPaper, Vote, in_fours
from sightpact.agreements.papers.markup import h

HASHES = (
    ("canonical_hash", "The text as data", "What is adopted, signed and compared."),
    ("text_hash", "The words", "The sentences above, as they are stored."),
    ("cedar_hash", "The policy", "The rules that the gateway runs."),
    ("schema_hash", "The policy\u2019s schema", "The terms in which the rules are written."),
)
"""The four hashes that are signed: name, what it is of, and why it is there."""


def text_html(paper: TextPaper, styles: Iterable[str]) -> str:
    """The page that the PDF is made of."""
    head = paper.head
    return markup.page(
        head.title,
        styles,
        title_block(head, head.name),
        _legend(paper.sections),
        [_section(section) for section in paper.sections],
        _adoption(head.standing.votes),
        _signatures(head.standing.signatures),
        hashes_block(head),
        created=head.standing.stored,
        author=head.owner,
    )


def title_block(head: Head, revision: str) -> Element:
    """The title with whom it is between; it also carries what each page's foot says."""
    foot = f"{head.slug}, {revision.lower()}"
    return h(
        "header",
        h("h1", head.title, data_short=f"Text {head.short}", data_foot=foot),
        h("p", head.between, class_="between"),
        h("p", h("b", revision), ". ", head.standing.state, class_="state"),
    )


def mark(enforced: bool) -> Element:
    """Solid for what Sightpact enforces, dotted for what people keep; the words say it too."""
    return h("span", ENFORCED_MARK if enforced else PEOPLE_MARK, class_="mk" if enforced else "mk people")


def _legend(sections: Iterable[Section]) -> Element:
    marks = [s.enforced for s in sections]
    return h(
        "p",
        f"{sum(marks)} sections are enforced by Sightpact: they bear a solid mark. {len(marks) - sum(marks)} are kept by"
        " people: they bear a dotted one.",
        class_="legend",
    )


def _section(section: Section) -> Iterator[Element]:
    if section.part:
        yield h("h2", section.part)
    yield h(
        "section",
        h("h3", h("span", section.number, class_="n"), " ", section.heading),
        h("p", mark(section.enforced), class_="mark"),
        list(_paragraphs(section.paragraphs)),
        class_="" if section.enforced else "people",
    )


def _paragraphs(paragraphs: Iterable[str]) -> Iterator[Element]:
    items: list[str] = []
    for text in (*paragraphs, ""):
        if is_item(text):
            items.append(text)
            continue
        if items:
            yield h("ul", [h("li", item) for item in items], class_="items")
            items = []
        if text:
            yield h("p", text, class_="law")


def is_item(text: str) -> bool:
    """Whether a paragraph is a row of a list: "(a) a fire"."""
    return text.startswith("(") and ") " in text[:5]


def _adoption(votes: tuple[Vote, ...]) -> Element:
    if not votes:
        body = h("p", "No vote is recorded. The line below is for the minutes of the body that adopts it.")
        blank = [h("td", "\u00a0") for _ in range(4)]
        rows = [h("tr", blank)]
    else:
        waits = any(not v.on for v in votes)
        says = (
            "These bodies adopt it. A line without a day waits for its vote."
            if waits
            else "Adopted, as recorded:"
        )
        body, rows = h("p", says), [_vote(v) for v in votes]
    head = h("tr", [h("th", t, scope="col") for t in ("Body", "Day", "Vote", "Resolution")])
    return h(
        "section",
        h("h2", "Adoption"),
        body,
        h("table", h("thead", head), h("tbody", rows), class_="grid votes"),
        class_="keep",
    )


def _vote(vote: Vote) -> Element:
    # An address stands as text: a paper link is of no use, and a hostile one of none either.
    resolution = " ".join(t for t in (vote.resolution, vote.minutes_url) if t)
    return h("tr", h("th", vote.body, scope="row"), [h("td", t) for t in (vote.on, vote.vote, resolution)])


def _signatures(signatures: tuple[Signature, ...]) -> Element:
    return h(
        "section",
        h("h2", "Signatures"),
        h("p", "Each party signs the text whose four hashes stand at the end, and no other.", class_="lead"),
        [_signature(s) for s in signatures],
    )


def _signature(signature: Signature) -> Element:
    if signature.on:
        told = [h("p", f"Signed on {signature.on}{f', {signature.how}' if signature.how else ''}.")]
        told += [h("p", signature.office)] if signature.office else []
        told += (
            [h("p", "Key ", h("code", in_fours(signature.key[:32])), class_="small")] if signature.key else []
        )
    else:
        lines = ("Signature", "Name and office", "Day")
        told = [h("p", signature.office)] if signature.office else []
        told += [h("div", [h("p", line, class_="line") for line in lines], class_="lines")]
    return h("div", h("h3", signature.party), told, class_="signature")


def hashes_block(head: Head) -> Element:
    """The four hashes, in fours: the last thing on the last page."""
    rows = [
        h(
            "tr",
            h("th", what, h("br"), h("span", why, class_="small"), scope="row"),
            h("td", _lines(head.hashes[name])),
        )
        for name, what, why in HASHES
    ]
    return h(
        "section",
        h("h2", "The four hashes"),
        h(
            "p",
            "Made from this text. If one letter were another, they would be others. Whoever signs compares them.",
        ),
        h("table", h("tbody", rows), class_="grid hashes"),
        class_="keep",
    )


def _lines(figures: str) -> list[Element]:
    half = len(figures) // 2
    return [h("code", in_fours(figures[:half])), h("br"), h("code", in_fours(figures[half:]))]
