"""A drill: Pia starts it on her phone, Omar's wall turns and he takes it, drawn pictures move, a real start comes first.

A deployment of its own: an agreement with a section on drills (3.8), and cameras with simulated pictures.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from sightpact.camerasim.testing import RunningSim
from tests.deployment import Deployment, deployment, simulator
from tests.journeys.conftest import LEASES, OpenScreen
from tests.journeys.screens import PHONE, at_rest, live, until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
DRILLS = 4


@pytest.fixture(scope="module")
def sim() -> Iterator[RunningSim]:
    with simulator(drills=DRILLS) as running:
        yield running


@pytest.fixture(scope="module")
def lakeview(sim: RunningSim, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    with deployment(tmp_path_factory.mktemp("drill") / "data", sim, changes=LEASES, drills=DRILLS) as it:
        yield it


def moving(page: Page) -> None:
    until(page, f"document.querySelectorAll('live-tile[data-drill][data-state=live]').length >= {DRILLS}")


def test_pia_practises_omar_takes_it_and_a_real_start_comes_first(
    lakeview: Deployment, screen: OpenScreen
) -> None:
    omar, pia = screen("omar"), screen("pia", size=PHONE)
    wall = at_rest(omar)
    live(wall, outside=6)
    phone = pia.goto("/drills/")
    expect(phone.locator("#drills-list")).to_contain_text("0 of 4")
    pia.look("drill-list-phone")
    phone.get_by_role("link", name="Prepare a drill").click()
    expect(phone.get_by_text("Lakeview PD sees 4 simulated pictures.")).to_be_visible()
    pia.look("drill-start-phone")
    phone.get_by_role("button", name="Start drill").click()
    expect(phone.get_by_role("heading", name="Intruder, Lakeview High")).to_be_visible()

    # he touches nothing, and nothing looks like an emergency
    expect(wall.locator("#wall-page")).to_have_attribute("data-mode", "drill")
    moving(wall)
    expect(wall.locator("live-tile:not([data-drill])")).to_have_count(0)
    expect(wall.locator("live-tile .tag--drill:visible")).to_have_count(DRILLS)
    expect(wall.locator("live-tile .state .w").first).to_have_text("Simulated")
    strip = wall.get_by_role("region", name="Drill", exact=True)
    for text in ("DRILL", "Intruder", "Lakeview High", "Pia Marsh", "Section 3.8", "1 of 4 this year"):
        expect(strip).to_contain_text(text)
    omar.look("drill-wall")
    for words in ("this is not a drill", "Library", "Gymnasium", "inside camera"):
        assert words.lower() not in wall.locator("body").inner_text().lower(), words
    wall.get_by_role("button", name="Take the drill").click()
    expect(strip).to_contain_text("You, Omar Reyes")

    # she reads the seconds; nobody saw a real camera
    steps = phone.locator(".drillsteps")
    for row in ("Dispatch told", "Taken", "First simulated picture"):
        expect(steps.get_by_role("row", name=row)).to_contain_text(" s")
    expect(steps).to_contain_text("Omar Reyes")
    expect(phone.get_by_role("heading", name="real cameras would show")).to_be_visible(timeout=30_000)
    pia.look("drill-runs-phone")
    for theme in ("light", "contrast"):
        other = screen("omar", theme=theme)
        moving(other.goto("/wall/"))
        other.look(f"drill-wall-{theme}")
        other.page.close()
    small = screen("omar", size=PHONE)
    small.goto("/wall/")
    small.look("drill-wall-phone")
    small.page.close()
    sam = screen("sam", theme="dark")
    sam.goto("/watching/")
    sam.look("drill-board")
    sam.goto("/today/")
    sam.look("drill-today-dark")

    # this is real: one tap to the switch, with the school chosen; the drill is gone before the second screen knows
    phone.get_by_role("link", name="This is real").click()
    phone.get_by_role("link", name="Intruder").click()
    phone.get_by_role("button", name="Let police watch now").click()
    expect(phone.get_by_role("heading", name="Police can see Lakeview High")).to_be_visible()
    expect(wall.locator("#wall-page")).to_have_attribute("data-mode", "emergency")
    expect(wall.locator("live-tile[data-drill]")).to_have_count(0)
    live(wall, inside=8)
    assert "DRILL" not in wall.locator("body").inner_text()
    over = screen("pia")
    over.goto("/drills/")
    over.page.get_by_role("link", name="Report").first.click()
    expect(over.page.locator(".drillsub")).to_contain_text("so the drill gave way to it")
    over.look("drill-report")
    with over.page.expect_download() as paper:
        over.page.get_by_role("link", name="Report for the board (PDF)").click()
    assert paper.value.suggested_filename.startswith("drill-lakeview-high-")
    paper.value.save_as("test-results/journeys/drill-report.pdf")
