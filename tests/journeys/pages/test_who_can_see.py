"""Dana asks what police can see, then about one camera: one click each, with the proof beside the answer."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.deployment import Deployment
from tests.journeys.conftest import OpenScreen
from tests.journeys.screens import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def test_what_can_police_see_right_now(lakeview: Deployment, screen: OpenScreen) -> None:
    dana = screen("dana")
    page = dana.goto("/cameras/")
    page.get_by_role("link", name="Who can see what", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Nothing inside.")
    expect(page.get_by_role("heading", name="Every case was tried. None was open")).to_be_visible()
    expect(page.locator(".cert")).to_contain_text("In the record, entries")
    expect(page.get_by_role("row", name="Everybody else")).to_contain_text("closed")
    dana.look("who-can-see")
    page.get_by_label("Who can see one camera?").select_option(label="Lakeview High: Cafeteria")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_text("Nobody of another party.")).to_be_visible()
    expect(page.get_by_text("Omar Reyes, Rosa Delgado.")).to_be_visible()


def test_how_it_looks_elsewhere(lakeview: Deployment, screen: OpenScreen) -> None:
    phone = screen("sam", size=PHONE)
    phone.goto("/who-can-see/")
    phone.look("who-can-see-phone")
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    dark = screen("sam", theme="dark")
    dark.goto("/who-can-see/")
    dark.look("who-can-see-dark")
