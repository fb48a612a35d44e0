"""Promise 4, its last sentence. Widening needs a second person: what one person does alone opens nothing, in any way there is.

An emergency runs; Omar sees the inside of Lakeview High. Dana, who may manage everything, says alone that the new camera
sees a hallway: on its page, by approving herself, by an import on the server. Omar sees it when Sam has agreed, not before.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from sightpact.demo import toml_out
from tests.deployment import Deployment
from tests.journeys.screens import Screen

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
WAITS = "it waits for a second person"


def test_one_person_opens_nothing_and_two_do(lakeview: Deployment, browser: Browser, tmp_path: Path) -> None:
    lakeview.start_sharing()
    dana, sam, omar = (Screen(browser, lakeview, who) for who in ("dana", "sam", "omar"))
    camera = lakeview.camera("new-camera")
    wall = omar.goto("/wall/")
    expect(wall.locator("live-tile").filter(has_text="Hallway B, east").first).to_be_visible()

    page = dana.goto(f"/cameras/{camera}/")
    page.get_by_label("hallway").check()
    page.locator("#after").get_by_role("button", name="Propose it").click()
    expect(page.get_by_text(WAITS)).to_be_visible()
    waiting = dana.goto("/changes/")
    expect(waiting.get_by_role("button", name="Approve")).to_have_count(0)
    change = waiting.locator("input[name=change]").get_attribute("value") or ""
    lakeview.page("dana").post("/changes/decide/", {"change": change, "decision": "approve", "seen": ""})
    said = lakeview.run("import", "--json", str(_file(tmp_path))).stdout
    assert '"waiting": ""' not in said, said
    assert omar.goto("/wall/") and wall.locator("live-tile").filter(has_text="New camera").count() == 0
    assert "New camera" not in lakeview.page("omar").get("/wall/state/").text

    card = sam.goto("/changes/").get_by_role("article").filter(has_text="sees: hallway")
    expect(card).to_contain_text("Opens 1 inside camera at Lakeview High to 2 named people")
    card.get_by_role("button", name="Approve").click()
    expect(sam.page.get_by_text("Approved. It holds from now on.")).to_be_visible()
    wall = omar.goto("/wall/")
    expect(wall.locator("live-tile").filter(has_text="New camera").first).to_be_visible()
    for each in (dana, sam, omar):
        each.close()
        assert each.complaints == []


def _file(folder: Path) -> Path:
    """The same said in an import file: an area of its own, in which the camera's picture is placed."""
    area = {"slug": "annex", "school": "lakeview-high", "kind": "hallway", "name": "Annex", "floor": 1}
    moved = {
        "slug": "lakeview-high-new-camera", "school": "lakeview-high", "areas": ["annex"], "name": "New camera",
        "address": "rtsp://127.0.0.1:8554/cam/new",
    }  # fmt: skip
    file = folder / "annex.toml"
    file.write_text(toml_out.tables("areas", [area]) + toml_out.tables("cameras", [moved]))
    return file
