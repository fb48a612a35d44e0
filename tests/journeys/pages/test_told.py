"""Sam lets a phone be told; an emergency starts; the push arrives, says little, is tapped, and the page says so."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from tests.deployment import Deployment
from tests.journeys.conftest import OpenScreen
from tests.journeys.screens import PHONE
from tests.notices import endpoints
from tests.notices.endpoints import Browser

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

# A browser's push service is its vendor's, on the internet: here the test stands in for that one, and for nothing else.
SUBSCRIBE = """
PushManager.prototype.getSubscription = async () => null;
PushManager.prototype.subscribe = async function (options) {
  if (!options.userVisibleOnly || options.applicationServerKey.length !== 65) throw new Error("not a server key");
  return { toJSON: () => (GIVEN) };
};
"""
HEAR = """async (said) => {
  self.dispatchEvent(new PushEvent("push", { data: said }));
  while (!(await registration.getNotifications()).length) await new Promise((done) => setTimeout(done, 20));
  return (await registration.getNotifications()).map((n) => [n.title, n.body, n.tag]);
}"""
TAP = """async () => {
  const [notification] = await registration.getNotifications();
  const event = new NotificationEvent("notificationclick", { notification });
  self.clients.openWindow = async () => null; // a browser opens windows for true taps alone
  self.dispatchEvent(event);
}"""


def test_a_phone_is_told_and_a_tap_is_the_answer(lakeview: Deployment, screen: OpenScreen) -> None:
    with endpoints.service() as push:
        phone = Browser(push.url + "/sam")
        given = {"endpoint": phone.endpoint, "keys": {"p256dh": phone.p256dh, "auth": phone.auth}}
        sam = screen("sam", size=PHONE, workers=True)
        sam.context.grant_permissions(["notifications"], origin=lakeview.url)
        sam.context.add_init_script(SUBSCRIBE.replace("GIVEN", json.dumps(given)))
        page = sam.goto("/told/")
        page.get_by_role("button", name="Tell me on this device").click()
        expect(page.get_by_text("This device will be told.")).to_be_visible()
        row = page.locator(".tellrow", has_text="phone").first
        expect(row).to_contain_text("Not tested yet")
        sam.look("told-phone")

        activation = lakeview.start_sharing()
        got = push.next()
        said = phone.opened(got.body)
        assert got.headers["topic"] == activation.replace("-", "")
        worker = sam.context.service_workers[0]
        shown = worker.evaluate(HEAR, json.dumps(said))
        assert shown == [["An emergency sharing is open", "Sign in to see more.", said["topic"]]]
        page.reload()
        expect(page.get_by_role("button", name="I have seen this")).to_be_visible()
        sam.look("told-waiting-phone")
        worker.evaluate(TAP)
        expect(page.get_by_text("phone acknowledged")).to_have_count(0)
        for _try in range(40):
            page.reload()
            if page.get_by_text("phone acknowledged").count() and "You answered on it" in row.inner_text():
                break
        expect(page.get_by_text("phone acknowledged").first).to_be_visible()
        expect(page.get_by_role("button", name="I have seen this")).to_have_count(0)
        expect(row).to_contain_text("You answered on it")

        desk = screen("sam", theme="dark")
        desk.goto("/told/").get_by_role("heading", name="Who is reached").wait_for()
        desk.look("told-dark")
        desk.page.get_by_role("link", name="Words for families and staff").first.click()
        expect(desk.page.get_by_label("The words")).to_contain_text("Lakeview High")
        desk.look("told-words-dark")

        lakeview.end_sharing(activation, reason="mistake")
        after = phone.opened(push.next().body)
        while after["title"] != "An emergency sharing has ended":
            after = phone.opened(push.next().body)
        assert after["topic"] == said["topic"], "it takes the place of the first one"
        page.get_by_role("button", name="Remove").first.click()
        expect(page.get_by_text("It is told nothing more.")).to_be_visible()
