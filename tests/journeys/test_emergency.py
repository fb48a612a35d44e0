"""The moment that counts: Pia's two taps on a phone without a sign-in; Omar's open page shows inside by itself; he takes it."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from sightpact.camerasim.testing import RunningSim
from tests.deployment import Deployment
from tests.journeys.conftest import OpenScreen
from tests.journeys.pixels import first_pictures, watch_first_pictures
from tests.journeys.screens import PHONE, Screen, Theme, at_rest, live, until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
SENTENCE = (
    "Let Lakeview police dispatch watch 8 cameras at Lakeview High live, 60 min, section 3.2. Call 911 too."
)
TILES_OF = "live-tile[data-inside=true]"


def a_switch(screen: OpenScreen, **options: Any) -> Screen:
    """Pia's phone, made a switch once; her sign-in is over long since."""
    pia = screen("pia", size=PHONE, **options)
    page = pia.goto("/switch/")
    page.get_by_role("button", name="Let this device share without a sign-in").click()
    expect(page.get_by_role("button", name="Let this device share without a sign-in")).to_have_count(0)
    pia.context.clear_cookies(name="sightpact_session")
    assert {cookie["name"] for cookie in pia.context.cookies()} >= {"sightpact_start"}
    return pia


def two_taps(pia: Screen, look: str = "") -> Page:
    page = pia.goto("/switch/")
    expect(page.get_by_role("heading", name="Share cameras with police")).to_be_visible()
    if look:
        pia.look(f"{look}-1")
    page.get_by_role("link", name="Intruder").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(SENTENCE)
    if look:
        pia.look(f"{look}-2")
    page.get_by_role("button", name="Let police watch now").click()
    expect(page.get_by_role("heading", name="Police can see Lakeview High")).to_be_visible()
    return page


def ticks(page: Page) -> list[str]:
    return [" ".join(text.split()) for text in page.locator(".ticks li.done > span").all_inner_texts()]


def test_from_two_taps_to_omar_has_it(lakeview: Deployment, sim: RunningSim, screen: OpenScreen) -> None:
    omar = screen("omar")
    watch_first_pictures(omar.page)
    wall = at_rest(omar)
    live(wall, outside=6)
    clicks = wall.evaluate(
        "window.clicks = 0; addEventListener('click', () => window.clicks++, true); window.clicks"
    )

    pia = a_switch(screen)
    phone = two_taps(pia, look="pia")
    assert "/sign-in/" not in phone.url

    # Omar touches nothing
    expect(wall.locator("#wall-page")).to_have_attribute("data-mode", "emergency")
    until(wall, "Object.keys(window.firstInside).length === 8")
    assert wall.evaluate("window.clicks") == clicks == 0
    strip = wall.get_by_role("region", name="Emergency sharing")
    for text in (
        "EMERGENCY",
        "Intruder",
        "Lakeview High",
        "Pia Marsh",
        "Section 3.2",
        "8 inside cameras",
        "Nobody yet",
        "Omar Reyes",
    ):
        expect(strip).to_contain_text(text)
    expect(strip.locator(".left .big")).to_have_text(re.compile(r"^(60:00|59:\d\d|58:\d\d)$"))
    take = wall.get_by_role("button", name="Take the incident")
    expect(take).to_be_focused()
    expect(wall.get_by_role("alert").first).to_contain_text("8 inside cameras are open under section 3.2")
    expect(phone.locator(".ticks")).to_contain_text("Police told")
    omar.look("omar-emergency-first")

    # the first pictures are from after the admission, by the camera's own clock in the pixels
    written = {
        entry["camera"]["key"]: datetime.fromisoformat(entry["at"]).timestamp() * 1000
        for entry in lakeview.record()
        if entry["type"] == "admission"
        and entry["clause"] == "3.2"
        and entry["person"]["key"] == lakeview.people["omar"]["id"]
    }
    seen = first_pictures(wall, sim.picture.loop_s)
    assert len(seen) == 8
    for camera, first in seen.items():
        assert first["taken"] >= written[camera] - 1000 / sim.picture.fps, (
            "a picture from before the admission"
        )

    # he takes it, with the key that the page names
    wall.keyboard.press("t")
    expect(strip).to_contain_text("You, Omar Reyes")
    expect(phone.locator(".ticks")).to_contain_text("Omar Reyes has it")
    assert [tick.split("\n")[0] for tick in ticks(phone)][:3] == [
        "Sent from this phone",
        "Recorded",
        "Police told",
    ]
    expect(phone.get_by_text("Watching:")).to_be_visible()
    expect(phone.locator("main")).to_contain_text("Omar Reyes, 8 cameras")
    pia.look("pia-3-taken")
    omar.look("omar-emergency-taken")

    # a reload in the middle: the same at once, without a sign-in
    wall.reload()
    live(wall, inside=8)
    phone.goto("/switch/")
    expect(phone.get_by_role("heading", name="Police can see Lakeview High")).to_be_visible()

    # once dispatch has it, Pia's end is a proposal, and dispatch confirms
    phone.get_by_role("button", name="All clear: ask to end").click()
    expect(phone.locator(".foot")).to_contain_text("Pia Marsh asked to end it.")
    pia.look("pia-3-proposed")
    expect(wall.get_by_role("heading", name="All clear proposed")).to_be_visible()
    omar.look("omar-emergency-proposed")
    wall.get_by_role("button", name="Keep it open").click()
    expect(wall.get_by_role("heading", name="All clear proposed")).to_have_count(0)
    phone.get_by_role("button", name="All clear: ask to end").click()
    tiles = wall.locator(TILES_OF).all()
    canvases = [tile.element_handle() for tile in tiles]
    wall.get_by_role("button", name="End now, all clear").click()
    notice = wall.locator("#ended")
    expect(notice).to_be_focused()
    expect(notice).to_contain_text("All clear, said by Omar Reyes")
    for each in canvases:
        assert each is not None and not each.is_visible()
    expect(wall.locator(TILES_OF)).to_have_count(0)
    omar.look("omar-ended-all-clear")
    expect(phone.get_by_role("heading", name="Sharing ended")).to_be_visible()
    pia.look("pia-4-ended")


