"""The pages of drills: who finds them, what they say, what a stranger gets; the wall that turns; the paper for the board."""

from __future__ import annotations

import io
import re
from typing import Any

import pypdf
import pytest

from sightpact.access import drills, facts, sharing
from tests import lakeview
from tests.browser import as_person
from tests.lakeview import Lakeview

pytestmark = pytest.mark.django_db(transaction=True)
JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def it(transactional_db: None) -> Lakeview:
    return lakeview.build(drills=2)


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def where(it: Lakeview) -> str:
    return f"{it.agreements['lakeview-mou']}:{it.schools['lakeview-high']}"


def test_pia_starts_one_omar_takes_it_and_the_board_gets_a_paper(it: Lakeview) -> None:
    pia, omar = as_person("pia"), as_person("omar")
    assert '<a href="/drills/"' in pia.get("/agreements/").content.decode()
    assert "drill" not in text(pia.get("/switch/")).lower(), "never on the switch"
    assert "0 of 4" in text(pia.get("/drills/"))
    form = pia.get("/drills/start/")
    assert "Lakeview PD sees 2 simulated pictures. No real camera is opened." in text(form)
    sent = {"where": where(it), "emergency": "intruder", "key": "k1"}
    answer = pia.post("/drills/start/", sent)
    assert answer.status_code == 302
    assert pia.post("/drills/start/", sent)["Location"] == answer["Location"], "a double press is one drill"
    page = pia.get(answer["Location"])
    for words in (
        "DRILL",
        "Intruder, Lakeview High",
        "End drill",
        "This is real",
        "Section 3.8",
        "1 of 4 this year",
    ):
        assert words in text(page), words
    assert f"/switch/?school={it.schools['lakeview-high']}" in page.content.decode()

    wall = omar.get("/wall/")
    for words in (
        "DRILL",
        "Drill started by",
        "Pia Marsh",
        "Take the drill",
        "End drill",
        "This is real",
        "Drill hallway",
    ):
        assert words in text(wall), words
    for name in ("Library", "Hallway B", "Gymnasium", "inside camera"):
        assert name not in text(wall), name
    state = omar.get("/wall/state/").json()
    assert state["mode"] == "drill" and len(state["tiles"]) == 2 and all(t["drill"] for t in state["tiles"])
    assert omar.post(state["drill"]["told"], **JSON).json() == {"ok": True}
    assert omar.post(state["drill"]["pictured"], **JSON).json() == {"ok": True}
    (card,) = facts.snapshot().drills
    assert card.told_utc and not card.pictured_utc, "he has no picture open: his word alone is not taken"
    assert omar.post(f"/drills/{card.id}/take/", **JSON).json() == {"ok": True}
    assert omar.get("/wall/state/").json()["drill"]["told"] == ""
    refused = as_person("rosa").post(f"/drills/{card.id}/take/", **JSON)
    assert refused.status_code == 409
    drills.checked(card.id, 3, [(it.camera("library"), "It did not answer.")])
    mine, his = text(pia.get(f"/drills/{card.id}/state/")), text(omar.get(f"/drills/{card.id}/"))
    assert "2 of 3 real cameras would show" in mine and "Library" in mine and "Omar Reyes" in mine
    assert "real cameras would" not in his and "Library" not in his
    assert pia.get(f"/drills/{card.id}/paper/").status_code == 302, "no report before its end"
    pia.post(f"/drills/{card.id}/end/")
    assert omar.get("/wall/state/").json()["mode"] == "quiet"
    assert "Pia Marsh ended the drill." in text(pia.get("/drills/"))
    paper = pia.get(f"/drills/{card.id}/paper/")
    assert paper["Content-Type"] == "application/pdf"
    sheets = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(paper.content)).pages]
    assert all("DRILL" in sheet for sheet in sheets)
    for words in (
        "Intruder, Lakeview High",
        "2 of 3 would have shown",
        "Library",
        "Pia Marsh ended the drill.",
    ):
        assert words in " ".join(" ".join(sheets).split()), words
    assert "Library" not in str(
        pypdf.PdfReader(io.BytesIO(omar.get(f"/drills/{card.id}/paper/").content)).pages[0].extract_text()
    )
    said = text(as_person("sam").get("/record/?what=sharings"))
    assert "DRILL: Pia Marsh started a drill at Lakeview High, section 3.8" in said


def test_strangers_and_the_emergency_that_comes_first(it: Lakeview) -> None:
    card = drills.start(it.people["pia"], (it.schools["lakeview-high"],), "medical", "k")
    ines, omar, sam = as_person("ines"), as_person("omar"), as_person("sam")
    for path in (
        "/drills/",
        "/drills/state/",
        "/drills/start/",
        f"/drills/{card.id}/",
        f"/drills/{card.id}/paper/",
    ):
        assert ines.get(path).status_code == 404, path
    for act in ("take", "end", "told", "pictured"):
        assert ines.post(f"/drills/{card.id}/{act}/").status_code == 404
    assert "DRILL" not in text(ines.get("/wall/"))
    assert "DRILL: Medical, Lakeview High." in text(sam.get("/today/"))
    sharing.start(it.people["pia"], (it.schools["lakeview-high"],), "intruder", "real")
    state = omar.get("/wall/state/").json()
    assert state["mode"] == "emergency" and not any(t["drill"] for t in state["tiles"])
    gone = text(omar.get(f"/drills/{card.id}/"))
    assert "so the drill gave way to it" in gone
    again = as_person("pia").post(
        "/drills/start/", {"where": where(it), "emergency": "intruder", "key": "k2"}
    )
    assert again.status_code == 409 and "An emergency is shared there now." in text(again)
