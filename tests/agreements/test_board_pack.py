"""The board pack: two pages whatever the text, in plain words, with the numbers that its reader may know."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pypdf
import pytest

from sightpact.agreements import templates
from sightpact.agreements.cedar import make
from sightpact.agreements.document import parse
from sightpact.agreements.papers import making
from sightpact.agreements.papers.board import first_sentence, snippet
from sightpact.agreements.papers.content import in_fours
from sightpact.agreements.word_change import IN, OUT, SAME, Piece, pieces

from . import paper_parts
from .paper_parts import amended, board_of, filled, lakeview


def pack(document, old=None) -> list[str]:
    return paper_parts.pages(making.paper("board-pack", board_of(document, old)))


@pytest.mark.parametrize("long", [False, True])
@pytest.mark.parametrize("name", [t.name for t in templates.templates()])
def test_two_pages_for_every_template_and_for_long_names(name, long):
    document = filled(name, long)
    told = pack(document)
    assert len(told) == 2
    assert "What it opens" in told[0] and "What it forbids" in told[0]
    assert "The proof" in told[1] and "Who signs and who adopts" in told[1] and "Motion:" in told[1]
    opening = [c.number for c in document.clauses if getattr(c, "area_kinds", ())]
    assert all(re.search(rf"\b{re.escape(number)}\b", told[0]) for number in opening), (
        "none is left out in silence"
    )


def test_two_pages_for_a_text_that_is_as_large_as_it_may_be():
    raw = lakeview()
    raw["title"] = "Agreement on everything and more " * 6
    for index in range(150):
        raw["clauses"].append(
            {
                "number": f"9.{index + 1}",
                "kind": "kept_by_people",
                "heading": f"Duty {index + 1} " + "x" * 100,
                "text": "y " * 2000,
            }
        )
    told = pack(parse(raw), parse(lakeview()))
    assert len(told) == 2
    assert "And by: sections" in told[0] and "The full text has them." in told[0]


def test_every_kind_of_opening_is_told():
    """A neighbour's aid, an invitation, hours, a number of people, a guarantee of its own."""
    document = parse(json.loads((Path(__file__).parent / "golden" / "regional.json").read_bytes()))
    first, second = pack(document)
    for told in (
        "From 06:30 to 17:00, Mondays to Fridays",
        "In these hours",
        "In an emergency: intruder and explosion or fire",
        "When aid is called for",
        "While it is shared",
        "When a school invites",
        "people at once",
        "never watch a camera that sees libraries",
        "No sound",
    ):
        assert told in first, told
    assert "Northshore Regional Dispatch The Director: has yet to sign" in second
    assert "City Council of Lakeview Has yet to adopt it" in second


def test_what_it_says_of_an_amendment():
    told = pack(parse(amended()), parse(lakeview()))
    assert "this opens more in section 3.1" in told[0]
    assert "What changes, against the text in force today" in told[1]
    assert "six months" in told[1] and "Opens more" in told[1]
    figures = make(parse(amended())).canonical_hash
    assert in_fours(figures[:16]) in told[0] and in_fours(figures[:32]) in told[1]
    assert "Not every guarantee holds." in told[1] and "could watch a camera that sees hallways" in told[1]


def test_a_proof_that_holds():
    told = pack(parse(lakeview()))
    assert "Every case was tried. None was open that should be closed." in told[1]
    assert re.search(r"Guarantees that hold (\d+) of \1\b", told[1])


def test_nothing_is_counted_where_there_is_nothing_to_count():
    told = pack(parse(lakeview()))
    assert "Made from a file: nothing is counted." in told[0]
    assert "Cameras" not in told[0].split("What it opens")[1].split("Section")[0]


def test_it_is_accessible_and_always_the_same():
    content = making.paper("board-pack", board_of(parse(lakeview())))
    assert content == making.paper("board-pack", board_of(parse(lakeview())))
    found = paper_parts.tags(content)
    assert found.count("/H1") == 1 and found.count("/H2") >= 6 and "/TH" in found
    assert pypdf.PdfReader(io.BytesIO(content)).metadata.title.startswith("Board pack: ")


def test_snippets_show_the_change_and_say_where_they_are_cut():
    old = "The Department trains each person whom it names in the annex every year, before the school year begins."
    found = snippet(pieces(old, old.replace("every year", "every six months")))
    told = "".join(p.text for p in found)
    assert Piece(OUT, "year") in found and Piece(IN, "six months") in found
    assert told.startswith("\u2026") and len(told) < len(old)
    assert "".join(p.text for p in snippet((Piece(IN, "x " * 300),))).endswith("\u2026")
    assert snippet((Piece(SAME, "a\nb"), Piece(IN, "c")))[0] == Piece(SAME, "a b")


def test_first_sentences():
    assert first_sentence("It opens nothing. At all.") == "It opens nothing."
    assert first_sentence("One only.") == "One only."
