"""An agreement is signed by both sides, each by passkey in a browser of its own, and runs from that moment.

A real server; the authenticators are chromium's own virtual ones, so that each ceremony runs whole. The keys that the
parties had before are offline ones: they vouch for the passkeys, as on a day on which somebody gets a new device.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.deployment import Deployment, deployment
from tests.journeys.pages.test_sign_in import Device, healthy
from tests.journeys.screens import OVERFLOWS, RESULTS

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
SIGN = "/agreements/lakeview-mou/sign/"
MAKE = """
import sys, django, tomllib
django.setup()
from pathlib import Path
from sightpact.agreements import actions
from sightpact.agreements.document import parse
from sightpact.demo import setup
from sightpact.people import actions as people
raw = tomllib.loads((setup.HERE / "agreement.toml").read_text())["agreements"][0]
next(c for c in raw["clauses"] if c["number"] == "6.3")["standing_s"] = 7
actions.import_agreement(parse(raw | {"revision": 2}))
people.add_person(people.PersonSpec("gail", "Gail Ortega", "", ""), [people.Role("lakeview-pd", "chief", "chief of police")])
"""


@pytest.fixture(scope="module")
def lakeview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    nowhere = SimpleNamespace(port=9, control_port=9)  # this journey looks at no picture
    with deployment(tmp_path_factory.mktemp("signing") / "data", nowhere) as it:  # type: ignore[arg-type]
        it.python(MAKE)
        yield it


@pytest.fixture
def devices(browser: Browser, lakeview: Deployment) -> Iterator[dict[str, Device]]:
    made = {slug: Device(browser, lakeview.url) for slug in ("sam", "gail")}
    yield made
    for device in made.values():
        device.context.close()


def looked_at(page: Page, name: str) -> None:
    """Kept as pictures in three forms; axe finds nothing to blame, nothing hangs over the edge."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    for width, scheme in ((1280, "Light"), (390, "Light"), (1280, "Dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.get_by_role("button", name=scheme).click()
        healthy(page)
        assert page.evaluate(OVERFLOWS) == [], name
        page.screenshot(path=RESULTS / f"{name}-{width}-{scheme.lower()}.png", full_page=True)
    page.get_by_role("button", name="Light").click()


def joins(it: Deployment, device: Device, slug: str) -> None:
    device.page.goto(it.run("person", "invite", slug).stdout.strip())
    device.page.get_by_label("What do you call this device?").fill("Office computer")
    device.page.get_by_role("button", name="Make a passkey").click()
    device.page.wait_for_url(lambda url: "/join/" not in url)


def makes_it_a_signing_key(it: Deployment, device: Device, party: str, folder: Path) -> None:
    """The passkey is offered; the party's offline key vouches for it, and what it wrote is brought to the page."""
    page = device.page
    page.goto("/agreements/keys/")
    page.get_by_role("button", name="Make it a signing key").click()
    expect(page.get_by_text("Your passkey is offered.")).to_be_visible()
    expect(page.get_by_text("Waits for a key of the party to vouch")).to_be_visible()
    looked_at(page, f"keys-offered-{party}")
    page.get_by_text("Vouch with an offline key").click()
    with page.expect_download() as got:
        page.get_by_role("link", name="Download its public half").click()
    new = folder / got.value.suggested_filename
    got.value.save_as(new)
    old = it.data / "signing-keys" / f"{party}.pem"
    vouched = it.run("agreement", "vouch", str(new), "--key", str(old), "--party", party).stdout
    file = folder / "vouched.json"
    file.write_text(vouched)
    page.get_by_label("What it printed (JSON)").set_input_files(file)
    page.get_by_role("button", name="Bring it").click()
    expect(page.get_by_text("Signs for this party").last).to_be_visible()


