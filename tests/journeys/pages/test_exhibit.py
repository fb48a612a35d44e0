"""The exhibit of cameras: Sam proposes one, the chief countersigns, police see it; taken off, it is closed at once."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect

from tests.deployment import Deployment, deployment
from tests.journeys.conftest import OpenScreen
from tests.journeys.pages.test_negotiation import CHIEF
from tests.journeys.screens import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
AT = "/agreements/lakeview-mou/cameras/"
EXHIBIT = {
    "heading": "Exhibit: the cameras",
    "kind": "camera_exhibit",
    "cameras": ["lakeview-high-north-lot", "lakeview-high-east-doors"],
    "countersigned_by": "lakeview-pd",
}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    nowhere = SimpleNamespace(port=9, control_port=9)  # no picture is looked at here
    changes = {"2.9": EXHIBIT, "3.1": {"present_only": True}}
    with deployment(tmp_path_factory.mktemp("exhibit") / "data", nowhere, changes=changes) as it:  # type: ignore[arg-type]
        it.python(CHIEF)
        it.sign_in_everybody()
        yield it


def test_a_camera_is_added_by_two_parties_and_taken_off_by_one(
    lakeview: Deployment, screen: OpenScreen
) -> None:
    sam, gail, omar = screen("sam"), screen("gail"), screen("omar", allow="WebSocket")
    wall = omar.goto("/wall/")
    expect(wall.locator("live-tile")).to_have_count(2)
    page = sam.goto("/agreements/lakeview-mou/history/")
    page.locator(f'a[href="{AT}"]').first.click()
    expect(page.get_by_role("heading", name="2 cameras are listed")).to_be_visible()
    page.get_by_label("Camera", exact=True).select_option(label="Bus loop, Lakeview High")
    sam.look("exhibit")
    page.get_by_role("button", name="Propose").click()
    expect(page.get_by_text("it waits for")).to_be_visible()
    sam.look("exhibit-waits")
    expect(wall.locator("live-tile")).to_have_count(2)

    card = gail.goto("/changes/").get_by_role("article").filter(has_text="Bus loop")
    gail.look("exhibit-countersign")
    card.get_by_role("button", name="Approve").click()
    expect(gail.page.get_by_text("Approved. It holds from now on.")).to_be_visible()
    expect(wall.locator("live-tile")).to_have_count(3)
    theirs = gail.goto(AT)
    expect(theirs.get_by_role("heading", name="3 cameras are listed")).to_be_visible()
    expect(theirs.get_by_role("button", name="Take off")).to_have_count(0)

    page.goto(AT)
    page.get_by_role("row").filter(has_text="Bus loop").get_by_role("button").click()
    expect(page.get_by_role("heading", name="2 cameras are listed")).to_be_visible()
    expect(wall.locator("live-tile")).to_have_count(2)
    phone, dark = screen("gail", size=PHONE), screen("sam", theme="dark")
    for each, kind in ((phone, "phone"), (dark, "dark")):
        each.goto(AT)
        each.look(f"exhibit-{kind}")
