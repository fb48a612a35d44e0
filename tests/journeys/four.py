"""Four people's browsers open at once: dispatch's wall, the principal's phone without a sign-in, the superintendent's board,
an officer's phone. What each of them must show when a sharing opens and when it ends, however that came.
"""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Page, expect

from tests.journeys.conftest import OpenScreen
from tests.journeys.pixels import is_black
from tests.journeys.screens import PHONE, at_rest, live
from tests.journeys.test_emergency import a_switch


def inside_tiles(wall: Page) -> list[Any]:
    """The tiles themselves, also when they are not on the page any more."""
    found = wall.evaluate_handle("() => [...document.querySelectorAll('live-tile[data-inside=true]')]")
    return [each.as_element() for each in found.get_properties().values()]


class Four:
    def __init__(self, screen: OpenScreen) -> None:
        self.omar, self.sam = screen("omar"), screen("sam")
        self.rosa = screen("rosa", size=PHONE)
        self.pia = a_switch(screen)
        self.wall, self.officer = at_rest(self.omar), at_rest(self.rosa)
        self.officer.get_by_role("button", name="1", exact=True).click()  # one picture at a time on a phone
        self.board, self.phone = self.sam.goto("/watching/"), self.pia.page
        self.strip = self.wall.get_by_role("region", name="Emergency sharing")
        self.activation = ""
        self.tiles: list[Any] = []

    def press(self, kind: str = "Intruder") -> None:
        """Pia's two taps."""
        self.phone.goto("/switch/?another=1")
        self.phone.get_by_role("link", name=kind).click()
        self.phone.get_by_role("button", name="Let police watch now").click()
        expect(self.phone.locator(".ticks")).to_be_visible()
        self.opened()

    def opened(self, school: str = "Lakeview High", inside: int = 8) -> None:
        """It runs on all four, and pictures move on the wall and on the officer's phone."""
        expect(self.wall.locator("#wall-page")).to_have_attribute("data-mode", "emergency")
        expect(self.strip).to_contain_text(school)
        live(self.wall, inside=inside)
        live(self.officer, inside=1)
        expect(self.board.locator(".grp--alarm")).to_contain_text(school)
        if self.phone.locator("[data-over]").count() or not self.phone.locator(".ticks").count():
            self.phone.goto("/switch/")  # it did not begin there
            if self.phone.url.endswith("/switch/"):
                self.phone.get_by_role("link", name=re.compile("Shared already")).click()
        expect(self.phone.get_by_role("heading", name=f"Police can see {school}")).to_be_visible()
        self.activation = self.phone.url.strip("/").split("/")[-1]
        self.tiles = inside_tiles(self.wall) + inside_tiles(self.officer)

    def take(self) -> None:
        self.wall.get_by_role("button", name="Take the incident").click()
        expect(self.strip).to_contain_text("You, Omar Reyes")
        expect(self.phone.locator(".ticks")).to_contain_text("Omar Reyes has it")

    def proposed(self, by: str, says: str = "proposed all clear") -> None:
        expect(self.wall.get_by_role("heading", name=re.compile("proposed"))).to_be_visible()
        expect(self.phone.locator(".foot")).to_contain_text(f"{by} asked to end it.")
        expect(self.board.locator(".grp--alarm")).to_contain_text(f"{by} {says}")

    def over(self, words: str, look: str = "") -> None:
        """Everybody is told why, not one pixel is left, and all is quiet again."""
        for page in (self.wall, self.officer):
            expect(page.locator("#ended")).to_contain_text(words)
            expect(page.locator("live-tile[data-inside=true]")).to_have_count(0)
        assert all(is_black(tile) for tile in self.tiles), "not one pixel of the last picture is left"
        expect(self.wall.locator("#ended")).to_be_focused()
        expect(self.wall.get_by_role("alert").first).to_contain_text(words)
        expect(self.phone.get_by_role("heading", name="Sharing ended")).to_be_visible()
        expect(self.phone.locator("main")).to_contain_text(words)
        expect(self.board.locator(".grp--alarm")).to_have_count(0)
        if look:
            self.omar.look(f"end-{look}-wall")
            self.pia.look(f"end-{look}-switch")
        for page in (self.wall, self.officer):
            page.get_by_role("button", name="Back to outside cameras").click()
            expect(page.locator("#wall-page")).to_have_attribute("data-mode", "quiet")
