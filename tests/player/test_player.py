"""The player shows what is live, says what is not, and lets nothing stand that it may not show. Real edge, real browser."""

from __future__ import annotations

import signal

import pytest
from playwright.sync_api import Browser, expect

from sightpact.wire.messages import Reason
from tests.player import states
from tests.player.conftest import TILES, Stage, end_edge, start_edge

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


def test_each_tile_shows_its_own_camera_with_name_mark_and_age(stage: Stage) -> None:
    assert stage.timecode("front")["camera"] == 5
    assert stage.timecode("lot")["camera"] == 6
    assert "Omar Reyes · Lakeview PD · " in stage.text("front")
    assert "Main entrance" in stage.text("front")
    tile = stage.page.locator('live-tile[data-camera="front"]')
    assert int(tile.get_attribute("data-frames") or 0) > 0
    assert tile.get_attribute("data-age") != ""


def test_a_camera_that_stops_sending_is_greyed_and_stamped_then_comes_back(stage: Stage) -> None:
    stage.sim.fault("front", "stall")
    stage.page.wait_for_selector(
        'live-tile[data-camera="front"]:is([data-state="still"], [data-state="stalled"])'
    )
    assert "Still picture" in stage.text("front")
    assert stage.page.locator('live-tile[data-camera="lot"]').get_attribute("data-state") == "live"
    stage.sim.fault("front", "ok")
    stage.wait_state("front", "live")


def test_an_end_clears_the_canvas_and_says_why_and_nothing_comes_after(stage: Stage) -> None:
    stage.gate.cut("front", "stop", "Sam Whitfield stopped the sharing.")
    stage.wait_state("front", "ended")
    assert stage.brightness("front") == 0
    assert "Sam Whitfield stopped the sharing." in stage.text("front")
    frames = stage.page.locator('live-tile[data-camera="front"]').get_attribute("data-frames")
    stage.wait_state("lot", "live")
    assert stage.page.locator('live-tile[data-camera="front"]').get_attribute("data-frames") == frames
    assert stage.brightness("front") == 0


def test_a_lease_that_lapses_clears_the_picture_though_the_socket_stays_open(stage: Stage) -> None:
    stage.edge.send_signal(signal.SIGSTOP)  # as when the cable is pulled: no byte, no close
    stage.wait_state("front", "lost")
    assert stage.brightness("front") == 0
    assert "No word from the gateway" in stage.text("front")
    stage.edge.send_signal(signal.SIGCONT)
    stage.wait_state("front", "live")


def test_a_new_edge_is_found_and_the_pictures_come_back(stage: Stage) -> None:
    port = stage.site.edge().rsplit(":", 1)[1].split("/")[0]
    end_edge(stage.edge)
    stage.page.wait_for_selector('live-tile[data-camera="front"]:not([data-state="live"])')
    assert stage.brightness("front") == 0
    stage.edge, _port = start_edge(stage.gate, port)
    stage.wait_state("front", "live")


def test_a_viewer_that_is_closed_hears_why_and_sees_nothing(stage: Stage) -> None:
    stage.site.tickets = False
    stage.gate.close_viewers("signed_out", "Your session has ended.")
    stage.wait_state("front", "lost")
    assert stage.brightness("front") == 0


def test_a_refused_camera_says_the_reason(stage: Stage) -> None:
    stage.gate.refused["front"] = Reason("closed", states.CLOSED, "3.2")
    stage.gate.cut("front", "ground_changed", "It is asked for again.")
    stage.wait_state("front", "refused")
    assert states.CLOSED in stage.text("front")


def test_the_wall_changes_by_itself_and_takes_the_focus_where_it_matters(stage: Stage) -> None:
    inside = (
        states.tile(1, "lot", "Hallway B, east", "by room 114", inside=True),
        states.tile(2, "front", "Main entrance"),
    )
    stage.tell(states.emergency(inside, states.now()))
    expect(stage.page.locator("[data-take]")).to_be_focused()
    expect(stage.page.locator(".strip")).to_contain_text("EMERGENCY")
    stage.page.keyboard.press("t")
    stage.page.wait_for_function("document.querySelector('[data-take]') !== null")
    stage.tell(states.ended(TILES, states.now()))
    expect(stage.page.locator("#ended")).to_be_focused()
    assert stage.page.locator("live-tile").count() == 0
    assert "/wall/take/" in stage.site.posts


def test_keys_move_enlarge_and_can_be_turned_off(stage: Stage) -> None:
    page = stage.page
    page.keyboard.press("2")
    expect(page.locator('live-tile[data-camera="lot"]')).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(page.locator('live-tile[data-camera="front"]')).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator('live-tile[data-camera="front"]')).to_have_attribute("data-large", "")
    page.keyboard.press("Escape")
    page.locator("[data-keys]").uncheck()
    page.keyboard.press("2")
    expect(page.locator('live-tile[data-camera="lot"]')).not_to_be_focused()


def test_a_browser_without_webcodecs_is_told_what_it_needs(stage: Stage, browser: Browser) -> None:
    with browser.new_context() as context:
        context.add_init_script("delete window.VideoDecoder")
        page = context.new_page()
        page.goto(stage.site.url + "/wall/")
        expect(page.locator('[data-missing="no_decoder"]')).to_be_visible()
        expect(page.locator(".strip")).to_be_visible()
