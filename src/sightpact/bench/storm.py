"""A storm: twenty schools share within a second, and five hundred open pages hear it and ask again.

The pages are plain connections of this process: each listens to `/news/` and, told, asks for its wall's state, one
question at a time, as the page's script does. A page is told when its state names every school.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from typing import Any
from urllib.parse import urlencode

import uvloop

from sightpact.bench.deployment import CSRF, Deployment, DeploymentFailed, running
from sightpact.bench.rows import Progress, row

SCHOOLS = 20
PERSONS = 50
PAGES = 10  # of one person
PATIENCE_S = 120.0


class Page:
    """One open page: a stream of news, and one connection to ask on."""

    def __init__(self, deployment: Deployment, person: str) -> None:
        self.deployment = deployment
        self.cookie = f"sightpact_session={deployment.sessions[person]}"
        self.heard = asyncio.Event()
        self.listening = asyncio.Event()
        self.shown: frozenset[str] = frozenset()
        self.told_at = 0.0  # when it first heard that there is news
        self.asked = 0
        self.changed = asyncio.Condition()

    async def listen(self) -> None:
        """Hear the stream of news until cancelled."""
        reader, writer = await self._connect("/news/", "text/event-stream")
        try:
            while line := await reader.readline():
                if line.startswith(b"event: ping"):
                    self.listening.set()
                elif line.startswith(b"event: sharing"):
                    self.told_at = self.told_at or time.monotonic()
                    self.heard.set()
        finally:
            writer.close()

    async def ask(self) -> None:
        """Ask for the state whenever there was news, until cancelled."""
        while True:
            await self.heard.wait()
            self.heard.clear()
            reader, writer = await self._connect("/wall/state/", "application/json", close=True)
            answer = await reader.read()
            writer.close()
            head, _blank, body = answer.partition(b"\r\n\r\n")
            if b" 200 " not in head.split(b"\r\n", 1)[0]:
                raise DeploymentFailed(f"a page was answered {head[:80]!r}")
            state = json.loads(body)
            self.asked += 1
            async with self.changed:
                self.shown = frozenset(state["running"])
                self.changed.notify_all()

    async def until(self, ids: frozenset[str]) -> float:
        async with self.changed:
            await self.changed.wait_for(lambda: self.shown == ids)
        return time.monotonic()

    async def _connect(
        self, path: str, accept: str, close: bool = False
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.deployment.ports.pages, limit=2**22)
        last = "Connection: close\r\n" if close else ""
        writer.write(
            f"GET {path} HTTP/1.1\r\nHost: localhost:{self.deployment.ports.pages}\r\nCookie: {self.cookie}\r\n"
            f"Accept: {accept}\r\n{last}\r\n".encode()
        )
        return reader, writer


def rows(repeats: int, progress: Progress) -> list[dict[str, Any]]:
    """Row `activation.storm_all_told_s`, and beside it when the last page heard that there is news."""
    with running(24, PERSONS, standby=False, small=True, more_schools=SCHOOLS - 5) as deployment:
        shown, heard, asked = uvloop.run(_storms(deployment, repeats, progress))
    pages = PERSONS * PAGES
    what = f"{SCHOOLS} schools start within a second, {pages} open walls of {PERSONS} persons; the first tap to the last page"
    return [
        row("activation.storm_all_told_s", f"{what} showing all of them, none lost", "s", shown, samples=pages, reach=2),
        row("activation.storm_all_heard_s", f"{what} hearing that there is news", "s", heard, samples=pages),
        row("activation.storm_asked_again", "how often a page asked again in it, on average", "times", asked, samples=pages),
    ]  # fmt: skip


async def _storms(
    deployment: Deployment, repeats: int, progress: Progress
) -> tuple[list[float], list[float], list[float]]:
    pages = [Page(deployment, f"viewer-{n % PERSONS}") for n in range(PERSONS * PAGES)]
    tasks = [asyncio.create_task(work) for page in pages for work in (page.listen(), page.ask())]
    fallen = asyncio.get_running_loop().create_future()
    for task in tasks:
        task.add_done_callback(lambda done: fallen.done() or _fell(done, fallen))
    try:
        return await _or(fallen, _measured(deployment, pages, repeats, progress))
    finally:
        for task in tasks:
            task.cancel()


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
    deployment: Deployment, pages: list[Page], repeats: int, progress: Progress
) -> tuple[list[float], list[float], list[float]]:
    await asyncio.gather(*(page.listening.wait() for page in pages))
    shown, heard, asked = [], [], []
    for repeat in range(repeats):
        progress(0.75 + 0.25 * repeat / repeats, f"storm {repeat + 1} of {repeats}")
        for page in pages:
            page.told_at, page.asked = 0.0, 0
        begun = time.monotonic()
        ids = frozenset(await asyncio.gather(*(_start(deployment, n, begun) for n in range(SCHOOLS))))
        shown.append(max(await _all(pages, ids)) - begun)
        heard.append(max(page.told_at for page in pages) - begun)
        asked.append(sum(page.asked for page in pages) / len(pages))
        for activation in ids:
            await asyncio.to_thread(deployment.all_clear, activation)
        await _all(pages, frozenset())
    return shown, heard, asked


async def _all(pages: list[Page], ids: frozenset[str]) -> list[float]:
    try:
        async with asyncio.timeout(PATIENCE_S):
            return await asyncio.gather(*(page.until(ids) for page in pages))
    except TimeoutError as fault:
        lost = sum(page.shown != ids for page in pages)
        raise DeploymentFailed(f"{lost} of {len(pages)} pages do not show what is so") from fault


async def _start(deployment: Deployment, number: int, begun: float) -> str:
    """One school's second tap, spread over the second."""
    await asyncio.sleep(max(0.0, begun + number / SCHOOLS - time.monotonic()))
    school = sorted(deployment.schools.values())[number]
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
