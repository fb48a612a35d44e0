"""The release gate: a real server, real RTSP cameras, a real browser. One file a promise of the product."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from sightpact.bench import viewer
from sightpact.camerasim.testing import RunningSim
from tests.deployment import Deployment, deployment, simulator

CHROMIUM = next(
    (p for p in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if p), "chromium"
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def sim() -> Iterator[RunningSim]:
    with simulator() as running:
        yield running


@pytest.fixture
def lakeview(sim: RunningSim, tmp_path: Path) -> Iterator[Deployment]:
    """A fresh deployment: signed, imported, served."""
    with deployment(tmp_path / "data", sim) as it:
        yield it
        sim.fault("all", "ok")


@pytest.fixture(scope="module")  # not longer: while it is open, no other test may run an event loop
def browser() -> Iterator[Browser]:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@asynccontextmanager
async def watching(
    it: Deployment, person: str, cameras: list[str], session: int = 0
) -> AsyncIterator[viewer.Viewer]:
    """A viewer socket of this person, having asked for these cameras (tiles 1, 2, ...)."""
    connected = await connect(it, person, session)
    connected.open(dict(enumerate(cameras, 1)))
    try:
        yield connected
    finally:
        connected.close()


async def connect(it: Deployment, person: str, session: int = 0, **options: Any) -> viewer.Viewer:
    answer = await asyncio.to_thread(it.page(person, session).post, "/live/ticket/")
    assert answer.status == 200, answer.text

    ticket = json.loads(answer.text)["ticket"]
    connected = await viewer.connect("127.0.0.1", it.ports.edge, ticket=ticket, origin=it.url, **options)
    await connected.until(lambda: connected.ready is not None or connected.closed is not None)
    return connected