def test_both_sign_by_passkey_and_it_runs(
    lakeview: Deployment, devices: dict[str, Device], tmp_path: Path
) -> None:
    for slug, party in (("sam", "lakeview-usd"), ("gail", "lakeview-pd")):
        joins(lakeview, devices[slug], slug)
        makes_it_a_signing_key(lakeview, devices[slug], party, tmp_path)
    sam, gail = devices["sam"].page, devices["gail"].page

    sam.goto(SIGN)
    expect(sam.get_by_role("heading", level=1)).to_have_text("Sign this agreement")
    looked_at(sam, "sign")
    devices["sam"].verifies(False)
    sam.get_by_role("button", name="Sign with your passkey").click()
    expect(sam.get_by_role("alert")).to_have_text("No passkey was used. Nothing is signed.")
    devices["sam"].verifies(True)
    sam.get_by_role("button", name="Sign with your passkey").click()
    expect(sam.get_by_text("Signed for Lakeview Unified School District.")).to_be_visible()
    expect(sam.get_by_text("Sign with your passkey")).to_have_count(0)

    gail.goto(SIGN)
    expect(gail.get_by_text("by passkey")).to_have_count(1)
    gail.get_by_role("button", name="Sign with your passkey").click()
    expect(gail.get_by_text("Signed for Lakeview Police Department.")).to_be_visible()
    expect(gail.get_by_text("The text that was signed is the text that runs.")).to_be_visible()
    looked_at(gail, "signed")
    kinds = [row["type"] for row in lakeview.record()]
    assert kinds[-4:] == ["agreement_signed", "agreement_in_force", "guarantees_proven", "guarantees_proven"]
    for page in (sam, gail):
        page.goto("/agreements/lakeview-mou/")
        expect(page.get_by_text("In force", exact=False).first).to_be_visible()
        expect(page.get_by_text("by passkey").first).to_be_visible()
    assert [c for d in devices.values() for c in d.complaints] == []

    out = tmp_path / "out"
    lakeview.run("agreement", "signed", "lakeview-mou", str(out))
    command = next(line for line in (out / "README.md").read_text().splitlines() if " verify " in line)
    words = [word if word.startswith("-") else str(out / word) for word in command.split()[3:]]
    words = [f"{w.split('=')[0].split('/')[-1]}={out}/{w.split('=')[1]}" if "=" in w else w for w in words]
    found = lakeview.run("agreement", "verify", *words, "--json")
    assert json.loads(found.stdout)["forms"] == {"lakeview-usd": "webauthn", "lakeview-pd": "webauthn"}
    assert "Table and record agree" in lakeview.run("agreement", "keys", "--check").stdout


def test_a_paper_is_scanned_and_attested(lakeview: Deployment, browser: Browser, tmp_path: Path) -> None:
    """After the journey before: Sam's passkey is known; a new text is signed by hand and attested."""
    lakeview.python(
        MAKE.replace('"revision": 2', '"revision": 3').replace("] = 7", "] = 8").partition("people.add")[0]
    )
    device = Device(browser, lakeview.url)
    try:
        joins(lakeview, device, "sam")
        makes_it_a_signing_key(lakeview, device, "lakeview-usd", tmp_path)
        page = device.page
        page.goto(SIGN)
        page.get_by_role("link", name="It was signed on paper").click()
        looked_at(page, "sign-paper")
        scan = tmp_path / "scan.pdf"
        scan.write_bytes(b"%PDF-1.7 a signed paper")
        page.get_by_label("Scan PDF, PNG or JPEG, at most 15 MB").set_input_files(scan)
        page.get_by_label("Who signed it").fill("Sam Whitfield, Superintendent")
        page.get_by_label("Day on the paper").fill("2026-07-01")
        page.get_by_label("I compared the four hashes").check()
        page.get_by_role("button", name="Go on to attest it").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Attest this paper")
        looked_at(page, "sign-paper-attest")
        page.get_by_role("button", name="Attest with your passkey").click()
        expect(page.get_by_text("on paper, attested by Sam Whitfield, superintendent")).to_be_visible()
        with page.expect_download() as got:
            page.get_by_role("link", name="The scan").click()
        assert got.value.suggested_filename == "lakeview-mou-3-lakeview-usd-signed.pdf"
        looked_at(page, "signed-paper")
        assert device.complaints == []
    finally:
        device.context.close()
