"""The board pack as HTML for the PDF. Pure. Sizes and cuts are chosen by `board_pdf`, which measures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar
from xml.etree.ElementTree import Element

from sightpact.agreements.clauses import words
from sightpact.agreements.papers import markup
from sightpact.agreements.papers.board_squares import squares
from sightpact.agreements.papers.content import BoardPaper, Head, in_fours
from sightpact.agreements.papers.markup import h
from sightpact.agreements.papers.redline_html import pieces, tag
from sightpact.agreements.papers.text_html import mark

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Fit:
    """How tightly one page is set: size of type (0 is the largest), rows of each table, letters of each cell."""

    size: int
    rows: int
    letters: int


FITS = (
    *(Fit(size, 60, 400) for size in range(5)),
    Fit(4, 40, 160),
    Fit(4, 16, 120),
    Fit(4, 12, 90),
    Fit(4, 8, 90),
    Fit(4, 5, 70),
    Fit(4, 3, 60),
)
"""Tried in turn. Type never gets smaller than 7.5 pt; then rows are left out, and the page names the sections left out."""


def board_html(paper: BoardPaper, first: Fit, second: Fit, styles: Iterable[str]) -> str:
    """The page that the PDF is made of."""
    head = paper.head
    return markup.page(
        f"Board pack: {head.title}",
        styles,
        h(
            "article",
            _top(head, 1),
            h(
                "h1",
                cut(head.title, max(first.letters, 120)),
                data_short=f"Text {head.short}",
                data_foot=paper.copy,
            ),
            h("p", cut(paper.one, max(first.letters, 160)), class_="one"),
            _openings(paper, first),
            squares(paper.squares) if paper.squares else None,
            _limits(paper, first),
            id="first",
            class_=f"page s{first.size}",
        ),
        h(
            "article",
            _top(head, 2),
            _effects(paper, second),
            _proof(paper, second),
            _signing(head, second),
            _terms(paper, second),
            _text(head),
            _vote(head, second),
            id="second",
            class_=f"page s{second.size}",
        ),
        created=head.standing.stored,
        author=head.owner,
    )


def cut(text: str, letters: int) -> str:
    """At a word, with an ellipsis; never silently."""
    if len(text) <= letters:
        return text
    kept = text[:letters]
    return f"{kept[: kept.rfind(' ')] if ' ' in kept[letters // 2 :] else kept}\u2026"


def _rows(found: Sequence[T], fit: Fit) -> tuple[Sequence[T], Sequence[T]]:
    """Those that are shown, and those that are named only."""
    if len(found) <= fit.rows:
        return found, ()
    return found[: fit.rows], found[fit.rows :]


def _more(sections: Sequence[str], what: str) -> Element | None:
    if not sections:
        return None
    shown = sections[:24]
    rest = f" and {len(sections) - len(shown)} more" if len(sections) > len(shown) else ""
    verb = "sections" if len(sections) > 1 else "section"
    return h("p", f"{what}: {verb} {', '.join(shown)}{rest}. The full text has them.", class_="small")


def _top(head: Head, page: int) -> Element:
    return h(
        "p",
        h("b", cut(head.owner, 70)),
        h("span", f"{head.name}, page {page} of 2", class_="right"),
        class_="top",
    )


def _openings(paper: BoardPaper, fit: Fit) -> list[Element | None]:
    counted = any(o.cameras for o in paper.openings)
    titles = [("When", "when"), *([("Cameras", "count")] if counted else []), ("Where", "")]
    titles += [
        *([("People", "few r")] if paper.people_told else []),
        ("How long", "long"),
        ("Section", "few r"),
    ]
    shown, rest = _rows(paper.openings, fit)
    rows = []
    for o in shown:
        cells = [h("th", cut(o.when, fit.letters), scope="row")]
        cells += [h("td", o.cameras or "not told", class_="N" if o.cameras else "quiet")] if counted else []
        cells += [h("td", cut(o.where, fit.letters))]
        cells += [h("td", o.people, class_="r")] if paper.people_told else []
        cells += [h("td", o.how_long), h("td", o.section, class_="r")]
        rows.append(h("tr", cells))
    if not rows:
        return [h("h2", "What it opens"), h("p", "Nothing to anybody.")]
    head = h("tr", [h("th", t, scope="col", class_=kind) for t, kind in titles])
    return [
        h("h2", "What it opens"),
        h("table", h("thead", head), h("tbody", rows), class_="rows open"),
        _more([o.section for o in rest], "It opens more by"),
    ]


def _limits(paper: BoardPaper, fit: Fit) -> list[Element | None]:
    shown, rest = _rows(paper.limits, fit)
    titles = (("Kept by", "mark"), ("What", "what"), ("How", ""), ("Section", "few r"))
    head = h("tr", [h("th", t, scope="col", class_=kind) for t, kind in titles])
    rows = [
        h(
            "tr",
            h("td", mark(x.enforced)),
            h("th", cut(x.what, fit.letters), scope="row"),
            h("td", cut(x.says, min(fit.letters, 170))),
            h("td", x.section, class_="r"),
        )
        for x in shown
    ]
    return [
        h("h2", "What it forbids, and what people keep"),
        h("table", h("thead", head), h("tbody", rows), class_="rows limits"),
        _more([x.section for x in rest], "And by"),
    ]


def _effects(paper: BoardPaper, fit: Fit) -> list[Element | None]:
    title = h("h2", f"What changes, against {paper.today}" if paper.effects else "What changes")
    if not paper.effects:
        return [title, h("p", paper.against, class_="one")]
    shown, rest = _rows(paper.effects, fit)
    head = h("tr", [h("th", t, scope="col") for t in ("Section", "Words", "Access")])
    rows = [
        h(
            "tr",
            h("th", e.section, scope="row"),
            h("td", pieces(e.words), class_="law"),
            h("td", tag(e.way), " ", cut(e.says, fit.letters)),
        )
        for e in shown
    ]
    return [
        title,
        h("p", paper.against, class_="small"),
        h("table", h("thead", head), h("tbody", rows), class_="rows changes"),
        _more([e.section for e in rest], "More changes"),
    ]


def _proof(paper: BoardPaper, fit: Fit) -> Element:
    proof = paper.proof
    whole = proof.holds == proof.guarantees
    says = (
        "Every case was tried. None was open that should be closed."
        if whole
        else "Every case was tried. Not every guarantee holds."
    )
    rows = [*proof.rows, ("Guarantees that hold", f"{proof.holds} of {proof.guarantees}")]
    examples, rest = _rows(proof.examples, Fit(fit.size, min(fit.rows, 3), fit.letters))
    return h(
        "section",
        h("h2", "The proof"),
        h("p", h("b", says)),
        [h("p", cut(text, fit.letters)) for text in examples],
        h("p", f"And {len(rest)} more.") if rest else None,
        h(
            "table",
            h("tbody", [h("tr", h("th", k, scope="row"), h("td", v, class_="r")) for k, v in rows]),
            class_="rows",
        ),
        h("p", f"{proof.where} It speaks of access through Sightpact.", class_="small"),
        class_="cert",
    )


def _signing(head: Head, fit: Fit) -> list[Element | None]:
    standing = head.standing
    shown, rest = _rows(standing.signatures, fit)
    voted, unshown = _rows(standing.votes, fit)
    rows = []
    for signer in shown:
        office = f"{cut(signer.office, fit.letters)}: " if signer.office else ""
        state = f"signed on {signer.on}" if signer.on else "has yet to sign"
        rows.append((signer.party, words.capital(f"{office}{state}")))
    for vote in voted:
        rows.append(
            (
                vote.body,
                f"Adopted on {vote.on}{f', {vote.vote}' if vote.vote else ''}"
                if vote.on
                else "Has yet to adopt it",
            )
        )
    told = [h("tr", h("th", cut(who, fit.letters), scope="row"), h("td", says)) for who, says in rows]
    left = len(rest) + len(unshown)
    return [
        h("h2", "Who signs and who adopts"),
        h("table", h("tbody", told), class_="rows who"),
        h("p", f"And {left} more, in the full text.", class_="small") if left else None,
    ]


def _terms(paper: BoardPaper, fit: Fit) -> list[Element]:
    rows = [h("tr", h("th", k, scope="row"), h("td", cut(v, fit.letters))) for k, v in paper.terms]
    return [h("h2", "Terms"), h("table", h("tbody", rows), class_="rows who")]


def _text(head: Head) -> Element:
    return h(
        "p",
        "The vote is on the text that bears this number: ",
        h("code", in_fours(head.hashes["canonical_hash"][:32])),
        ". If the signed or the running text differed by one letter, it would not run.",
        class_="number",
    )


def _vote(head: Head, fit: Fit) -> Element:
    lines = ("Moved", "Seconded", "Yes", "No", "Abstain", "Resolution")
    return h(
        "section",
        h(
            "p",
            h("b", "Motion: "),
            f"to adopt revision {head.revision} of \u201c{cut(head.title, max(fit.letters, 100))}\u201d.",
        ),
        h("div", [h("span", line) for line in lines], class_="blanks"),
        class_="vote",
    )
