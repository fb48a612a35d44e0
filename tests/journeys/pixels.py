"""What a tile really shows, read from its canvas: the pixels, and the camera's own timecode in them."""

from __future__ import annotations

from importlib import resources
from typing import Any

from playwright.sync_api import ElementHandle, Locator, Page

READER = resources.files("sightpact.camerasim").joinpath("timecode.js").read_text(encoding="utf-8")

PIXELS = """
function pixelsOf(tile) {
  const canvas = tile.querySelector("canvas");
  return canvas.getContext("2d", { alpha: false }).getImageData(0, 0, canvas.width, canvas.height);
}
function isBlack(tile) {
  const { data } = pixelsOf(tile);
  for (let at = 0; at < data.length; at += 4) if (data[at] || data[at + 1] || data[at + 2]) return false;
  return true;
}
"""
# Writes down the first picture of each inside tile at the moment it is drawn: its timecode, when the gateway received it,
# and when this browser drew it.
FIRST_INSIDE = """
window.firstInside = {};
window.timecodeUtcMs = timecodeUtcMs;
new MutationObserver((changes) => {
  for (const { target } of changes) {
    if (target.dataset?.inside !== "true" || window.firstInside[target.dataset.camera]) continue;
    const code = readTimecode(pixelsOf(target));
    if (code) window.firstInside[target.dataset.camera] = { ...code, drawn: Date.now(), age: Number(target.dataset.age) };
  }
}).observe(document, { subtree: true, attributes: true, attributeFilter: ["data-frames"] });
"""


def watch_first_pictures(page: Page) -> None:
    """Before the page is opened: every first inside picture is read at once. Ask with `first_pictures`."""
    page.add_init_script(READER + PIXELS + FIRST_INSIDE)


def first_pictures(page: Page, loop_s: int) -> dict[str, dict[str, Any]]:
    """Camera id -> {camera, frame, drawn, taken}; `taken` is the UTC millisecond at which the camera took it."""
    return page.evaluate(  # type: ignore[no-any-return]
        """(loop) => Object.fromEntries(Object.entries(window.firstInside).map(([id, first]) =>
             [id, { ...first, taken: window.timecodeUtcMs(first, first.drawn, loop) }]))""",
        loop_s,
    )


def timecode(tile: Locator) -> dict[str, int] | None:
    """The camera's number and frame as drawn into the picture, or None where no picture is."""
    return tile.evaluate(  # type: ignore[no-any-return]
        "(tile) => { " + READER + PIXELS + " return readTimecode(pixelsOf(tile)); }"
    )


def is_black(tile: Locator | ElementHandle) -> bool:
    """Whether not one pixel of a picture is left on the tile's canvas, shown or hidden."""
    return bool(tile.evaluate("(tile) => { " + PIXELS + " return isBlack(tile); }"))
