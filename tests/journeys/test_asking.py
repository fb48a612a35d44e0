"""Without an emergency: Omar asks, Pia answers in two taps, his wall opens by itself and goes dark when she ends it.

A deployment of its own: an agreement with sections on invitations (3.5), requests (3.6) and planned events (3.7).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from sightpact.camerasim.testing import RunningSim
from tests.deployment import Deployment, deployment
from tests.journeys.conftest import LEASES, OpenScreen
from tests.journeys.screens import PHONE, Screen, at_rest, live
from tests.lakeview import ASKING

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
SECTIONS = {number.lstrip("s").replace("_", "."): fields for number, fields in ASKING.items()}


@pytest.fixture(scope="module")
def served_asking(sim: RunningSim, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    with deployment(tmp_path_factory.mktemp("asking") / "data", sim, changes={**LEASES, **SECTIONS}) as it:
        yield it


@pytest.fixture
def lakeview(served_asking: Deployment) -> Deployment:
    return served_asking


@pytest.fixture
def screen(browser: Browser, lakeview: Deployment) -> Iterator[OpenScreen]:
    opened: list[Screen] = []

    def open_screen(person: str = "", **options: object) -> Screen:
        opened.append(Screen(browser, lakeview, person, **options))  # type: ignore[arg-type]
        return opened[-1]

    yield open_screen
    complaints = [each for screen in opened for each in screen.complaints]
    for each in opened:
        each.close()
    assert complaints == []


def test_a_request_is_approved_the_wall_opens_and_its_end_is_dark(
    lakeview: Deployment, screen: OpenScreen
) -> None:
    omar, pia = screen("omar"), screen("pia", size=PHONE)
    wall = at_rest(omar)
    live(wall, outside=6)
    omar.look("asking-wall-quiet")
    phone = pia.goto("/asking/")
    expect(phone.get_by_text("Nothing waits.")).to_be_visible()
    pia.look("asking-list-empty-phone")

    # he asks, on a second page; his wall stays
    form = omar.open()
    form.goto("/asking/")
    form.get_by_role("link", name="Ask to look").last.click()
    form.get_by_label("School").select_option(label="Lakeview High")
    form.get_by_label("Why, in a few words").fill("Silent alarm, east doors")
    form.get_by_label("Incident number").fill("26-1183")
    omar.look("asking-form-request", form)
    form.get_by_role("button", name="Ask the school").click()
    expect(form.get_by_role("heading", name="Request to look, Lakeview High")).to_be_visible()
    expect(form.locator("#asking-one")).to_contain_text("Pia Marsh, Sam Whitfield can answer")
    omar.look("asking-one-waits", form)
    expect(wall.locator("#side")).to_contain_text("Asked, waiting for the school")

    # her open page says it by itself; two taps
    line = phone.locator("#state-line")
    expect(line).to_contain_text("Omar Reyes asks to look at Lakeview High.")
    expect(phone.locator("#asking-list")).to_contain_text("Your answer is asked for.")
    pia.look("asking-list-waits-phone")
    board_before = screen("sam")
    board_before.goto("/watching/")
    expect(board_before.page.get_by_role("link", name="Answer")).to_be_visible()
    board_before.look("asking-board-waits")
    board_before.page.close()
    line.get_by_role("link", name="Answer").click()
    expect(phone.locator("#asking-one")).to_contain_text("8 cameras, 8 of them inside")
    pia.look("asking-answer-phone")
    phone.get_by_role("button", name="Open for 20 minutes").click()
    expect(phone.locator(".askstate")).to_contain_text("Open")

    # he touches nothing
    expect(wall.locator("#wall-page")).to_have_attribute("data-mode", "look")
    live(wall, inside=8)
    strip = wall.get_by_role("region", name="Open by asking")
    for text in ("REQUEST", "Lakeview High", "Omar Reyes", "Section 3.6", "8 cameras", "Pia Marsh"):
        expect(strip).to_contain_text(text)
    expect(strip.locator(".left .big")).to_have_text(re.compile(r"^(20:00|19:\d\d|18:\d\d)$"))
    omar.look("asking-wall-open")
    for name, options in {
        "light": {"theme": "light"},
        "contrast": {"theme": "contrast"},
        "phone": {"size": PHONE},
    }.items():
        other = screen("omar", **options)
        live(other.goto("/wall/"), inside=8)
        other.look(f"asking-wall-open-{name}")
        other.page.close()
    expect(form.locator(".asksteps")).to_contain_text("Pia Marsh approved")
    sam = screen("sam")
    board = sam.goto("/watching/")
    expect(board.get_by_role("heading", name="Lakeview High").first).to_be_visible()
    expect(board.locator(".blist")).to_contain_text("Request to look")
    expect(board.locator(".blist")).to_contain_text("Omar Reyes")
    sam.look("asking-board")
    sam.goto("/today/")
    sam.look("asking-today")

    # she ends it: dark, and said why
    tiles = wall.locator("live-tile[data-inside=true]").all()
    canvases = [tile.locator("canvas").element_handle() for tile in tiles]
    pia.look("asking-one-open-phone")
    phone.get_by_role("button", name="End it now").click()
    expect(wall.locator("#wall-page")).to_have_attribute("data-mode", "quiet")
    expect(wall.locator("live-tile[data-inside=true]")).to_have_count(0)
    for each in canvases:
        assert each is not None and not each.is_visible()
    expect(wall.locator("#side")).to_contain_text("Pia Marsh ended it.")
    omar.look("asking-wall-ended")
    expect(phone.locator(".asksteps")).to_contain_text("Pia Marsh ended it.")
    pia.look("asking-one-ended-phone")
    kinds = [(e["type"], e["outcome"]) for e in lakeview.record() if e["type"] == "request"]
    assert kinds == [("request", "asked"), ("request", "approved"), ("request", "ended")]
    ends = [e for e in lakeview.record() if e["type"] == "stream_end" and e["reason_code"] == "ended"]
    assert len(ends) >= 8, "each picture has its end"


def test_pia_invites_with_keys_alone_and_omar_looks(lakeview: Deployment, screen: OpenScreen) -> None:
    omar, pia = screen("omar"), screen("pia")
    wall = omar.goto("/wall/")
    page = pia.goto("/asking/invite/")
    expect(page.get_by_role("heading", name="Ask police to look", level=1)).to_be_visible()
    page.get_by_label("Why, in a few words").focus()
    page.keyboard.type("Glass broke in the library")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Minutes")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("5")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")  # only these
    for name in ("Library", "Hallway A"):
        page.get_by_label(name, exact=False).first.focus()
        page.keyboard.press("Space")
    pia.look("asking-form-invite")
    page.get_by_role("button", name="Ask police to look now").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".askstate")).to_contain_text("Open")
    pia.look("asking-one-invited")
    live(wall, inside=2)
    expect(wall.get_by_role("region", name="Open by asking")).to_contain_text("Invited by")
    wall.get_by_role("button", name="We are done, end it").click()
    expect(wall.locator("live-tile[data-inside=true]")).to_have_count(0)
    expect(page.locator(".asksteps")).to_contain_text("Omar Reyes ended it.")


def test_an_event_is_planned_approved_and_called_off(lakeview: Deployment, screen: OpenScreen) -> None:
    pia, sam, omar = screen("pia"), screen("sam", theme="dark"), screen("omar", size=PHONE)
    page = pia.goto("/asking/event/")
    page.get_by_label("School").select_option(label="Lakeview High")
    page.get_by_label("Why, in a few words").fill("Football final")
    page.get_by_label("From").fill("2027-06-04T18:00")
    page.get_by_label("To").fill("2027-06-04T21:30")
    pia.look("asking-form-event")
    page.get_by_role("button", name="Ask for this event").click()
    expect(page.locator(".askstate")).to_contain_text("Waits for an answer")
    answer = sam.goto("/today/")
    answer.get_by_role("link", name="Answer").first.click()
    sam.look("asking-answer-event-dark")
    answer.get_by_role("button", name="Approve this event").click()
    expect(answer.locator(".askstate")).to_contain_text("opens by itself at 4 June 2027, 18:00")
    coming = omar.goto("/asking/")
    expect(coming.locator("#asking-list")).to_contain_text("Football final")
    omar.look("asking-list-coming-phone")
    answer.get_by_role("button", name="Call it off").click()
    expect(coming.locator("#asking-list")).to_contain_text("Sam Whitfield called it off before it opened.")
    sam.goto("/asking/")
    sam.look("asking-list-dark")
