"""From the switch to the first inside picture on an open wall, in a real browser. Needs Playwright and a Chromium with H.264."""

from __future__ import annotations

import random
import shutil
import time
from typing import Any

from sightpact.bench.deployment import Deployment, DeploymentFailed
from sightpact.bench.rows import Progress, percentile, row

BROWSERS = ("chromium", "google-chrome", "google-chrome-stable", "chromium-browser")

# Notes when the first picture is drawn on any inside tile: the tile counts its pictures in data-frames.
WATCH = """
window.firstInside = null;
new MutationObserver((changes) => {
  for (const { target } of changes)
    if (window.firstInside === null && target.dataset?.inside === "true" && target.dataset.frames)
      window.firstInside = Date.now();
}).observe(document.body, { subtree: true, attributes: true, attributeFilter: ["data-frames"] });
"""
OUTSIDE, INSIDE = (f"live-tile[data-inside={inside}][data-state=live]" for inside in ("false", "true"))


def need_browser() -> str:
    """The browser's program.

    Raises:
        DeploymentFailed: there is none, or no Playwright; says what to run.
    """
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    try:
        import playwright.sync_api  # noqa: F401
    except ImportError:
        found = None
    if found is None:
        raise DeploymentFailed("`bench live` needs Chromium and Playwright. Run: scripts/setup.sh test")
    return found


def rows(deployment: Deployment, repeats: int, samples: int, progress: Progress) -> list[dict[str, Any]]:
    """Row `live.first_picture_ms_p95`: `repeats` times `samples` starts and ends of a sharing, on one open wall."""
    from playwright.sync_api import sync_playwright

    chance = random.Random(20261121)  # noqa: S311  where in the cameras' key-frame second a start falls
    found: list[list[float]] = []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=need_browser(), args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 1600, "height": 1000})
        session = {
            "name": "sightpact_session",
            "value": deployment.sessions["omar"],
            "url": deployment.origin,
        }
        context.add_cookies([session])  # type: ignore[list-item]
        page = context.new_page()
        page.goto(f"{deployment.origin}/wall/")
        _wait(page, page.locator(OUTSIDE).nth(5))  # of 9 places the quiet wall gives 3 to the schools
        page.evaluate(WATCH)
        for repeat in range(repeats):
            found.append([])
            for sample in range(samples):
                done = (repeat * samples + sample) / (repeats * samples)
                progress(
                    done,
                    f"first picture, {repeat * samples + sample + 1} of {repeats * samples}",
                )
                found[-1].append(_once(deployment, page, chance.random()))
        version = browser.version
        browser.close()
    what = "an open wall of 9 in a browser: the switch's second tap (HTTP) to the first inside picture drawn on any tile; "
    what += f"1 s key frames, 24 cameras, Chromium {version} without a graphics card"
    return [
        row(
            "live.first_picture_ms_p95",
            what,
            "ms",
            [percentile(ms, 0.95) for ms in found],
            samples=samples,
            reach=1500,
        ),
        row(
            "live.first_picture_ms_p50",
            "the same, median",
            "ms",
            [percentile(ms, 0.5) for ms in found],
            samples=samples,
        ),
    ]


def _once(deployment: Deployment, page: Any, wait_s: float) -> float:
    """Start, see, end, be dark again. Returns milliseconds from the start to the first inside picture."""
    page.evaluate("window.firstInside = null")
    time.sleep(wait_s)
    begun = time.time()
    activation = deployment.start_sharing()
    _wait(page, page.locator(INSIDE).first)
    first: float = page.evaluate("window.firstInside")
    deployment.all_clear(activation)
    _wait(page, page.locator(INSIDE).first, "detached")
    return first - begun * 1e3


def _wait(page: Any, what: Any, state: str = "visible") -> None:
    """Wait for it, and say what the wall shows if it does not come."""
    from playwright.sync_api import TimeoutError as TooLate

    try:
        what.wait_for(state=state, timeout=15_000)
    except TooLate as fault:
        shown = page.evaluate("document.body.innerText.slice(0, 400)")
        raise DeploymentFailed(
            f"the wall did not come to be as waited for; it says: {' '.join(shown.split())}"
        ) from fault
