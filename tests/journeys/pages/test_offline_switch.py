"""A phone without a network still opens its switch, says NOT SENT, tries for three minutes and asks again."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.deployment import Deployment
from tests.faults.pages import act
from tests.journeys.conftest import OpenScreen
from tests.journeys.screens import until
from tests.journeys.test_emergency import a_switch

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
OFF = "ERR_INTERNET_DISCONNECTED|ERR_FAILED|Failed to fetch|403"
KEPT = """async () => {
  const all = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
  const found = await Promise.all(all.map(async (cache) => (await cache.keys()).map((each) => each.url)));
  return found.flat().filter((url) => new URL(url).pathname === "/switch/").length;
}"""


def keep(page: Page) -> None:
    """Wait until the switch is kept on this phone: where one chooses, and each kind."""
    until(page, "document.documentElement.dataset.offline === 'kept'")
    kinds = page.locator(".kinds a").count()
    page.wait_for_function(f"async () => (await ({KEPT})()) > {kinds}")


def test_a_phone_without_a_network(lakeview: Deployment, screen: OpenScreen) -> None:
    pia = a_switch(screen, workers=True, allow=OFF)
    page = pia.page
    page.clock.install()
    page.goto("/switch/")
    keep(page)
    assert page.evaluate("async () => !(await (await fetch('/switch/')).text()).includes('data-kept')")
    pia.context.set_offline(True)
    page.reload()
    expect(page.get_by_text("No connection.")).to_be_visible()
    expect(page.get_by_role("heading", name="Share cameras with police")).to_be_visible()
    page.get_by_role("link", name="Intruder").click()
    page.get_by_role("button", name="Let police watch now").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("NOT SENT")
    expect(alert).to_contain_text("This phone has no connection.")
    expect(page.get_by_role("link", name="Call 911 now")).to_have_attribute("href", "tel:911")
    expect(page.get_by_role("link", name="Dispatch directly")).to_be_visible()
    largest = page.evaluate(
        "() => [...document.querySelectorAll('#switch *')].filter((each) => each.innerText && !each.children.length)"
        ".sort((a, b) => parseFloat(getComputedStyle(b).fontSize) - parseFloat(getComputedStyle(a).fontSize))[0].innerText"
    )
    assert largest == "NOT SENT"
    pia.look("switch-offline")
    page.clock.run_for(185_000)
    page.clock.run_for(5_000)
    expect(page.get_by_text("Not sent, and not trying any more.")).to_be_visible()
    pia.context.set_offline(False)
    page.clock.run_for(30_000)
    expect(page.get_by_text("Not sent, and not trying any more.")).to_be_visible()  # not by itself, so late
    page.get_by_role("button", name="Try now").click()
    expect(page.get_by_role("heading", name="Police can see Lakeview High")).to_be_visible()
    for step in ("told", "take"):
        act(lakeview.page("omar"), f"/wall/{step}/", activation=page.url.strip("/").split("/")[-1])
    page.clock.run_for(2_000)
    expect(page.locator(".ticks li.done")).to_have_count(4)
    assert all(page.locator(".ticks li.done time").all_inner_texts()), "each with its time"
    pia.context.set_offline(True)
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("Police may still see the cameras")
    page.goto("/switch/?school=all&emergency=nothing-kept")
    expect(page.get_by_role("alert")).to_contain_text("NOT SENT")
    pia.look("switch-offline-unknown")
    pia.context.set_offline(False)


def test_a_phone_whose_key_was_taken_back_forgets(lakeview: Deployment, screen: OpenScreen) -> None:
    pia = a_switch(screen, workers=True, allow=OFF)
    page = pia.goto("/switch/")
    keep(page)
    pia.context.clear_cookies(name="sightpact_start")
    page.reload()
    expect(page.get_by_role("heading", name="This device cannot share cameras")).to_be_visible()
    page.wait_for_function(f"async () => (await ({KEPT})()) === 0")
