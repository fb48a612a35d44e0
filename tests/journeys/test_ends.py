"""It ends, in every way it can, with four people's browsers open: the pixels are gone at once, each screen says why.

The ends of one sharing's whole life (the last responder, a stop taken back) are in test_life.py.
"""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser, Page, expect

from sightpact.camerasim.testing import RunningSim
from tests.deployment import Deployment, deployment, wait_for
from tests.journeys.conftest import LEASES, OpenScreen
from tests.journeys.four import Four, inside_tiles
from tests.journeys.life import CHANGES, passes
from tests.journeys.pixels import is_black, timecode
from tests.journeys.screens import Screen, at_rest, live, until
from tests.journeys.senders import NEAR, Senders, senders

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def served(sim: RunningSim, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    folder = tmp_path_factory.mktemp("ends") / "data"
    with deployment(folder, sim, changes={**LEASES, **CHANGES}, extra=NEAR) as it:
        yield it


@pytest.fixture(scope="module")
def heard(served: Deployment, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Senders]:
    with senders(served, tmp_path_factory.mktemp("senders")) as registered:
        yield registered


@pytest.fixture(scope="module")
def four(browser: Browser, served: Deployment, heard: Senders) -> Iterator[Four]:
    """Open from the first test here to the last: what one end leaves on a screen, the next start must find."""
    opened: list[Screen] = []

    def screen(person: str = "", **options: object) -> Screen:
        opened.append(Screen(browser, served, person, **options))  # type: ignore[arg-type]
        return opened[-1]

    yield Four(screen)
    complaints = [each for screen in opened for each in screen.complaints]
    for each in opened:
        each.close()
    assert complaints == []


def reports(wall: Page, kind: str, word: str) -> None:
    """Omar's three clicks: somebody told him."""
    wall.get_by_role("link", name="Report a 911 call, or somebody's word").click()
    wall.get_by_role("link", name=re.compile(f"{kind}.*Lakeview High")).click()
    wall.get_by_role("button", name=word).click()


def test_people_end_it(served: Deployment, four: Four) -> None:
    wall, phone = four.wall, four.phone
    four.press()
    four.pia.look("end-mistake-banner")
    phone.get_by_role("button", name="End it, tell everyone").click()
    four.over("Sent by mistake, says Pia Marsh. There is no emergency.", "mistake")
    wall.reload()
    assert "lakeview-high-hallway" not in wall.content() and "Hallway" not in wall.content()

    four.press()
    phone.get_by_role("button", name="End sharing").click()
    four.over("All clear, said by Pia Marsh.")

    four.press("Fight")
    four.take()
    wall.get_by_text("Another way to end it").click()
    wall.get_by_role("button", name="Incident closed").click()
    four.over("The incident was closed by Omar Reyes.", "closed")

    four.press("Medical")
    four.take()
    phone.get_by_role("button", name="Sent by mistake").click()
    expect(wall.get_by_role("heading", name="Sent by mistake?")).to_be_visible()
    expect(four.board.locator(".grp--alarm")).to_contain_text("Pia Marsh says that it was sent by mistake")
    expect(phone.locator(".foot")).to_contain_text("is told that it was sent by mistake")
    four.omar.look("end-mistake-taken-wall")
    wall.get_by_role("button", name="End now, a mistake").click()
    four.over("Sent by mistake, says Omar Reyes. There is no emergency.")

    reports(wall, "Fight", "Pia Marsh")
    four.opened()
    phone.get_by_role("button", name="That was not me").click()
    four.over("Pia Marsh says: this was not my word.")

    reports(wall, "Fight", "A 911 call")
    four.opened()
    wall.get_by_text("Another way to end it").click()
    wall.get_by_role("button", name="It was a hoax").click()
    four.over("It was a hoax, says Omar Reyes.")


def test_machines_begin_it_and_at_most_propose_its_end(four: Four, heard: Senders) -> None:
    """A panic button, CAP by POST, a feed, a real MQTT broker; ASAP says "closed". What they began alone they end alone."""
    wall, phone = four.wall, four.phone
    assert heard.button(id="1") == "started"
    phone.goto("/switch/")
    expect(phone.get_by_role("link", name="Shared already: Lakeview High")).to_be_visible()
    four.pia.look("end-shared-already-switch")
    four.opened()
    expect(four.strip).to_contain_text("Panic button")
    assert heard.button(id="2", status="closed", about="1") == "ended"
    four.over("The incident was closed by Panic button.")

    assert heard.notifier("C-1") == "started"
    four.opened()
    four.take()
    assert heard.notifier("C-2", "Cancel", "C-1") == "end_proposed"
    four.proposed("Mass notification", "says that the incident is closed")
    wall.get_by_role("button", name="Keep it open").click()
    expect(phone.locator(".foot")).not_to_contain_text("asked to end it")
    phone.get_by_role("button", name="All clear: ask to end").click()
    four.proposed("Pia Marsh")
    four.omar.look("end-proposed-wall")
    four.sam.look("end-proposed-board")
    wall.get_by_role("button", name="End now, all clear").click()
    four.over("All clear, said by Omar Reyes.")

    heard.publishes("F-1")
    expect(four.strip).to_contain_text("Public alerts")
    four.opened()
    assert heard.dispatch("call-77") == "end_proposed", "another machine began it"
    four.proposed("Mass notification", "says that the incident is closed")
    passes(four.omar.it, four.activation, 5)
    four.over("All clear was proposed and dispatch did not answer in time.")

    heard.radio(id="R-1", code="MED")
    four.opened()
    expect(four.strip).to_contain_text("NOTICE")
    assert heard.button(id="3") == "widened", "a higher kind"
    expect(four.strip).to_contain_text("was Medical until")
    expect(phone.get_by_text("Was Medical until")).to_be_visible()
    expect(wall.get_by_role("button", name="Take the incident")).to_be_focused()
    heard.radio(id="R-2", status="closed", about="R-1")
    four.proposed("Radio buttons", "says that the incident is closed")
    wall.get_by_role("button", name="Keep it open").click()
    four.board.get_by_role("button", name=re.compile("^End this sharing")).click()
    expect(wall.locator("#ended")).to_contain_text("Call Sam Whitfield")
    four.over("Sam Whitfield stopped the sharing.", "stopped")


def test_time_ends_it(served: Deployment, four: Four) -> None:
    """Five minutes before, each screen counts down; one click and it is longer; then silence ends it."""
    wall, phone = four.wall, four.phone
    four.press("Fight")
    four.take()
    expect(wall.locator(".lastminutes")).to_be_hidden()
    passes(served, four.activation, 26)
    for page in (wall, phone):
        expect(page.locator(".lastminutes")).to_contain_text(re.compile(r"Pictures end in (4:0|3:5)\d"))
    four.omar.look("end-last-minutes-wall")
    four.pia.look("end-last-minutes-switch")
    wall.get_by_role("button", name=re.compile("^Extend to")).first.click()
    for page in (wall, phone):
        expect(page.locator(".lastminutes")).to_be_hidden()
    expect(phone.locator("main")).to_contain_text("Extended by Omar Reyes")
    expect(four.board.locator(".bside")).to_contain_text("Omar Reyes extended")
    passes(served, four.activation, 18.9)
    four.over("minutes that the agreement allows are over.", "deadline")


def test_the_district_ends_it(served: Deployment, four: Four, heard: Senders) -> None:
    """Two at once; a suspension and its end; a training that lapses meanwhile waits; then everything is stopped."""
    wall, board, phone = four.wall, four.board, four.phone
    four.press()
    four.take()
    assert heard.button(id="4", place="Gym button") == "started"
    other = wall.locator("#side .ending").filter(has_text="Lakeview Middle")
    expect(other).to_contain_text("Nobody has it yet.")
    expect(four.strip).to_contain_text("and 1 more emergency")
    four.omar.look("end-others-wall")
    other.get_by_role("button", name="Take it").click()
    expect(other).to_contain_text("Omar Reyes has it.")
    expect(board.locator(".grp--alarm")).to_have_count(2)
    four.sam.look("end-others-board")
    other.get_by_role("button", name="All clear, end it").click()
    expect(other).to_have_count(0)
    expect(board.locator(".grp--alarm")).to_have_count(1)

    desk = four.sam.open()
    desk.goto("/agreements/lakeview-mou/suspend/")
    desk.get_by_label("Reason, for the record").fill("Chief's call, 14:05")
    four.sam.look("end-suspend", desk)
    desk.get_by_role("button", name="Suspend it now").click()
    for page in (wall, four.officer):
        expect(page.locator("live-tile[data-inside=true]")).to_have_count(0)
    assert all(is_black(tile) for tile in four.tiles)
    expect(
        phone.get_by_role("heading", name="Police cannot see the cameras of Lakeview High")
    ).to_be_visible()
    expect(wall.locator("#ended")).to_contain_text("Sam Whitfield suspended")
    expect(wall.get_by_role("link", name=re.compile("^Call Sam Whitfield"))).to_be_visible()
    four.omar.look("end-suspended-wall")
    four.pia.look("end-suspended-switch")
    desk.goto("/agreements/lakeview-mou/resume/")
    desk.get_by_role("button", name="Resume it now").click()
    four.opened()

    served.python(LAPSED)
    expect(board.locator("#main")).to_contain_text("Waits for the end of the emergency")
    expect(board.locator("#main")).to_contain_text("The training of Rosa Delgado counted until")
    four.sam.look("end-waits-board")
    live(four.officer, inside=1)
    board.get_by_role("button", name="End all inside sharing").click()
    expect(wall.locator("#ended")).to_contain_text("Sam Whitfield stopped the sharing.")
    expect(four.officer.locator("live-tile[data-inside=true]")).to_have_count(0)
    assert all(is_black(tile) for tile in four.tiles)
    expect(four.officer.locator("live-tile")).to_have_count(0)  # her name is taken out now


# Stands in for the day after: nobody renewed it.
LAPSED = f"""
import django
django.setup()
from datetime import date
from django.db import transaction
from sightpact.agreements.models import NamedPerson
from sightpact.ledger import actions
from sightpact.ledger.entries import NewEntry
with transaction.atomic():
    NamedPerson.objects.filter(person__slug="rosa").update(trained_until=date({date.today().year - 1}, 1, 1))
    actions.append([NewEntry("clock_step", reason_code="test")], bump="world")
"""


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
