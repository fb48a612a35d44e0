"""Dana's way in: an invitation from the command line, a passkey, out and in again. Real server, real browser; the
authenticator is chromium's own virtual one, so that the whole ceremony runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.deployment import Deployment, deployment

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def lakeview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    nowhere = SimpleNamespace(port=9, control_port=9)  # this journey looks at no picture
    with deployment(tmp_path_factory.mktemp("lakeview") / "data", nowhere) as it:  # type: ignore[arg-type]
        yield it


class Device:
    """A computer with a fingerprint reader: a browser of its own and a virtual authenticator."""

    def __init__(self, browser: Browser, base: str) -> None:
        self.context = browser.new_context(base_url=base)
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", lambda m: self.complaints.append(m.text) if m.type == "error" else None)
        self.page.on("pageerror", lambda fault: self.complaints.append(str(fault)))
        self._cdp = self.context.new_cdp_session(self.page)
        self._cdp.send("WebAuthn.enable")
        self._id = self._cdp.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})[
            "authenticatorId"
        ]

    def verifies(self, who: bool) -> None:
        """Whether the reader accepts the finger."""
        self._cdp.send("WebAuthn.setUserVerified", {"authenticatorId": self._id, "isUserVerified": who})


@pytest.fixture
def device(browser: Browser, lakeview: Deployment) -> Iterator[Device]:
    device = Device(browser, lakeview.url)
    yield device
    device.context.close()


def healthy(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def sentences(it: Deployment, kinds: tuple[str, ...]) -> list[str]:
    return [row["type"] for row in it.record() if row["type"] in kinds]


def test_from_the_invitation_to_the_cameras_and_out(
    lakeview: Deployment, device: Device, tmp_path: Path
) -> None:
    link = lakeview.run("person", "invite", "dana").stdout.strip()
    page = device.page
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("Welcome, Dana Okafor")
    healthy(page)
    page.screenshot(path=tmp_path / "join.png", full_page=True)
    page.get_by_label("What do you call this device?").fill("Office computer")
    page.get_by_role("button", name="Make a passkey").click()
    page.wait_for_url(lambda url: "/join/" not in url)
    page.goto("/cameras/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Cameras")
    expect(page.get_by_role("row")).to_have_count(25)
    healthy(page)
    page.screenshot(path=tmp_path / "cameras.png", full_page=True)
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(re.compile(r"/sign-in/$"))
    healthy(page)
    page.screenshot(path=tmp_path / "sign-in.png", full_page=True)
    page.goto("/cameras/")
    page.wait_for_url(re.compile(r"/sign-in/\?next=/cameras/"))
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Cameras")
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("This link is closed")
    healthy(page)
    assert "Office computer" in lakeview.run("person", "keys", "dana").stdout
    assert sentences(lakeview, ("sign_in", "sign_out")) == ["sign_in", "sign_out", "sign_in"]
    assert [c for c in device.complaints if not c.startswith("Failed to load resource")] == []


def test_a_finger_that_is_not_recognised_signs_nobody_in(lakeview: Deployment, device: Device) -> None:
    page = device.page
    page.goto(lakeview.run("person", "invite", "pia").stdout.strip())
    page.get_by_label("What do you call this device?").fill("Phone")
    device.verifies(False)
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.get_by_role("alert")).to_have_text("No passkey was made. Try again.")
    device.verifies(True)
    page.get_by_role("button", name="Make a passkey").click()
    page.wait_for_url(lambda url: "/join/" not in url)
    device.context.clear_cookies()
    device.verifies(False)
    page.goto("/sign-in/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_have_text("No passkey was used. Try again.")
    page.goto("/cameras/")
    page.wait_for_url(re.compile("/sign-in/"))


def test_taking_the_person_out_ends_the_session_and_the_passkey(lakeview: Deployment, device: Device) -> None:
    page = device.page
    page.goto(lakeview.run("person", "invite", "sam").stdout.strip())
    page.get_by_label("What do you call this device?").fill("Desk")
    page.get_by_role("button", name="Make a passkey").click()
    page.wait_for_url(lambda url: "/join/" not in url)
    lakeview.run("person", "take-out", "sam")
    page.goto("/cameras/")
    page.wait_for_url(re.compile("/sign-in/"))
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("This passkey was not accepted")
    assert sentences(lakeview, ("sign_in_failed",)) == ["sign_in_failed"]


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "light"), (1280, "dark")])
def test_sign_in_reflows_and_stays_accessible(
    lakeview: Deployment, browser: Browser, width: int, scheme: str, tmp_path: Path
) -> None:
    with browser.new_context(
        base_url=lakeview.url,
        viewport={"width": width, "height": 900},
        color_scheme=scheme,  # type: ignore[arg-type]
    ) as context:
        page = context.new_page()
        page.goto("/sign-in/")
        healthy(page)
        page.screenshot(path=tmp_path / f"sign-in-{width}-{scheme}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
