"""After an emergency: Sam finds on Today what is owed, reads each step, completes the statement, and takes the paper along.

A deployment of its own: an agreement with the sections on what is owed (6.5) and on how long names stay (6.6).
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from sightpact.camerasim.testing import RunningSim
from tests.deployment import Deployment, deployment
from tests.journeys.conftest import LEASES, OpenScreen
from tests.journeys.screens import PHONE, live
from tests.record.after_text import AFTER

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
SECTIONS = {number.lstrip("s").replace("_", "."): fields for number, fields in AFTER.items()}


@pytest.fixture(scope="module")
def served(sim: RunningSim, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    with deployment(tmp_path_factory.mktemp("after") / "data", sim, changes={**LEASES, **SECTIONS}) as it:
        yield it


@pytest.fixture
def lakeview(served: Deployment) -> Deployment:
    return served


def test_what_is_owed_is_found_completed_and_signed(lakeview: Deployment, screen: OpenScreen) -> None:
    omar = screen("omar")
    wall = omar.goto("/wall/")
    activation = lakeview.start_sharing()
    live(wall, inside=8)
    lakeview.end_sharing(activation)
    expect(wall.locator("#ended")).to_be_visible()
    lakeview.end_sharing(lakeview.start_sharing("medical"), reason="mistake")

    sam = screen("sam")
    page = sam.goto("/today/")
    page.get_by_role("link", name="Complete it").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Intruder, Lakeview High")
    row = page.get_by_role("row").filter(has_text="Omar Reyes began to look at")
    row.get_by_text("cameras, and how long each").click()
    expect(row).to_contain_text("Library")
    sam.look("after-one")
    page.get_by_role("radio", name="Yes, as it was known then").check()
    words = page.get_by_label("Which threat, or why there was none")
    assert "Possible disclosure." in words.input_value()
    words.fill("A man with a knife was seen at the gym doors; he did not leave when told to.")
    assert "Omar Reyes" in page.get_by_label("Who was shown pictures").input_value()
    page.get_by_role("button", name="Sign as Sam Whitfield").click()
    expect(page.get_by_text("Version 1, signed by Sam Whitfield")).to_be_visible()
    sam.look("after-signed")
    with page.expect_download() as wanted:
        page.get_by_role("link", name="JSON").click()
    steps = json.loads(wanted.value.path().read_text())["steps"]
    assert steps[0]["text"].startswith("Pia Marsh started") and any(step.get("looks") for step in steps)
    page.goto(f"{lakeview.url}/after/")
    expect(page.get_by_text("0 statements are owed")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="Medical").first).to_contain_text("None: no emergency")
    sam.look("after-list")
    page.goto(f"{lakeview.url}/record/names/")
    page.get_by_label("Why, such as the number of a case").fill("Case 26-118")
    page.get_by_role("button", name="Put it on hold").click()
    expect(page.get_by_role("heading", name="On hold: nothing is erased")).to_be_visible()
    sam.look("after-names")

    phone = screen("sam", size=PHONE)
    for path, name in (("/after/", "list"), (f"/after/{activation}/", "one"), ("/record/names/", "names")):
        phone.goto(path)
        phone.look(f"after-{name}-phone")
        assert phone.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    dark = screen("sam", theme="dark")
    dark.goto(f"/after/{activation}/")
    dark.look("after-dark")
