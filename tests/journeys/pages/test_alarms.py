"""Dana connects a panic button, Sam agrees, the button is pressed; what nobody can place, dispatch answers with one tap.

CAP by POST, a feed and MQTT on a real broker come the same way: tests/journeys/test_ends.py. Pictures are looked at elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from sightpact.camerasim.testing import RunningSim
from tests.access import alarming
from tests.deployment import Deployment, deployment
from tests.journeys.conftest import LEASES, OpenScreen
from tests.journeys.screens import PHONE, at_rest
from tests.journeys.senders import NEAR, post

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
REPORT = {
    "report": [{"party": "lakeview-pd", "roles": ["dispatcher"], "named_only": True}],
    "report_minutes": 10,
}


@pytest.fixture(scope="module")
def served(sim: RunningSim, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    changes = {**LEASES, **alarming.changes()}
    changes["3.3"] = {**changes["3.3"], **REPORT}
    with deployment(tmp_path_factory.mktemp("alarms") / "data", sim, changes=changes, extra=NEAR) as it:
        yield it


def registered(dana: Page, name: str) -> tuple[str, str]:
    """Address number and key of a source that is approved: Dana makes its key."""
    dana.goto("/alarms/")
    dana.get_by_role("link", name=name).click()
    dana.get_by_role("button", name="Make its key").click()
    key = dana.locator(".keytext").inner_text()
    return dana.url.rstrip("/").rpartition("/")[2], key


def test_from_the_first_button_to_one_tap_at_dispatch(lakeview: Deployment, screen: OpenScreen) -> None:
    dana, sam, omar = screen("dana"), screen("sam"), screen("omar")
    page = dana.goto("/today/")
    page.get_by_role("link", name="Alarms").click()
    expect(page.get_by_text("No source yet.")).to_be_visible()
    page.get_by_label("Name", exact=True).fill("Panic button, Lakeview High")
    page.get_by_label("Which place is which school").fill("Office button = lakeview-high")
    page.get_by_label("Which code is which emergency").fill("PANIC = intruder\nMED = medical")
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_text("it waits for a second person")).to_be_visible()
    change = sam.goto("/changes/").get_by_role("article").filter(has_text="Let the alarm source")
    expect(change).to_contain_text("start sharing: Lakeview High")
    change.get_by_role("button", name="Approve").click()
    expect(sam.page.get_by_text("Approved. It holds from now on.")).to_be_visible()

    button, key = registered(page, "Panic button, Lakeview High")
    dana.look("alarm-key")
    page.reload()
    expect(page.locator(".keytext")).to_have_count(0)
    page.get_by_role("button", name="Send a test").click()
    expect(page.get_by_text("It would start “Medical” at Lakeview High").first).to_be_visible()
    dana.look("alarm-source")

    wall = at_rest(omar)
    pressed = post(lakeview, button, key, b'{"id": "1", "place": "office button", "code": "PANIC"}')
    assert pressed["state"] == "started"
    expect(wall.locator("#wall-page")).to_have_attribute("data-mode", "emergency")
    expect(wall.get_by_text("Panic button, Lakeview High").first).to_be_visible()
    closed = post(lakeview, button, key, b'{"id": "2", "status": "closed", "about": "1"}')
    assert closed["state"] == "ended", "nobody had it, and the button began it"
    expect(wall.locator("#wall-page")).to_have_attribute("data-mode", "ended")

    today, phone = sam.goto("/today/"), screen("pia", size=PHONE)
    unplaced = b'{"id": "3", "place": "Bus depot", "code": "PANIC", "text": "pressed twice"}'
    assert post(lakeview, button, key, unplaced)["state"] == "which_school"
    card = wall.get_by_role("region", name="Which school?")
    expect(card).to_contain_text("Place: “Bus depot”. Code: “PANIC”.")
    expect(card).to_contain_text("No school is set for this place.")
    omar.look("which-school")
    asked = today.get_by_role("region", name="Which school?")
    expect(asked).to_contain_text("Place: “Bus depot”")  # it came while the page stood open
    expect(today.get_by_role("heading", level=1)).to_have_text("An alarm waits for your word.")
    sam.look("which-school-today")
    expect(
        phone.goto("/alert/which-school/").get_by_role("button", name=re.compile("Lakeview High")).first
    ).to_be_visible()
    phone.look("which-school-phone")
    card.get_by_role("button", name=re.compile("Lakeview Middle")).click()
    expect(wall.locator("#wall-page")).to_have_attribute("data-mode", "emergency")
    expect(card).to_have_count(0)
    expect(asked).to_have_count(0)
    expect(wall.locator("#strip")).to_contain_text("Lakeview Middle")
    lakeview.end_sharing(wall.locator("input[name=activation]").first.input_value())

    page = dana.goto("/alarms/")
    expect(page.get_by_role("row").filter(has_text="Bus depot")).to_contain_text("Omar Reyes")
    dana.look("alarms")
    phone = screen("dana", size=PHONE, session=1)
    phone.goto("/alarms/")
    phone.look("alarms-phone")
    dark = screen("sam", theme="dark", session=1)
    dark.goto("/alarms/")
    dark.look("alarms-dark")
