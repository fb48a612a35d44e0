"""The switch, on the real parts: from the second tap, or from an alarm, to the record, to dispatch's screen, to the owner's.

`sightpact serve` with its processes, real requests, real browsers where a screen is meant. Everything runs on the same
cores. Needs Playwright and a Chromium.
"""

from __future__ import annotations

import json
import secrets
import time
from typing import Any

from sightpact.activation.alarms import signature
from sightpact.bench import alarm_source, first_picture, storm
from sightpact.bench.deployment import Deployment, DeploymentFailed, running
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


def run(progress: Progress, quick: bool = False) -> list[dict[str, Any]]:
    """Rows `activation.*`. Takes some ten minutes; `quick` two, with one repeat and no figure to quote."""
    first_picture.need_browser()
    repeats, samples = (1, 5) if quick else (REPEATS, SAMPLES)
    progress(0.0, "a district of 24 cameras")
    with running(24, changes=alarm_source.changes()) as deployment:
        rows = _screens(deployment, repeats, samples, progress)
        progress(0.5, "alarms")
        rows.append(_alarms(deployment, repeats, samples, progress))
    progress(0.7, "twenty schools, 500 open pages")
    rows += storm.rows(1 if quick else repeats, progress)
    progress(1.0, "done")
    return rows


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
                progress(0.02 + 0.48 * at / (repeats * samples), f"tap {at + 1} of {repeats * samples}")
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


def _alarms(deployment: Deployment, repeats: int, samples: int, progress: Progress) -> dict[str, Any]:
    """A panic button's signed webhook and a CAP alert by POST, in turn; what each began is ended after it."""
    sources = alarm_source.made(deployment.data)
    found = []
    for repeat in range(repeats):
        times = []
        for sample in range(samples):
            at = repeat * samples + sample
            progress(0.5 + 0.2 * at / (repeats * samples), f"alarm {at + 1} of {repeats * samples}")
            kind = ("webhook", "cap")[sample % 2]
            body = alarm_source.body(kind, secrets.token_hex(8))
            stamp = int(time.time())
            key = sources[kind]["key"]
            headers = {
                "Sightpact-Timestamp": str(stamp),
                "Sightpact-Signature": signature.sign(key, stamp, body),
                "Content-Type": "application/json" if kind == "webhook" else "application/cap+xml",
            }
            begun = time.perf_counter()
            status, text = deployment.send(f"/alarms/in/{sources[kind]['id']}/", body, headers)
            times.append((time.perf_counter() - begun) * 1e3)
            said = json.loads(text)
            if status != 200 or not said.get("sharing"):
                raise DeploymentFailed(f"an alarm ({kind}) began nothing: {status} {text[:300]!r}")
            deployment.all_clear(said["sharing"])
        found.append(percentile(times, 0.95))
    what = "an alarm (signed webhook, CAP by POST) received to the answer after the sharing's durable record"
    return row("activation.alarm_to_record_ms_p95", what, "ms", found, samples=samples, reach=200)