def test_no_connection_says_not_sent_in_the_largest_letters(lakeview: Deployment, screen: OpenScreen) -> None:
    pia = a_switch(screen, allow="ERR_INTERNET_DISCONNECTED|ERR_NETWORK_CHANGED")
    page = pia.goto("/switch/")
    page.get_by_role("link", name="Intruder").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(SENTENCE)
    starts = len([e for e in lakeview.record() if e["type"] == "activation_start"])
    pia.context.set_offline(True)
    page.get_by_role("button", name="Let police watch now").click()
    expect(page.get_by_role("alert")).to_contain_text("NOT SENT")
    sizes = page.evaluate(
        """[...document.querySelectorAll("body *")].filter((e) => e.checkVisibility() && [...e.childNodes].some(
             (n) => n.nodeType === 3 && n.textContent.trim()))
           .map((e) => [parseFloat(getComputedStyle(e).fontSize), e.textContent.trim()])"""
    )
    assert max(sizes)[1] == "NOT SENT" and sorted({size for size, _text in sizes})[-2] < max(sizes)[0] / 2
    expect(page.get_by_role("link", name="Call 911 now")).to_be_visible()
    expect(page.locator("main")).to_contain_text(
        "Intruder, Lakeview High. I am Pia Marsh, principal, Lakeview High."
    )
    pia.look("pia-not-sent")
    pia.context.set_offline(False)  # it is sent by itself, once
    expect(page.get_by_role("heading", name="Police can see Lakeview High")).to_be_visible()
    assert len([e for e in lakeview.record() if e["type"] == "activation_start"]) == starts + 1


@pytest.mark.parametrize("theme", ["light", "contrast"])
def test_the_switch_in_other_themes(lakeview: Deployment, screen: OpenScreen, theme: Theme) -> None:
    two_taps(a_switch(screen, theme=theme), look=f"pia-{theme}").close()


def test_a_device_that_is_no_switch(lakeview: Deployment, screen: OpenScreen) -> None:
    nobody = screen(size=PHONE, allow="403")
    page = nobody.goto("/switch/")
    expect(page.get_by_role("heading", name="This device cannot share cameras")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Call 911 now")
    nobody.look("nobody-switch")
    omar = screen("omar", size=PHONE, allow="403")
    expect(
        omar.goto("/switch/").get_by_role("heading", name="This device cannot share cameras")
    ).to_be_visible()
    omar.look("omar-switch")


def test_the_emergency_on_other_screens(lakeview: Deployment, screen: OpenScreen) -> None:
    """Light, contrast, and a phone: the same wall, and the same end."""
    activation = lakeview.start_sharing()
    screens = {
        "light": screen("omar", theme="light"),
        "contrast": screen("omar", theme="contrast"),
        "phone": screen("omar", size=PHONE),
    }
    for name, omar in screens.items():
        live(omar.goto("/wall/"), inside=8)
        omar.look(f"omar-emergency-{name}")
    lakeview.end_sharing(activation)
    for name, omar in screens.items():
        expect(omar.page.locator("#ended")).to_contain_text("All clear, said by Pia Marsh")
        omar.look(f"omar-ended-{name}")
