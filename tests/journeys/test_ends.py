"""It ends, in every way it can: the pixels are gone at once, a panel says why, coming back gives the reason."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from sightpact.camerasim.testing import RunningSim
from tests.deployment import Deployment, wait_for
from tests.journeys.conftest import OpenScreen
from tests.journeys.pixels import is_black, timecode
from tests.journeys.screens import at_rest, live, until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

# Stands in for an hour's wait: the one deadline, as it is stored, comes near; the gateway arms it like any other.
DEADLINE = """
import sys, django
django.setup()
from datetime import timedelta
from django.db import transaction
from sightpact.activation.models import Activation
from sightpact.ledger import actions, clock
from sightpact.ledger.entries import NewEntry
with transaction.atomic():
    Activation.objects.filter(pk=sys.argv[1]).update(deadline_utc=clock.now() + timedelta(seconds=2))
    actions.append([NewEntry("clock_step", reason_code="test")], bump="situation")
"""


def inside_tiles(wall: Page) -> list[Any]:
    """The tiles themselves, also when they are not on the page any more."""
    found = wall.evaluate_handle("() => [...document.querySelectorAll('live-tile[data-inside=true]')]")
    return [each.as_element() for each in found.get_properties().values()]


@pytest.mark.parametrize("way", ["all clear", "stop", "deadline"])
def test_the_picture_is_gone_at_once(lakeview: Deployment, screen: OpenScreen, way: str) -> None:
    omar = screen("omar")
    wall = at_rest(omar)
    activation = lakeview.start_sharing()
    live(wall, inside=8)
    tiles = inside_tiles(wall)
    assert len(tiles) == 8 and all(timecode(tile) for tile in tiles)
    ends: dict[str, tuple[Callable[[], object], str]] = {
        "all clear": (lambda: lakeview.end_sharing(activation), "All clear, said by Pia Marsh."),
        "stop": (
            lambda: lakeview.page("sam").post("/watching/stop-sharing/", {"activation": activation}),
            "Sam Whitfield stopped the sharing.",
        ),
        "deadline": (
            lambda: lakeview.python(DEADLINE, activation),
            "minutes that the agreement allows are over.",
        ),
    }
    act, words = ends[way]
    act()
    expect(wall.locator("#ended")).to_contain_text(words)
    assert all(is_black(tile) for tile in tiles), "not one pixel of the last picture is left"
    expect(wall.locator("#ended")).to_be_focused()
    expect(wall.locator("live-tile[data-inside=true]")).to_have_count(0)
    expect(wall.get_by_role("alert").first).to_contain_text(words)
    omar.look(f"omar-ended-{way.replace(' ', '-')}-now")
    wall.reload()
    expect(wall.locator("#ended")).to_contain_text(words)
    expect(wall.locator("live-tile[data-inside=true]")).to_have_count(0)
    wall.get_by_role("button", name="Back to outside cameras").click()
    live(wall, outside=6)
    assert "lakeview-high-hallway" not in wall.content() and "Hallway" not in wall.content()


def test_a_page_that_slept_through_the_end_shows_nothing(lakeview: Deployment, screen: OpenScreen) -> None:
    """His network goes while pictures run; it ends meanwhile; when the network is back there is the reason and no picture."""
    omar = screen(
        "omar",
        allow="ERR_INTERNET_DISCONNECTED|ERR_NETWORK_CHANGED|WebSocket connection|ERR_INCOMPLETE_CHUNKED",
    )
    wall = at_rest(omar)
    activation = lakeview.start_sharing()
    live(wall, inside=8)
    tiles = inside_tiles(wall)
    omar.context.set_offline(True)
    lakeview.end_sharing(activation)
    omar.context.set_offline(False)
    expect(wall.locator("#ended")).to_contain_text("All clear, said by Pia Marsh.")
    assert all(is_black(tile) for tile in tiles)


def test_with_the_cable_pulled_the_player_clears_by_its_own_clock(
    lakeview: Deployment, sim: RunningSim, screen: OpenScreen
) -> None:
    """The edge is frozen: no byte comes, no end is told, no socket closes. The leases pass (2 s outside, 4 s inside)."""
    omar = screen("omar", allow="WebSocket connection")
    wall = at_rest(omar)
    lakeview.start_sharing()
    live(wall, inside=8, outside=1)
    tiles = inside_tiles(wall)
    edge = wait_for(lambda: lakeview.pid("edge"))
    os.kill(edge, signal.SIGSTOP)
    try:
        until(wall, "![...document.querySelectorAll('live-tile')].some((tile) => tile.dataset.age)")
        assert all(is_black(tile) for tile in tiles)
        expect(wall.locator("live-tile").first).to_contain_text(
            "No word from the gateway, so the picture was cleared."
        )
        omar.look("omar-cable-pulled")
    finally:
        os.kill(edge, signal.SIGCONT)
    live(wall, inside=8)
    assert timecode(wall.locator("live-tile").first)
