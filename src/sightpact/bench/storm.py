"""A storm: twenty schools share within a second, and five hundred open pages are told of all of them.

All but one of the pages are plain connections of this process that follow the page's protocol; one is a real wall in
Chromium, whose document proves what it shows. A page is told when what it shows names every school.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import uvloop

from sightpact.bench import first_picture
from sightpact.bench.deployment import CSRF, Deployment, DeploymentFailed, running
from sightpact.bench.rows import Progress, row
from sightpact.bench.storm_page import Page

SCHOOLS = 20
PERSONS = 50
PAGES = 10  # of one person
PATIENCE_S = 240.0
PROBE_S = 0.05

# The instant at which the document of the real wall names every school, by the clock of this same machine.
WALL = """
window.awaited = null; window.shownAt = null;
const places = "alert-line:not([hidden]), #strip, #side";
const look = () => {
  if (window.awaited === null || window.shownAt !== null) return;
  const text = [...document.querySelectorAll(places)].map((part) => part.textContent).join(" ");
  if (window.awaited.every((name) => new RegExp(`${name}(?![0-9])`).test(text))) window.shownAt = Date.now();
};
const how = { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ["hidden"] };
new MutationObserver(look).observe(document.body, how);
"""


@dataclass
class Found:
    """One value for each repeat."""

    shown: list[float] = field(default_factory=list)
    browser: list[float] = field(default_factory=list)
    heard: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    asked: list[float] = field(default_factory=list)
    stall: list[float] = field(default_factory=list)


def rows(repeats: int, progress: Progress) -> list[dict[str, Any]]:
    """Row `activation.storm_all_told_s`, and beside it what the last page heard, and when it had the whole state."""
    first_picture.need_browser()
    with running(24, PERSONS, standby=False, small=True, more_schools=SCHOOLS - 5) as deployment:
        found = uvloop.run(_storms(deployment, repeats, progress))
    pages = PERSONS * PAGES
    what = f"{SCHOOLS} schools start within a second, {pages} open walls of {PERSONS} persons"
    what += ", which hear and ask and play no pictures, one of them in Chromium; first tap to"
    all_told = f"{what} the last page showing all of them, none lost"
    stall = "the longest that the records process let a small question wait meanwhile"
    return [
        row("activation.storm_all_told_s", all_told, "s", found.shown, samples=pages, reach=2),
        row("activation.storm_browser_s", f"{what} the wall in Chromium naming them all", "s", found.browser, samples=1),
        row("activation.storm_all_heard_s", f"{what} the last page hearing of it", "s", found.heard, samples=pages),
        row("activation.storm_whole_s", f"{what} the last page having the whole state", "s", found.whole, samples=pages),
        row("activation.storm_asked_again", "how often a page asked in it, on average", "times", found.asked, samples=pages),
        row("activation.storm_stall_ms", stall, "ms", found.stall, samples=1),
    ]  # fmt: skip


async def _storms(deployment: Deployment, repeats: int, progress: Progress) -> Found:
    from playwright.async_api import async_playwright

    pages = [Page(deployment, f"viewer-{n % PERSONS}") for n in range(PERSONS * PAGES - 1)]
    tasks = [asyncio.create_task(work) for page in pages for work in (page.listen(), page.ask())]
    fallen = asyncio.get_running_loop().create_future()
    for task in tasks:
        task.add_done_callback(lambda done: fallen.done() or _fell(done, fallen))
    try:
        async with async_playwright() as play:
            browser = await play.chromium.launch(
                executable_path=first_picture.need_browser(), args=["--no-sandbox"]
            )
            wall = await _open(browser, deployment, f"viewer-{PERSONS - 1}")
            found: Found = await _or(fallen, _measured(deployment, pages, wall, repeats, progress))
            await browser.close()
            return found
    finally:
        for task in tasks:
            task.cancel()


async def _open(browser: Any, deployment: Deployment, person: str) -> Any:
    context = await browser.new_context(viewport={"width": 1440, "height": 900})
    value = deployment.sessions[person]
    await context.add_cookies([{"name": "sightpact_session", "value": value, "url": deployment.origin}])
    page = await context.new_page()
    await page.goto(f"{deployment.origin}/wall/")
    await page.evaluate(WALL)
    await page.wait_for_selector('page-news[data-state="listening"]', state="attached")
    return page


def _fell(done: asyncio.Task[None], fallen: asyncio.Future[None]) -> None:
    if not done.cancelled():
        fallen.set_exception(done.exception() or DeploymentFailed("a page's stream of news ended"))


async def _or(fallen: asyncio.Future[None], work: Any) -> Any:
    """The work's result, or the fault of whichever page fell first."""
    task = asyncio.ensure_future(work)
    done, _waiting = await asyncio.wait({task, fallen}, return_when=asyncio.FIRST_COMPLETED)
    if task not in done:
        task.cancel()
        fallen.result()
    return task.result()


