"""The second tap that does not arrive: NOT SENT, and truly why. A form that has become too old is renewed by itself."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.deployment import Deployment
from tests.journeys.conftest import OpenScreen
from tests.journeys.screens import Screen
from tests.journeys.test_emergency import a_switch

START = "**/switch/start/"


def confirm(pia: Screen) -> Page:
    page = pia.goto("/switch/")
    page.get_by_role("link", name="Intruder").click()
    expect(page.get_by_role("button", name="Let police watch now")).to_be_visible()
    return page


@pytest.mark.parametrize(
    ("status", "why"),
    [
        (500, "server has a fault."),
        (503, "server has a fault."),
        (429, "asked too often"),
    ],
)
def test_it_says_why_and_goes_on_trying(
    lakeview: Deployment, screen: OpenScreen, status: int, why: str
) -> None:
    pia = a_switch(screen, allow=str(status))
    page = confirm(pia)
    page.route(
        START, lambda route: route.fulfill(status=status, body="<h1>no</h1>", content_type="text/html")
    )
    page.get_by_role("button", name="Let police watch now").click()
    expect(page.get_by_role("alert")).to_contain_text("NOT SENT")
    expect(page.get_by_role("alert")).to_contain_text(why)
    expect(page.get_by_role("alert")).not_to_contain_text("no connection")
    page.unroute(START)
    page.get_by_role("button", name="Try now").click()
    expect(page.get_by_role("heading", name="Police can see Lakeview High")).to_be_visible()


def test_a_form_that_is_too_old_is_renewed_once(lakeview: Deployment, screen: OpenScreen) -> None:
    pia = a_switch(screen, allow="403")
    page = confirm(pia)
    page.evaluate("document.querySelector('#start [name=csrfmiddlewaretoken]').value = 'x'.repeat(64)")
    page.get_by_role("button", name="Let police watch now").click()
    expect(page.get_by_role("heading", name="Police can see Lakeview High")).to_be_visible()


def test_a_school_that_is_gone_leads_back(lakeview: Deployment, screen: OpenScreen) -> None:
    pia = a_switch(screen, allow="409")
    page = confirm(pia)
    page.evaluate("document.querySelector('#start [name=school]').value = 'gone'")
    page.get_by_role("button", name="Let police watch now").click()
    expect(page.get_by_role("alert")).to_contain_text("This page names a school that is not known here.")
    page.get_by_role("link", name="Back to the switch").click()
    expect(page.get_by_role("heading", name="Share cameras with police")).to_be_visible()


def test_all_ticks_are_in_the_school_s_time(lakeview: Deployment, screen: OpenScreen) -> None:
    """The school is in New York, the phone thinks that it is in Tokyo."""
    page = confirm(a_switch(screen, zone="Asia/Tokyo"))
    assert page.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone") == "Asia/Tokyo"
    page.get_by_role("button", name="Let police watch now").click()
    expect(page.get_by_role("heading", name="Police can see Lakeview High")).to_be_visible()
    told = page.locator(".ticks li.done time").all_inner_texts()
    assert len({text[:2] for text in told[:2]}) == 1 or told[0][3:5] == "59", told
