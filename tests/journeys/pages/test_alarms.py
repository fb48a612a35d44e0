"""Dana connects a panic button, Sam agrees, the button is pressed; what nobody can place, dispatch answers with one tap.

CAP by POST and MQTT on a real broker come the same way. Pictures are looked at elsewhere.
"""

from __future__ import annotations

import json
import re
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from sightpact.activation.alarms import signature
from sightpact.camerasim.testing import RunningSim
from tests.access import alarming
from tests.activation.test_alarm_reading import alert
from tests.deployment import Deployment, deployment, wait_for
from tests.journeys.conftest import LEASES, OpenScreen
from tests.journeys.screens import PHONE, at_rest
from tests.mosquitto import Broker

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
REPORT = {
    "report": [{"party": "lakeview-pd", "roles": ["dispatcher"], "named_only": True}],
    "report_minutes": 10,
}

MAPPED = ("--place", "Lakeview High = lakeview-high", "--code", "* = intruder")
PROPOSE = """
import django
django.setup()
from sightpact.access import changes
places, codes = {"Lakeview High": ["lakeview-high"]}, {"*": "intruder"}
changes.propose(changes.AddAlarmSource("Mass notification", "cap", places, codes), None)
"""
KEYS = """
import json, django
django.setup()
from sightpact.activation import alarm_reads
from sightpact.activation.actions import alarm_sources
print(json.dumps({s.name: (s.id, alarm_sources.make_key(s.id, None)) for s in alarm_reads.sources()}))
for source in alarm_reads.sources():
    if source.kind == "mqtt":
        alarm_sources.set_login(source.id, "gate", "s3cret", None)
"""


@pytest.fixture(scope="module")
def served(sim: RunningSim, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    changes = {**LEASES, **alarming.changes()}
    changes["3.3"] = {**changes["3.3"], **REPORT}
    near = {"SIGHTPACT_ALARM_NETWORKS": "127.0.0.0/8"}
    with deployment(tmp_path_factory.mktemp("alarms") / "data", sim, changes=changes, extra=near) as it:
        yield it


def post(it: Deployment, source: str, key: str, body: bytes) -> dict[str, str]:
    stamp = int(time.time())
    headers = {"Sightpact-Timestamp": str(stamp), "Sightpact-Signature": signature.sign(key, stamp, body)}
    request = urllib.request.Request(f"{it.url}/alarms/in/{source}/", body, headers)
    with urllib.request.urlopen(request, timeout=20) as answer:
        said: dict[str, str] = json.load(answer)
    return said


def registered(dana: Page, name: str) -> tuple[str, str]:
    """Address number and key of a source that is approved: Dana makes its key."""
    dana.goto("/alarms/")
    dana.get_by_role("link", name=name).click()
    dana.get_by_role("button", name="Make its key").click()
    key = dana.locator(".keytext").inner_text()
    return dana.url.rstrip("/").rpartition("/")[2], key


def test_from_the_first_button_to_one_tap_at_dispatch(
    lakeview: Deployment, screen: OpenScreen, tmp_path: Path
) -> None:
    dana, sam, omar = screen("dana"), screen("sam"), screen("omar")
    page = dana.goto("/today/")
    page.get_by_role("link", name="Alarms").click()
    expect(page.get_by_text("No source yet.")).to_be_visible()
    page.get_by_label("Name", exact=True).fill("Panic button, Lakeview High")
    page.get_by_label("Which place is which school").fill("Office button = lakeview-high")
    page.get_by_label("Which code is which emergency").fill("PANIC = intruder\nMED = medical")
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_text("it waits for a second person")).to_be_visible()
    change = sam.goto("/changes/").get_by_role("article").filter(has_text="Let the alarm source")
    expect(change).to_contain_text("start sharing: Lakeview High")
    change.get_by_role("button", name="Approve").click()
    expect(sam.page.get_by_text("Approved. It holds from now on.")).to_be_visible()

    button, key = registered(page, "Panic button, Lakeview High")
    dana.look("alarm-key")
    page.reload()
    expect(page.locator(".keytext")).to_have_count(0)
    page.get_by_role("button", name="Send a test").click()
    expect(page.get_by_text("It would start “Medical” at Lakeview High").first).to_be_visible()
    dana.look("alarm-source")

    wall = at_rest(omar)
    pressed = post(lakeview, button, key, b'{"id": "1", "place": "office button", "code": "PANIC"}')
    assert pressed["state"] == "started"
    expect(wall.locator("#wall-page")).to_have_attribute("data-mode", "emergency")
    expect(wall.get_by_text("Panic button, Lakeview High").first).to_be_visible()
    closed = post(lakeview, button, key, b'{"id": "2", "status": "closed", "about": "1"}')
    assert closed["state"] == "ended", "nobody had it, and the button began it"
    expect(wall.locator("#wall-page")).to_have_attribute("data-mode", "ended")

    unplaced = b'{"id": "3", "place": "Bus depot", "code": "PANIC", "text": "pressed twice"}'
    assert post(lakeview, button, key, unplaced)["state"] == "which_school"
    card = wall.get_by_role("region", name="Which school?")
    expect(card).to_contain_text("Place: “Bus depot”. Code: “PANIC”.")
    expect(card).to_contain_text("No school is set for this place.")
    omar.look("which-school")
    card.get_by_role("button", name=re.compile("Lakeview Middle")).click()
    expect(wall.locator("#wall-page")).to_have_attribute("data-mode", "emergency")
    expect(card).to_have_count(0)
    expect(wall.locator("#strip")).to_contain_text("Lakeview Middle")
    lakeview.end_sharing(wall.locator("input[name=activation]").first.input_value())

    page = dana.goto("/alarms/")
    expect(page.get_by_role("row").filter(has_text="Bus depot")).to_contain_text("Omar Reyes")
    dana.look("alarms")
    phone = screen("dana", size=PHONE, session=1)
    phone.goto("/alarms/")
    phone.look("alarms-phone")
    dark = screen("sam", theme="dark", session=1)
    dark.goto("/alarms/")
    dark.look("alarms-dark")


