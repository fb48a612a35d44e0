"""When things break: a camera stalls or vanishes, a viewer falls behind, a page is left, a process is killed.

It is said at once, and what can come back comes back by itself."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from sightpact.camerasim.testing import RunningSim
from tests.deployment import Deployment, wait_for
from tests.journeys.conftest import OpenScreen
from tests.journeys.pixels import is_black, timecode
from tests.journeys.screens import at_rest, live, until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def test_a_camera_that_stands_still_and_one_that_is_gone(
    lakeview: Deployment, sim: RunningSim, screen: OpenScreen
) -> None:
    omar = screen("omar")
    wall = at_rest(omar)
    live(wall, outside=6)
    stalls, vanishes = wall.locator("live-tile").nth(0), wall.locator("live-tile").nth(1)
    sim.fault("lakeview-high-main-entrance", "stall")
    sim.fault("lakeview-high-north-lot", "refuse")
    expect(stalls.locator(".state .w")).to_have_text("Still")
    expect(stalls.locator(".stamp b")).to_have_text(re.compile(r"Still picture, [\d.]+ s old"))
    expect(stalls.locator(".state time")).to_have_text(re.compile(r"[\d.]+ s ago"))
    expect(vanishes.locator(".state .w")).to_have_text("Lost")
    expect(vanishes.locator(".nopic")).to_contain_text(re.compile(r"Next try in \d+ s\."))
    assert is_black(vanishes), "no old picture under the words"
    expect(wall.locator("live-tile").nth(2)).to_have_attribute("data-state", "live")
    expect(wall.locator(".schools")).to_contain_text("North lot")
    omar.look("omar-still-and-lost")
    dana = screen("dana")
    row = (
        dana.goto("/cameras/")
        .get_by_role("row")
        .filter(has_text="Lakeview High")
        .filter(has_text="North lot")
    )
    expect(row).to_contain_text("Lost")
    dana.look("dana-cameras-lost")
    dana.goto("/cameras/?show=broken")
    expect(dana.page.get_by_role("row").filter(has_text="North lot")).to_have_count(1)
    dana.goto("/today/")
    expect(dana.page.get_by_role("heading", level=1)).to_contain_text("Some cameras do not work")
    dana.look("dana-today-lost")
    sim.fault("all", "ok")
    live(wall, outside=6)
    assert timecode(vanishes) is not None


def test_a_viewer_that_falls_behind_skips_to_the_present(lakeview: Deployment, screen: OpenScreen) -> None:
    """The page's one thread is blocked while pictures keep coming; afterwards it shows what is now, not what it missed."""
    omar = screen("omar")
    wall = at_rest(omar)
    live(wall, outside=6)
    wall.evaluate("() => { const until = performance.now() + 4000; while (performance.now() < until); }")
    live(wall, outside=6)
    until(
        wall, "[...document.querySelectorAll('live-tile')].every((tile) => Number(tile.dataset.age) < 1000)"
    )


def test_a_page_that_is_left_keeps_nothing_and_comes_back_live(
    lakeview: Deployment, screen: OpenScreen
) -> None:
    """Left and reached again with the browser's own back: no look goes on meanwhile, no old picture is there."""
    omar = screen("omar")
    wall = at_rest(omar)
    activation = lakeview.start_sharing()
    live(wall, inside=8)
    wall.get_by_role("link", name="Agreements").click()
    expect(wall).to_have_url(re.compile("/agreements/$"))
    wait_for(lambda: not _open_looks(lakeview), what="the looks are closed in the record")
    wall.go_back()
    live(wall, inside=8)
    wall.go_forward()
    lakeview.end_sharing(activation)
    wall.go_back()
    expect(wall.locator("#ended")).to_contain_text("All clear, said by Pia Marsh.")
    expect(wall.locator("live-tile[data-inside=true]")).to_have_count(0)


def _open_looks(it: Deployment) -> set[int]:
    entries = it.record()
    ended = {entry["ref"] for entry in entries if entry["type"] == "stream_end"}
    return {entry["index"] for entry in entries if entry["type"] == "admission"} - ended


@pytest.mark.parametrize("process", ["edge", "records"])
def test_a_killed_process_and_the_wall_recovers_by_itself(
    lakeview: Deployment, screen: OpenScreen, process: str
) -> None:
    omar = screen(
        "omar",
        allow="WebSocket connection|ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED|ERR_EMPTY|ERR_CONNECTION_RESET",
    )
    wall = at_rest(omar)
    lakeview.start_sharing()
    live(wall, inside=8)
    before = lakeview.pid(process)
    lakeview.kill(process)
    until(wall, "![...document.querySelectorAll('live-tile')].some((tile) => tile.dataset.age)")
    assert is_black(wall.locator("live-tile").first)
    wait_for(lambda: lakeview.pid(process) not in (None, before), what=f"{process} was started again")
    live(wall, inside=8)
    omar.look(f"omar-after-{process}-killed")
