"""A sharing's whole life on several screens at once: reported, confirmed, extended, widened, stopped, undone, and each end.

The clicks and seconds of each person's moment are counted on the way; docs/explanation/moments.md has them as a table.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from sightpact.camerasim.testing import RunningSim
from tests.deployment import Deployment, deployment
from tests.journeys.conftest import LEASES, OpenScreen
from tests.journeys.life import CHANGES
from tests.journeys.screens import PHONE, RESULTS, Screen, at_rest, live
from tests.journeys.test_emergency import a_switch

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def served(sim: RunningSim, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    folder = tmp_path_factory.mktemp("life") / "data"
    with deployment(folder, sim, changes={**LEASES, **CHANGES}) as it:
        yield it


class Moment:
    """What one person does from now on: clicks counted by that person's own browser, seconds by this test."""

    def __init__(self, moments: Moments, screen: Screen) -> None:
        self._moments, self._screen = moments, screen
        self._before, self._begun = moments.clicks[screen], time.monotonic()

    def end(self, who: str, what: str) -> None:
        seconds = round(time.monotonic() - self._begun, 2)
        clicks = self._moments.clicks[self._screen] - self._before
        self._moments.rows.append({"who": who, "what": what, "clicks": clicks, "seconds": seconds})


class Moments:
    """Clicks and seconds of each person's moment, kept for the documentation."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []
        self.clicks: dict[Screen, int] = {}

    def counts(self, *screens: Screen) -> None:
        """Every click (or key that counts as one) in these browsers, in each page opened from now on."""
        for screen in screens:
            self.clicks[screen] = 0
            screen.context.expose_function("clickCounted", lambda who=screen: self._click(who))
            screen.context.add_init_script("addEventListener('click', () => window.clickCounted(), true)")

    def _click(self, screen: Screen) -> None:
        self.clicks[screen] += 1

    def begin(self, screen: Screen) -> Moment:
        return Moment(self, screen)

    def keep(self) -> dict[str, int]:
        """Write them down. Returns the clicks by what was done."""
        RESULTS.mkdir(parents=True, exist_ok=True)
        (RESULTS / "moments.json").write_text(json.dumps(self.rows, indent=1))
        return {row["what"]: row["clicks"] for row in self.rows}


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
    omar, sam, rosa, dana = screen("omar"), screen("sam"), screen("rosa", size=PHONE), screen("dana")
    pia = a_switch(screen)
    moments.counts(omar, sam, rosa, dana, pia)
    wall, board, phone = at_rest(omar), sam.goto("/watching/"), pia.page

    # IT is asked what police can see inside now: one click, with the proof beside the answer
    page = dana.goto("/cameras/")
    moment = moments.begin(dana)
    page.get_by_role("link", name="Who can see what", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Nothing inside.")
    expect(page.get_by_role("heading", name="Every case was tried. None was open")).to_be_visible()
    moment.end("district IT", "proves that police see nothing inside now")
    dana.page.close()

    # dispatch is told by phone: two taps open it, on Pia's word, unverified
    form = omar.open()
    form.goto("/report/")
    omar.look("life-report-1", form)
    form.get_by_role("link", name=re.compile("Medical.*Lakeview High")).click()
    omar.look("life-report-2", form)
    form.close()
    moment = moments.begin(omar)
    wall.get_by_role("link", name="Report a 911 call, or somebody's word").click()
    wall.get_by_role("link", name=re.compile("Medical.*Lakeview High")).click()
    wall.get_by_role("button", name="Pia Marsh").click()
    strip = wall.get_by_role("region", name="Emergency sharing")
    expect(strip).to_contain_text("NOTICE")
    expect(strip).to_contain_text("not verified")
    live(wall, inside=1)
    moment.end("dispatcher", "reports a principal's word by phone, to the first inside picture")
    expect(wall.get_by_role("heading", name="Not verified yet")).to_be_visible()
    omar.look("life-wall-unverified")

    # Pia is asked on her switch, without a sign-in
    phone.goto("/switch/")
    expect(phone.get_by_role("heading", name=re.compile("Omar Reyes reports your word, at"))).to_be_visible()
    pia.look("life-switch-asked")
    moment = moments.begin(pia)
    phone.get_by_role("button", name="Confirm").click()
    expect(phone.locator(".asked")).to_have_count(0)
    expect(wall.get_by_role("heading", name="Not verified yet")).to_have_count(0)
    moment.end("principal", "confirms her word, to dispatch's screen")
    expect(strip).to_contain_text("confirmed by Pia Marsh")
    wall.keyboard.press("t")
    expect(strip).to_contain_text("You, Omar Reyes")

    # it is worse: a higher kind widens it, and whoever had it is asked anew
    moment = moments.begin(pia)
    start(phone, "Intruder")
    expect(strip).to_contain_text("EMERGENCY")
    moment.end("principal", "two taps on a phone without a sign-in, to dispatch's screen")
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
    moment = moments.begin(rosa)
    told = moments.begin(sam)
    alert.get_by_role("link", name="Touch to see").click()
    live(alert, inside=1)
    moment.end("officer with a phone", "from the alert's page to the first inside picture")
    expect(board.locator(".grp--alarm").get_by_role("row").filter(has_text="Rosa Delgado")).to_be_visible()
    told.end("superintendent", "is told that the officer watches, from her touch on")
    rosa.look("life-officer-phone")

    # one click extends it; the superintendent sees it, stops it, and takes that back
    extend = wall.locator("#extend")
    expect(extend).to_contain_text("at most; the superintendent is told")
    omar.look("life-wall-taken")
    extend.click()
    expect(strip.locator(".left .big")).to_have_text(re.compile(r"^1:1[45]:\d\d$"))
    expect(phone.locator("main")).to_contain_text("Extended by Omar Reyes")
    expect(board.get_by_role("region", name=re.compile("Lakeview High"))).to_contain_text("Intruder")
    moment = moments.begin(sam)
    board.get_by_role("button", name=re.compile("^End")).first.click()
    expect(wall.locator("#ended")).to_contain_text("Sam Whitfield stopped the sharing.")
    moment.end("superintendent", "stops it, to dispatch's screen without a picture")
    expect(wall.locator("#ended")).to_contain_text("Call Sam Whitfield")
    sam.look("life-board-undo")
    moment = moments.begin(sam)
    board.get_by_role("button", name=re.compile("^Undo,")).click()
    expect(strip).to_contain_text("You, Omar Reyes")
    live(wall, inside=1)
    moment.end("superintendent", "takes the stop back, to the pictures")

    # Pia proposes the end, dispatch says how it ended
    phone.get_by_role("button", name="All clear: ask to end").click()
    expect(wall.get_by_role("heading", name="All clear proposed")).to_be_visible()
    wall.get_by_text("Another way to end it").click()
    omar.look("life-wall-ends")
    wall.get_by_role("button", name="Last responder has left").click()
    expect(wall.locator("#ended")).to_contain_text("The last responder has left, says Omar Reyes.")
    expect(phone.get_by_role("heading", name="Sharing ended")).to_be_visible()

    # once more, and he touches nothing
    quiet(wall)
    phone.goto("/switch/?another=1")
    phone.get_by_role("link", name="Intruder").click()
    expect(phone.get_by_role("button", name="Let police watch now")).to_be_visible()
    moment = moments.begin(omar)
    phone.get_by_role("button", name="Let police watch now").click()
    live(wall, inside=1)
    moment.end("dispatcher", "from the principal's second tap to the first inside picture")
    assert list(moments.keep().values()) == [1, 3, 1, 2, 1, 0, 1, 1, 0]