async def _measured(
    deployment: Deployment, pages: list[Page], wall: Any, repeats: int, progress: Progress
) -> Found:
    await asyncio.gather(*(page.listening.wait() for page in pages))
    await asyncio.sleep(2.0)  # what opening them cost is over
    schools = sorted(deployment.schools.values())[:SCHOOLS]
    names = [deployment.names[school] for school in schools]
    found = Found()
    for repeat in range(repeats):
        progress(0.75 + 0.25 * repeat / repeats, f"storm {repeat + 1} of {repeats}")
        for page in pages:
            page.forget()
        await wall.evaluate("(names) => { window.shownAt = null; window.awaited = names; }", names)
        longest: list[float] = [0.0]
        probe = asyncio.create_task(_probe(deployment, longest))
        begun, begun_ms = time.monotonic(), time.time() * 1e3
        starts = (_start(deployment, school, begun + n / SCHOOLS) for n, school in enumerate(schools))
        ids = frozenset(await asyncio.gather(*starts))
        plain = max(await _all(pages, ids, Page.until_shows)) - begun
        await wall.wait_for_function("() => window.shownAt !== null", timeout=PATIENCE_S * 1e3)
        browser = (await wall.evaluate("window.shownAt") - begun_ms) / 1e3
        found.shown.append(max(plain, browser))
        found.browser.append(browser)
        found.whole.append(max(await _all(pages, ids, Page.until_whole)) - begun)
        found.heard.append(max(page.heard_at for page in pages) - begun)
        found.asked.append(sum(page.asked for page in pages) / len(pages))
        probe.cancel()
        found.stall.append(longest[0] * 1e3)
        for activation in ids:
            await asyncio.to_thread(deployment.all_clear, activation)
        await _all(pages, frozenset(), Page.until_whole)
    return found


async def _all(
    pages: list[Page], ids: frozenset[str], until: Callable[[Page, frozenset[str]], Awaitable[float]]
) -> list[float]:
    try:
        async with asyncio.timeout(PATIENCE_S):
            return await asyncio.gather(*(until(page, ids) for page in pages))
    except TimeoutError as fault:
        lost = sum(page.shows != ids for page in pages)
        raise DeploymentFailed(f"{lost} of {len(pages)} pages do not show what is so") from fault


async def _probe(deployment: Deployment, longest: list[float]) -> None:
    """Asks a small question again and again: how long the records process lets it wait, until cancelled."""
    while True:
        began = time.monotonic()
        reader, writer = await asyncio.open_connection("127.0.0.1", deployment.ports.pages)
        writer.write(
            f"GET /healthz HTTP/1.1\r\nHost: localhost:{deployment.ports.pages}\r\nConnection: close\r\n\r\n".encode()
        )
        await reader.read()
        writer.close()
        longest[0] = max(longest[0], time.monotonic() - began)
        await asyncio.sleep(PROBE_S)


async def _start(deployment: Deployment, school: str, at: float) -> str:
    """One school's second tap, at that time (monotonic)."""
    await asyncio.sleep(max(0.0, at - time.monotonic()))
    fields = {"school": school, "emergency": "intruder", "key": secrets.token_hex(16)}
    body = urlencode(fields).encode()
    headers = {
        "Cookie": f"sightpact_session={deployment.sessions['sam']}; csrftoken={CSRF}",
        "X-CSRFToken": CSRF,
        "Origin": deployment.origin,
        "Accept": "application/json",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    status, text = await asyncio.to_thread(deployment.send, "/switch/start/", body, headers)
    if status != 200:
        raise DeploymentFailed(f"a start was answered {status} {text[:200]!r}")
    return str(json.loads(text)["url"]).strip("/").split("/")[-1]
