"""A sharing's whole life on several screens at once: reported, confirmed, extended, widened, stopped, undone, and each end.

The clicks and seconds of each person's moment are counted on the way; docs/explanation/moments.md has them as a table.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from sightpact.camerasim.testing import RunningSim
from tests.deployment import Deployment, deployment
from tests.journeys.conftest import LEASES, OpenScreen
from tests.journeys.life import CHANGES
from tests.journeys.screens import PHONE, RESULTS, at_rest, live
from tests.journeys.test_emergency import a_switch

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
COUNT = "window.clicks = 0; addEventListener('click', () => window.clicks++, true)"


@pytest.fixture(scope="module")
def served(sim: RunningSim, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    folder = tmp_path_factory.mktemp("life") / "data"
    with deployment(folder, sim, changes={**LEASES, **CHANGES}) as it:
        yield it


class Moments:
    """Clicks and seconds of each person's moment, kept for the documentation."""

    def __init__(self) -> None:
        self.rows: list[dict[str, object]] = []
        self.begun = 0.0

    def begin(self) -> None:
        self.begun = time.monotonic()

    def end(self, who: str, what: str, clicks: int) -> None:
        self.rows.append(
            {"who": who, "what": what, "clicks": clicks, "seconds": round(time.monotonic() - self.begun, 2)}
        )

    def keep(self) -> None:
        RESULTS.mkdir(parents=True, exist_ok=True)
        (RESULTS / "moments.json").write_text(json.dumps(self.rows, indent=1))


def start(phone: Page, kind: str) -> None:
    """Two taps."""
    phone.goto("/switch/?another=1")
    phone.get_by_role("link", name=kind).click()
    phone.get_by_role("button", name="Let police watch now").click()
    expect(phone.get_by_role("heading", name="Police can see Lakeview High")).to_be_visible()


def quiet(wall: Page) -> None:
    wall.get_by_role("button", name="Back to outside cameras").click()
    expect(wall.locator("#wall-page")).to_have_attribute("data-mode", "quiet")


