"""Dana says what a new camera sees; it opens more, so it waits; Sam looks at what it opens and agrees; then it is so."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.deployment import Deployment
from tests.journeys.conftest import OpenScreen
from tests.journeys.screens import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def test_a_camera_is_classified_by_two_people(lakeview: Deployment, screen: OpenScreen) -> None:
    dana, sam = screen("dana"), screen("sam")
    page = dana.goto("/cameras/?q=New+camera")
    page.get_by_role("link", name="New camera").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("What does “New camera” see?")
    after = page.locator("#after")
    expect(after).to_contain_text("Nothing: it stands so now.")
    page.get_by_label("guidance").check()  # private: nobody outside the district will ever see it
    expect(after).not_to_contain_text("police")
    page.get_by_label("guidance").uncheck()
    page.get_by_label("hallway").check()
    expect(after).to_contain_text("Opens 1 inside camera at Lakeview High to 2 named people")
    expect(after).to_contain_text("All guarantees still hold.")
    expect(after).to_contain_text("a second person has to agree")
    dana.look("camera-edit")
    after.get_by_role("button", name="Propose it").click()
    expect(page.get_by_text("it waits for a second person")).to_be_visible()
    mine = dana.goto("/changes/")
    expect(mine.get_by_text("You proposed it, so somebody else decides.")).to_be_visible()
    expect(mine.get_by_role("button", name="Approve")).to_have_count(0)

    todo = sam.goto("/today/").get_by_role("listitem").filter(has_text="for you to decide.")
    sam.look("today-change")
    todo.get_by_role("link", name="Decide").click()
    card = sam.page.get_by_role("article").filter(has_text="“New camera” at Lakeview High sees: hallway")
    expect(card).to_contain_text("Proposed by Dana Okafor")
    expect(card).to_contain_text("Opens 1 inside camera at Lakeview High to 2 named people")
    sam.look("changes")
    card.get_by_role("button", name="Approve").click()
    expect(sam.page.get_by_text("Approved. It holds from now on.")).to_be_visible()
    expect(sam.page.get_by_role("row").filter(has_text="New camera")).to_contain_text("Sam Whitfield")
    sam.look("changes-decided")
    row = dana.goto("/cameras/?q=New+camera").get_by_role("row").filter(has_text="New camera")
    expect(row).to_contain_text("Emergency, 3.2")

    page = dana.goto(f"/cameras/{lakeview.camera('new-camera')}/")  # and back: taking away needs nobody
    page.get_by_label("hallway").uncheck()
    page.locator("#after").get_by_role("button", name="Make it so now").click()
    expect(page.get_by_text("Done. It holds from now on.")).to_be_visible()


def test_a_person_is_named_by_two_and_taken_out_by_one(lakeview: Deployment, screen: OpenScreen) -> None:
    sam, dana = screen("sam"), screen("dana")
    page = sam.goto("/agreements/lakeview-mou/annex/")
    sam.look("annex")
    row = page.get_by_role("row").filter(has_text="Rosa Delgado")
    row.get_by_role("button", name="Take out").click()
    expect(page.get_by_text("Done. It holds from now on.")).to_be_visible()
    page.get_by_label("Person", exact=True).select_option(label="Rosa Delgado, school resource officer")
    page.locator("#position-lakeview-pd").fill("school resource officer")
    page.get_by_role("button", name="Propose").click()
    expect(page.get_by_text("it waits for a second person")).to_be_visible()
    sam.goto("/changes/").get_by_role("button", name="Withdraw").click()
    expect(sam.page.get_by_text("Withdrawn. Nothing was changed.")).to_be_visible()

    page = sam.goto("/agreements/lakeview-mou/annex/")
    page.locator("#position-lakeview-pd").fill("school resource officer")
    page.get_by_role("button", name="Propose").click()
    card = dana.goto("/changes/").get_by_role("article").filter(has_text="Name Rosa Delgado")
    card.get_by_role("button", name="Approve").click()
    expect(dana.page.get_by_text("Approved. It holds from now on.")).to_be_visible()
    expect(
        sam.goto("/agreements/lakeview-mou/annex/").get_by_role("row").filter(has_text="Rosa")
    ).to_be_visible()


def test_how_it_looks_elsewhere(lakeview: Deployment, screen: OpenScreen) -> None:
    phone, dark = screen("dana", size=PHONE), screen("sam", theme="dark")
    for each, kind in ((phone, "phone"), (dark, "dark")):
        each.goto("/changes/")
        each.look(f"changes-{kind}")
        each.goto(f"/cameras/{lakeview.camera('new-camera')}/?chosen=1&kind=hallway&service=in")
        each.look(f"camera-edit-{kind}")
        each.goto("/agreements/lakeview-mou/annex/")
        each.look(f"annex-{kind}")
