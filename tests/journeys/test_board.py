"""Sam's board: who watches which camera, since when, under which section; one click ends one viewer, or all."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.deployment import Deployment
from tests.journeys.conftest import OpenScreen
from tests.journeys.pixels import is_black, timecode
from tests.journeys.screens import PHONE, at_rest, live, until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def line_of(board: Page, group: str, name: str) -> Locator:
    return (
        board.get_by_role("region", name=group)
        .get_by_role("row")
        .filter(has=board.get_by_role("rowheader", name=name))
    )


def test_who_watches_what_and_one_click_ends_it(lakeview: Deployment, screen: OpenScreen) -> None:
    omar = screen("omar")
    wall = at_rest(omar)
    live(wall, outside=6)
    sam = screen("sam")
    board = sam.goto("/watching/")
    expect(board.get_by_role("heading", level=1)).to_have_text("1 person is watching")
    standing = line_of(board, "Without an emergency", "Omar Reyes")
    expect(standing).to_contain_text("6 outside")
    expect(standing).to_contain_text("Section 3.1")
    expect(standing).to_contain_text(re.compile(r"\d\d:\d\d:\d\d"))
    expect(board.get_by_role("button", name="End all inside sharing")).to_be_disabled()
    sam.look("sam-board-quiet")

    # an emergency: the open board shows it, and his own pictures under the house policy
    lakeview.start_sharing()
    live(wall, inside=8)
    emergency = board.get_by_role("region", name=re.compile("Lakeview High"))
    expect(emergency).to_contain_text("Intruder. Started by Pia Marsh")
    omars = line_of(board, "Lakeview High", "Omar Reyes")
    expect(omars).to_contain_text("8 inside")
    expect(omars).to_contain_text("3.2")
    own = sam.open()
    own.goto("/wall/")
    live(own, inside=8)
    sams = line_of(board, "Lakeview High", "You")
    expect(sams).to_contain_text("inside")
    expect(sams).to_contain_text("House policy")
    expect(board.get_by_role("heading", level=1)).to_have_text("2 people are watching")
    sam.look("sam-board-emergency")
    sam.look("sam-wall-emergency", own)

    # one click ends one viewer, with the reason on his screen
    tile = wall.locator("live-tile[data-inside=true]").first
    assert timecode(tile) is not None
    omars.get_by_role("button", name="End Omar").click()
    expect(omars).to_have_count(0)
    expect(board.locator(".stoppedbar")).to_contain_text(
        "Omar Reyes, Lakeview Police Department. Stopped by Sam Whitfield"
    )
    until(wall, "![...document.querySelectorAll('live-tile')].some((tile) => tile.dataset.age)")
    expect(wall.locator("#ended")).to_be_visible()
    expect(wall.locator("#ended")).to_contain_text("stopped")
    omar.look("omar-stopped")
    sam.look("sam-board-stopped")
    live(own, inside=8)  # nobody else's pictures end

    # he is let back in the same place
    board.get_by_role("button", name=re.compile("Undo|Let Omar back")).click()
    expect(board.locator(".stoppedbar")).to_have_count(0)
    live(wall, inside=8)

    # one click ends all inside sharing
    tiles = wall.locator("live-tile[data-inside=true]").all()
    handle = wall.evaluate_handle("() => [...document.querySelectorAll('live-tile[data-inside=true]')]")
    assert len(tiles) == 8
    board.get_by_role("button", name="End all inside sharing").click()
    expect(wall.locator("#ended")).to_contain_text("Sam Whitfield")
    expect(wall.locator("#ended")).to_contain_text("stopped the sharing")
    expect(wall.locator("#ended")).to_be_focused()
    assert all(is_black(each) for each in _elements(handle))
    expect(board.get_by_role("region", name="Lakeview High")).to_have_count(0)
    expect(board.get_by_role("button", name="End all inside sharing")).to_be_disabled()
    own.close()
    sam.look("sam-board-ended")
    omar.look("omar-ended-stop")


def _elements(handle: object) -> list[object]:
    return [each.as_element() for each in handle.get_properties().values()]  # type: ignore[attr-defined]


def test_the_board_on_other_screens(lakeview: Deployment, screen: OpenScreen) -> None:
    omar = screen("omar")
    lakeview.start_sharing()
    live(omar.goto("/wall/"), inside=8)
    for name, options in {
        "phone": {"size": PHONE},
        "light": {"theme": "light"},
        "contrast": {"theme": "contrast"},
    }.items():
        sam = screen("sam", **options)
        expect(sam.goto("/watching/").get_by_role("heading", level=1)).to_contain_text("watching")
        expect(line_of(sam.page, "Lakeview High", "Omar Reyes")).to_contain_text("8 inside")
        sam.look(f"sam-board-{name}")


def test_the_board_is_not_for_others(lakeview: Deployment, screen: OpenScreen) -> None:
    omar = screen("omar", allow="404")
    omar.page.goto("/watching/")
    expect(omar.page.get_by_role("heading", name="There is nothing at this address")).to_be_visible()
    omar.look("omar-404")