def test_a_report_a_higher_kind_a_stop_taken_back_and_the_end(
    lakeview: Deployment, screen: OpenScreen
) -> None:
    moments = Moments()
    omar, sam, rosa = screen("omar"), screen("sam"), screen("rosa", size=PHONE)
    wall, board = at_rest(omar), sam.goto("/watching/")
    pia = a_switch(screen)
    phone = pia.page

    # dispatch is told by phone: two taps open it, on Pia's word, unverified
    moments.begin()
    wall.get_by_role("link", name="Report a 911 call, or somebody's word").click()
    omar.look("life-report-1")
    wall.get_by_role("link", name=re.compile("Medical.*Lakeview High")).click()
    omar.look("life-report-2")
    wall.get_by_role("button", name="Pia Marsh").click()
    strip = wall.get_by_role("region", name="Emergency sharing")
    expect(strip).to_contain_text("NOTICE")
    expect(strip).to_contain_text("not verified")
    live(wall, inside=1)
    moments.end("dispatcher", "reports a principal's word by phone, to the first inside picture", 3)
    expect(wall.get_by_role("heading", name="Not verified yet")).to_be_visible()
    omar.look("life-wall-unverified")

    # Pia is asked on her switch, without a sign-in
    phone.goto("/switch/")
    expect(phone.get_by_role("heading", name=re.compile("Omar Reyes reports your word, at"))).to_be_visible()
    pia.look("life-switch-asked")
    moments.begin()
    phone.get_by_role("button", name="Confirm").click()
    expect(phone.locator(".asked")).to_have_count(0)
    expect(wall.get_by_role("heading", name="Not verified yet")).to_have_count(0)
    moments.end("principal", "confirms her word, to dispatch's screen", 1)
    expect(strip).to_contain_text("confirmed by Pia Marsh")
    wall.keyboard.press("t")
    expect(strip).to_contain_text("You, Omar Reyes")

    # it is worse: a higher kind widens it, and whoever had it is asked anew
    moments.begin()
    start(phone, "Intruder")
    expect(strip).to_contain_text("EMERGENCY")
    moments.end("principal", "two taps on a phone without a sign-in, to dispatch's screen", 2)
    expect(strip).to_contain_text("was Medical until")
    expect(strip).to_contain_text("Nobody yet")
    expect(wall.get_by_role("button", name="Take the incident")).to_be_focused()
    expect(wall).to_have_title(re.compile("TAKE: Intruder, Lakeview High"))
    expect(phone.get_by_text("A mistake?")).to_be_visible()
    expect(phone.locator(".ticks")).to_contain_text("Sent from this phone")
    omar.look("life-wall-widened")
    pia.look("life-switch-widened")
    wall.get_by_role("button", name="Take the incident").click()

    # the officer's phone: from the alert to the picture in one touch
    activation = phone.url.strip("/").split("/")[-1]
    alert = rosa.goto(f"/alert/{activation}/")
    rosa.look("life-officer-alert")
    moments.begin()
    alert.get_by_role("link", name="Touch to see").click()
    live(alert, inside=1)
    moments.end("officer with a phone", "from the alert's page to the first inside picture", 1)
    rosa.look("life-officer-phone")

    # one click extends it; the superintendent sees it, stops it, and takes that back
    extend = wall.locator("#extend")
    expect(extend).to_contain_text("at most; the superintendent is told")
    omar.look("life-wall-taken")
    extend.click()
    expect(strip.locator(".left .big")).to_have_text(re.compile(r"^1:1[45]:\d\d$"))
    expect(phone.locator("main")).to_contain_text("Extended by Omar Reyes")
    expect(board.get_by_role("region", name=re.compile("Lakeview High"))).to_contain_text("Intruder")
    moments.begin()
    board.get_by_role("button", name=re.compile("^End")).first.click()
    expect(wall.locator("#ended")).to_contain_text("Sam Whitfield stopped the sharing.")
    moments.end("superintendent", "stops it, to dispatch's screen without a picture", 1)
    expect(wall.locator("#ended")).to_contain_text("Call Sam Whitfield")
    sam.look("life-board-undo")
    moments.begin()
    board.get_by_role("button", name=re.compile("^Undo,")).click()
    expect(strip).to_contain_text("You, Omar Reyes")
    live(wall, inside=1)
    moments.end("superintendent", "takes the stop back, to the pictures", 1)

    # Pia proposes the end, dispatch says how it ended
    phone.get_by_role("button", name="All clear: ask to end").click()
    expect(wall.get_by_role("heading", name="All clear proposed")).to_be_visible()
    wall.get_by_text("Another way to end it").click()
    omar.look("life-wall-ends")
    wall.get_by_role("button", name="Last responder has left").click()
    expect(wall.locator("#ended")).to_contain_text("The last responder has left, says Omar Reyes.")
    expect(phone.get_by_role("heading", name="Sharing ended")).to_be_visible()
    moments.keep()


def test_that_was_not_me_and_a_hoax(lakeview: Deployment, screen: OpenScreen) -> None:
    omar, pia = screen("omar", theme="contrast"), screen("pia", size=PHONE, theme="light")
    wall, phone = at_rest(omar), pia.page
    for reported, end in (("Pia Marsh", "That was not me"), ("A 911 call", "It was a hoax")):
        wall.goto("/report/")
        wall.get_by_role("link", name=re.compile("Fight.*Lakeview High")).click()
        wall.get_by_role("button", name=reported).click()
        expect(wall.locator("#wall-page")).to_have_attribute("data-mode", "emergency")
        if end == "That was not me":
            phone.goto("/switch/")
            expect(phone.get_by_role("button", name=end)).to_be_visible()
            pia.look("life-switch-asked-light")
            omar.look("life-wall-unverified-contrast")
            phone.get_by_role("button", name=end).click()
            expect(phone.get_by_role("heading", name="Sharing ended")).to_be_visible()
            expect(wall.locator("#ended")).to_contain_text("Pia Marsh says: this was not my word.")
        else:
            wall.get_by_text("Another way to end it").click()
            wall.get_by_role("button", name=end).click()
            expect(wall.locator("#ended")).to_contain_text("It was a hoax, says Omar Reyes.")
        quiet(wall)
