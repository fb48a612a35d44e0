"""Dana asks whether it is ready, has each camera asked for a frame, and reads what would fail and what to do about it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from sightpact.camerasim.testing import RunningSim
from tests.deployment import Deployment
from tests.journeys.conftest import OpenScreen
from tests.journeys.screens import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def test_what_would_fail_now(lakeview: Deployment, sim: RunningSim, screen: OpenScreen) -> None:
    sim.fault("lakeview-high-gymnasium", "refuse")
    dana = screen("dana")
    page = dana.goto("/today/")
    page.get_by_role("link", name="Every check, with what to do").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("would fail")
    page.get_by_role("button", name="Check the cameras now").click()
    expect(page.get_by_text("The cameras are being asked now")).to_be_visible()
    expect(page.get_by_text("It was decoded, thrown away, and shown to nobody.")).to_be_visible(
        timeout=60_000
    )
    expect(page.locator(".rd-list")).to_contain_text(["No picture: Gymnasium."])
    expect(page.locator("summary", has_text="Lakeview High")).to_contain_text("checks well")
    dana.look("ready")
    phone = screen("sam", size=PHONE)
    phone.goto("/ready/")
    phone.look("ready-phone")
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    dark = screen("sam", theme="dark")
    dark.goto("/ready/")
    dark.look("ready-dark")
