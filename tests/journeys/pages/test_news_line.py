"""A school shares, and the answer to every page is held back, as in a storm: each page says what runs all the same."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.deployment import Deployment
from tests.journeys.conftest import OpenScreen
from tests.journeys.screens import PHONE, Screen, at_rest, until

pytestmark = pytest.mark.browser

DARK, LIGHT = {"theme": "dark"}, {"theme": "light"}
PLACES: list[tuple[str, str, str, list[dict[str, Any]]]] = [
    ("omar", "/wall/", "**/wall/state/", [{}, LIGHT, {"size": PHONE}]),
    ("sam", "/watching/", "**/watching/state/", [{}]),
    ("sam", "/today/", "**/state-line/", [{}, DARK, {"size": PHONE}]),
]


class Held:
    """Nothing of it is answered on this page, until it is let go."""

    def __init__(self, page: Page, pattern: str) -> None:
        self._routes: list[Route] | None = []
        page.route(pattern, lambda route: self._came(route))

    def _came(self, route: Route) -> None:
        if self._routes is None:
            route.continue_()
        else:
            self._routes.append(route)

    def let_go(self) -> None:
        routes, self._routes = self._routes or [], None
        for route in routes:
            route.continue_()


def test_every_page_says_it_before_its_state_comes(lakeview: Deployment, screen: OpenScreen) -> None:
    at_rest(screen("omar"))
    shown: list[tuple[Screen, Page, Held, str]] = []
    for person, path, pattern, looks in PLACES:
        for number, look in enumerate(looks):
            each = screen(person, **look)
            page = each.goto(path)
            until(page, "document.querySelector('page-news[data-state=listening]')")
            shown.append((each, page, Held(page, pattern), f"news-line-{path.strip('/')}-{number}"))
    lakeview.start_sharing()
    for each, page, held, name in shown:
        line = page.locator("alert-line")
        expect(line).to_be_visible()
        expect(line.locator("b")).to_have_text(re.compile(r"\w+\."))
        expect(line).to_contain_text("Lakeview High.")
        expect(line).to_contain_text("Nobody has taken it yet")
        expect(line.locator("time")).to_have_text(re.compile(r"^\d\d:\d\d$"))
        box = line.bounding_box()
        assert box and box["height"] < page.viewport_size["height"] / 2, "it covers its place alone"  # type: ignore[index]
        each.look(name)
        held.let_go()
        expect(line).to_be_hidden()
    expect(shown[0][1].locator("#wall-page")).to_have_attribute("data-mode", "emergency")
    expect(shown[0][1].locator("[data-take]")).to_be_visible()
