"""People's ways through the real pages: one deployment, real RTSP cameras, Debian's chromium.

All journeys share one deployment, since laying one out is what takes time; each leaves it quiet for the next.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from sightpact.camerasim.testing import RunningSim
from tests.deployment import Deployment, deployment, simulator
from tests.journeys.screens import Screen

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
LEASES = {"6.3": {"standing_s": 2, "emergency_s": 4}}  # short enough to be waited for

OpenScreen = Callable[..., Screen]


@pytest.fixture(scope="package")
def sim() -> Iterator[RunningSim]:
    with simulator() as running:
        yield running


@pytest.fixture(scope="package")  # not longer: while it is open, no other test may run an event loop
def browser() -> Iterator[Browser]:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def served(sim: RunningSim, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    with deployment(tmp_path_factory.mktemp("journeys") / "data", sim, changes=LEASES) as it:
        yield it


@pytest.fixture
def lakeview(served: Deployment, sim: RunningSim) -> Iterator[Deployment]:
    """Lakeview on a quiet day, and quiet again afterwards."""
    yield served
    sim.fault("all", "ok")
    sam = served.page("sam")
    sam.post("/watching/stop-all/")
    for person in ("omar", "rosa"):
        fields = {"person": served.people[person]["id"], "owner": served.parties["lakeview-usd"]}
        sam.post("/watching/let-back/", fields)


@pytest.fixture
def screen(browser: Browser, lakeview: Deployment) -> Iterator[OpenScreen]:
    """Opens screens of persons; none of them may have complained when the journey ends."""
    opened: list[Screen] = []

    def open_screen(person: str = "", **options: object) -> Screen:
        opened.append(Screen(browser, lakeview, person, **options))  # type: ignore[arg-type]
        return opened[-1]

    yield open_screen
    complaints = [each for screen in opened for each in screen.complaints]
    for each in opened:
        each.close()
    assert complaints == []
