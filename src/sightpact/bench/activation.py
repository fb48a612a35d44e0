"""The switch, on the real parts: from the second tap, or from an alarm, to the record, to dispatch's screen, to the owner's.

`sightpact serve` with its processes, real requests, real browsers where a screen is meant. Everything runs on the same
cores. Needs Playwright and a Chromium.
"""

from __future__ import annotations

import time
from typing import Any

from sightpact.bench import alarm_source, alarms, first_picture, storm
from sightpact.bench.deployment import Deployment, DeploymentFailed, running
from sightpact.bench.parts import Part
from sightpact.bench.rows import Progress, percentile, row

REPEATS = 5
SAMPLES = 20
PATIENCE_MS = 20_000

# The instant at which the open page shows it, by the clock of this same machine.
WALL = """
window.shownAt = null;
new MutationObserver(() => {
  if (window.shownAt === null && document.getElementById("wall-page").dataset.mode === "emergency"
      && document.querySelector("[data-take]")) window.shownAt = Date.now();
}).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-mode"] });
"""
BOARD = """
window.shownAt = null;
new MutationObserver(() => {
  if (window.shownAt !== null) return;
  const rows = [...document.querySelectorAll(".grp--alarm tbody tr")];
  if (rows.some((row) => row.textContent.includes("Omar Reyes"))) window.shownAt = Date.now();
}).observe(document.body, { subtree: true, childList: true });
"""


def _taps(progress: Progress, quick: bool) -> list[dict[str, Any]]:
    first_picture.need_browser()
    with running(24) as deployment:
        return _screens(deployment, *_how_often(quick), progress)


def _alarms(progress: Progress, quick: bool) -> list[dict[str, Any]]:
    with running(24, changes=alarm_source.changes()) as deployment:
        return alarms.rows(deployment, *((1, 6) if quick else _how_often(quick)), progress)


def _storm(progress: Progress, quick: bool) -> list[dict[str, Any]]:
    return storm.rows(_how_often(quick)[0], progress)


def _how_often(quick: bool) -> tuple[int, int]:
    return (1, 5) if quick else (REPEATS, SAMPLES)


PARTS = (
    Part(
        "a district of 24 cameras, a wall and a board in a browser",
        (
            "activation.tap_to_record_ms_p95",
            "activation.tap_to_screen_ms_p95",
            "activation.owner_told_ms_p95",
        ),
        _taps,
    ),
    Part("a district of 24 cameras, alarms", (alarms.ALL, alarms.MQTT), _alarms),
    Part("twenty schools, 500 open pages", ("activation.storm_all_told_s",), _storm),
)
"""Rows `activation.*`. Some ten minutes for all of them; quickly two, with one repeat and no figure to quote."""


def _screens(deployment: Deployment, repeats: int, samples: int, progress: Progress) -> list[dict[str, Any]]:
    """Tap after tap, with dispatch's wall and the superintendent's board open in a browser each."""
    from playwright.sync_api import sync_playwright

    found: list[list[tuple[float, float, float]]] = []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=first_picture.need_browser(), args=["--no-sandbox"])
        wall = _open(browser, deployment, "omar", "/wall/", WALL)
        board = _open(browser, deployment, "sam", "/watching/", BOARD)
        for repeat in range(repeats):
            found.append([])
            for sample in range(samples):
                at = repeat * samples + sample
                progress(at / (repeats * samples), f"tap {at + 1} of {repeats * samples}")
                found[-1].append(_tap(deployment, wall, board))
        browser.close()
    load = "24 cameras, a wall of 9 and a board open in Chromium on the same cores"

    def made(id: str, what: str, column: int, reach: float) -> dict[str, Any]:
        values = [percentile([one[column] for one in repeat], 0.95) for repeat in found]
        return row(id, f"{what}; {load}", "ms", values, samples=samples, reach=reach)

    return [
        made("activation.tap_to_record_ms_p95", "the second tap (HTTP) to the answer after the durable record", 0, 100),
        made("activation.tap_to_screen_ms_p95", "the second tap to dispatch's wall offering to take it", 1, 300),
        made("activation.owner_told_ms_p95", "the second tap to the superintendent's board naming who watches inside", 2, 1000),
    ]  # fmt: skip


def _open(browser: Any, deployment: Deployment, person: str, path: str, watch: str) -> Any:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    value = deployment.sessions[person]
    context.add_cookies([{"name": "sightpact_session", "value": value, "url": deployment.origin}])
    page = context.new_page()
    page.goto(f"{deployment.origin}{path}")
    page.evaluate(watch)
    return page


def _tap(deployment: Deployment, wall: Any, board: Any) -> tuple[float, float, float]:
    """Start, wait until both screens show it, end, wait until both are quiet. Milliseconds of the three."""
    for page in (wall, board):
        page.evaluate("window.shownAt = null")
    begun = time.time()
    activation = deployment.start_sharing(deployment.schools["lakeview-high"])
    recorded = time.time()
    times = []
    for page in (wall, board):
        _until(page, "window.shownAt !== null")
        times.append(page.evaluate("window.shownAt") - begun * 1e3)
    deployment.all_clear(activation)
    _until(wall, "document.getElementById('wall-page').dataset.mode === 'ended'")
    _until(board, "!document.querySelector('.grp--alarm')")
    return (recorded - begun) * 1e3, times[0], times[1]


def _until(page: Any, fact: str) -> None:
    from playwright.sync_api import TimeoutError as TooLate

    try:
        page.wait_for_function(f"() => {fact}", timeout=PATIENCE_MS)
    except TooLate as fault:
        shown = " ".join(page.evaluate("document.body.innerText.slice(0, 400)").split())
        raise DeploymentFailed(
            f"the page did not come to be as waited for ({fact}); it says: {shown}"
        ) from fault