def test_cap_and_mqtt_open_the_wall_too(lakeview: Deployment, screen: OpenScreen, tmp_path: Path) -> None:
    broker = Broker(tmp_path)
    try:
        made = ("alarm", "add", "Radio buttons", "--kind", "mqtt", *MAPPED, "--topic", "lakeview/panic")
        near = ("--address", f"mqtts://127.0.0.1:{broker.port}", "--authority", str(broker.cert))
        lakeview.run(*made, *near)
        lakeview.python(PROPOSE)
        assert lakeview.approve_waiting() == 2
        found = json.loads(lakeview.python(KEYS))
        (notifier, notifier_key), (_radio, radio_key) = found["Mass notification"], found["Radio buttons"]

        wall = at_rest(screen("omar"))
        sent = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime())
        began = post(lakeview, notifier, notifier_key, alert(sent=sent, identifier="C-1"))
        assert began["state"] == "started"
        expect(wall.locator("#strip")).to_contain_text("Lakeview High")
        ref = f"<references>lake@example,C-1,{sent}</references>"
        over = alert(says="Cancel", sent=sent, identifier="C-2", more=ref)
        assert post(lakeview, notifier, notifier_key, over)["state"] == "ended"
        expect(wall.locator("#wall-page")).to_have_attribute("data-mode", "ended")

        def heard() -> bool:
            stamp, body = int(time.time()), '{"id": "R-1", "place": "Lakeview High", "code": "PANIC"}'
            signed = signature.sign(radio_key, stamp, body.encode())
            broker.publish(
                "lakeview/panic", json.dumps({"timestamp": str(stamp), "signature": signed, "body": body})
            )
            return wall.locator("#wall-page").get_attribute("data-mode") == "emergency"

        wait_for(heard, 20, "the broker's message is taken in")
        expect(wall.get_by_text("Radio buttons").first).to_be_visible()
    finally:
        broker.stop()
