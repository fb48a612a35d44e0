"""Omar on a quiet day: outside cameras live, a calm panel with the section, and no trace of anything inside."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from sightpact.demo import district
from tests.deployment import Deployment
from tests.journeys.conftest import OpenScreen
from tests.journeys.pixels import timecode
from tests.journeys.screens import DESK, PHONE, at_rest, live, until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
NEVER_HIS = [spot.name for spot in (*district.INSIDE, *district.PRIVATE, district.UNKNOWN)]


def test_outside_is_live_and_inside_is_said_to_be_closed(lakeview: Deployment, screen: OpenScreen) -> None:
    omar = screen("omar")
    page = at_rest(omar)
    expect(
        page.get_by_role("heading", name="Inside cameras are closed. Section 3.2 opens them in an emergency.")
    ).to_be_visible()
    live(page, outside=6)
    tile = page.locator("live-tile").first
    expect(tile.locator(".nm")).to_have_text("Main entrance")
    expect(tile.locator(".state .w")).to_have_text("Live")
    expect(tile.locator(".state time")).to_have_text(re.compile(r"^0\.\d s$"))
    code = timecode(tile)
    assert code is not None
    drawn = int(tile.get_attribute("data-frames") or 0)
    until(page, f"Number(document.querySelector('live-tile').dataset.frames) > {drawn} + 5")
    until(page, "document.querySelector('[data-heard]').textContent.startsWith('last heard')")
    omar.look("omar-quiet")


def test_nowhere_a_name_or_number_of_inside(lakeview: Deployment, screen: OpenScreen) -> None:
    """The page as rendered, its state, every answer that his browser received, and what its sockets said."""
    omar = screen("omar")
    heard: list[str] = []
    omar.page.on("response", lambda answer: heard.append(answer.url))
    omar.page.on(
        "websocket",
        lambda socket: socket.on(
            "framereceived", lambda data: heard.append(data) if isinstance(data, str) else None
        ),
    )
    page = at_rest(omar)
    live(page, outside=6)
    his = lakeview.page("omar")
    texts = [page.content(), *heard]
    texts += [
        his.get(path).text
        for path in ("/wall/", "/wall/state/", "/record/", "/watching/", "/cameras/", "/today/", "/help/")
    ]
    private = {slug: camera for slug, camera in lakeview.cameras.items() if not _outside(slug)}
    assert len(private) == 11
    for text in texts:
        for name in NEVER_HIS:
            assert name not in text
        for slug, camera in private.items():
            assert slug not in text and camera not in text


def test_with_keys_alone(lakeview: Deployment, screen: OpenScreen) -> None:
    """Focus a tile, enlarge it, put it back, without a mouse."""
    omar = screen("omar")
    page = at_rest(omar)
    live(page, outside=6)
    page.keyboard.press("2")
    second = page.locator("live-tile").nth(1)
    expect(second).to_be_focused()
    omar.look("omar-quiet-focus")
    page.keyboard.press("ArrowRight")
    expect(page.locator("live-tile").nth(2)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("live-tile").nth(2)).to_have_attribute("data-large", "")
    expect(second).not_to_be_visible()
    omar.look("omar-quiet-large")
    page.keyboard.press("Escape")
    expect(second).to_be_visible()
    expect(page.locator("live-tile").nth(2)).to_be_focused()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys on the wall")).to_be_visible()
    omar.look("omar-quiet-keys")
    page.keyboard.press("Escape")
    for _each in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('[data-school]')"):
            break
    page.keyboard.press("Enter")
    expect(page.locator("live-tile")).to_have_count(5)
    omar.look("omar-quiet-one-school")
    for size in ("16", "4", "1"):
        page.get_by_role("button", name=size, exact=True).click()
        live(page, outside=min(int(size), 2))
        omar.look(f"omar-quiet-size-{size}")


@pytest.mark.parametrize(("name", "size", "theme"), [
    ("light", DESK, "light"), ("contrast", DESK, "contrast"), ("phone", PHONE, ""), ("phone-light", PHONE, "light"),
])  # fmt: skip
def test_in_every_theme_and_on_a_phone(
    lakeview: Deployment, screen: OpenScreen, name: str, size: dict[str, int], theme: str
) -> None:
    omar = screen("omar", size=size, theme=theme)
    live(at_rest(omar), outside=6)
    omar.look(f"omar-quiet-{name}")


def _outside(slug: str) -> bool:
    return any(slug.endswith(spot.name.lower().replace(" ", "-")) for spot in district.OUTSIDE)
