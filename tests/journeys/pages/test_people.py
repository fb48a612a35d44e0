"""Pia makes her phone a switch; Dana sees it among the people, and one click ends it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.deployment import Deployment
from tests.journeys.conftest import OpenScreen
from tests.journeys.screens import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def test_a_device_that_is_handed_on_is_revoked(lakeview: Deployment, screen: OpenScreen) -> None:
    pia = screen("pia", size=PHONE, allow="403")
    phone = pia.goto("/switch/")
    make = phone.get_by_role("button", name="Let this device share without a sign-in")
    make.click()
    expect(make).to_have_count(0)
    pia.context.clear_cookies(name="sightpact_session")  # what a switch is for: it asks for no sign-in
    expect(pia.goto("/switch/").get_by_text("Lakeview High").first).to_be_visible()

    dana = screen("dana")
    page = dana.goto("/cameras/")
    page.get_by_role("link", name="People", exact=True).click()
    row = page.get_by_role("row").filter(has_text="Pia Marsh")
    expect(row).to_contain_text("last used")
    dana.look("people")
    revoke = row.get_by_role("button", name="Revoke")
    while left := revoke.count():  # other journeys may have left her other devices
        revoke.first.click()
        expect(revoke).to_have_count(left - 1)
        expect(page.get_by_text("It starts nothing any more.")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="Pia Marsh")).to_contain_text("No device")
    expect(pia.goto("/switch/").get_by_text("Call 911 now").first).to_be_visible()


def test_how_it_looks_elsewhere(lakeview: Deployment, screen: OpenScreen) -> None:
    sam = screen("sam", size=PHONE)
    sam.goto("/people/")
    sam.look("people-phone")
    dark = screen("sam", theme="dark")
    dark.goto("/people/")
    dark.look("people-dark")
