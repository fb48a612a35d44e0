"""A person's screen in a real browser: signed in or not, desktop or phone, in one of the themes.

Every screen listens for complaints (errors of the console, of scripts, of the content security policy): a journey that
ends with one fails. `look` keeps a picture under test-results/ and has axe judge what is shown.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.deployment import Deployment

DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
RESULTS = Path(__file__).parents[2] / "test-results" / "journeys"
OURS = ("willReadFrequently", "registration blocked by Playwright")
"""Chromium's advice to whoever reads pixels, and what our own blocking of service workers is told by: of these tests."""
Theme = Literal["", "light", "dark", "contrast"]

# Told before any script of the page: the theme kept by this browser, and an ear for what the policy forbids.
PREPARE = """
for (const key of ["sightpact-theme-console", "sightpact-theme-paper"]) if (THEME) localStorage.setItem(key, THEME);
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));
"""
OVERFLOWS = """() => [...document.querySelectorAll("body *")].filter((each) => {
  const box = each.getBoundingClientRect();
  return box.width && box.right > innerWidth + 1 && getComputedStyle(each).position !== "fixed"
    && !each.closest(".vh, .skip, table, [data-scrolls], nav");
}).slice(0, 5).map((each) => each.outerHTML.slice(0, 120))"""


class Screen:
    """One browser window of one person. `allow` names complaints that this journey causes on purpose."""

    def __init__(
        self,
        browser: Browser,
        it: Deployment,
        person: str = "",
        *,
        size: dict[str, int] = DESK,
        theme: Theme = "",
        session: int = 0,
        allow: str = "",
        zone: str = "America/New_York",
        workers: bool = False,
    ) -> None:
        self.it = it
        self.person = person or "nobody"
        self.context = browser.new_context(
            base_url=it.url,
            viewport=size,  # type: ignore[arg-type]
            color_scheme="dark" if theme == "dark" else "light",
            locale="en-US",
            timezone_id=zone,
            service_workers="allow" if workers else "block",
        )
        self.context.add_init_script(PREPARE.replace("THEME", repr(theme)))
        if person:
            self.sign_in(person, session)
        self.allow = re.compile(allow) if allow else None
        self.complaints: list[str] = []
        self.page = self.open()

    def open(self) -> Page:
        """Another tab of the same browser."""
        page = self.context.new_page()
        page.set_default_timeout(20_000)
        page.on("console", self._heard)
        page.on("pageerror", lambda fault: self._complain(f"script: {fault}"))
        page.on(
            "response",
            lambda answer: answer.status >= 500 and self._complain(f"{answer.status} {answer.url}"),
        )
        return page

    def sign_in(self, person: str, session: int = 0) -> None:
        """A session's cookie, made by hand: signing in by passkey has a journey of its own."""
        value = self.it.people[person]["sessions"][session]
        self.context.add_cookies([{"name": "sightpact_session", "value": value, "url": self.it.url}])

    def goto(self, path: str) -> Page:
        self.page.goto(path)
        return self.page

    def look(self, name: str, page: Page | None = None) -> None:
        """Keep a picture; axe finds nothing to blame; nothing hangs over the edge."""
        page = page or self.page
        RESULTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=RESULTS / f"{name}.png", full_page=True)
        found = Axe().run(page)
        assert found.violations_count == 0, f"{name}: {found.generate_report()}"
        assert page.evaluate(OVERFLOWS) == [], name

    def close(self) -> None:
        self.context.close()

    def _heard(self, message: Any) -> None:
        if message.type in ("error", "warning") and not any(word in message.text for word in OURS):
            self._complain(f"{message.text} ({message.location.get('url', '')})")

    def _complain(self, text: str) -> None:
        if not (self.allow and self.allow.search(text)):
            self.complaints.append(f"{self.person}: {text}")


def at_rest(screen: Screen) -> Page:
    """The wall as it is every day: whoever still reads why the last sharing ended puts that away."""
    page = screen.goto("/wall/")
    expect(page.locator("#wall-page")).to_have_attribute("data-mode", re.compile("quiet|ended|nothing"))
    if page.locator("#wall-page").get_attribute("data-mode") == "ended":
        page.get_by_role("button", name="Back to outside cameras").click()
    expect(page.locator("#wall-page")).to_have_attribute("data-mode", "quiet")
    return page


def until(page: Page, fact: str) -> None:
    """Wait for a fact of the page, a JavaScript expression. As a function: the page's policy forbids `eval`."""
    page.wait_for_function(f"() => {fact}")


def live(page: Page, outside: int = 0, inside: int = 0) -> None:
    """Wait until so many tiles of either sort are live."""
    for word, many in (("false", outside), ("true", inside)):
        if many:
            until(
                page,
                f"document.querySelectorAll('live-tile[data-inside={word}][data-state=live]').length >= {many}",
            )
