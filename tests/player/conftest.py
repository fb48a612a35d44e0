"""The player's stage: simulated cameras over real RTSP, the real edge, a scripted gate, the product's wall in chromium."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from sightpact.access.wall import WallState
from sightpact.camerasim import testing
from tests.player import states
from tests.player.gate import ScriptedGate
from tests.player.wall_site import WallSite

CHROMIUM = next(
    (p for p in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if p), "chromium"
)
CAMERAS = (
    {"slug": "front", "scene": "front_entrance", "number": 5},
    {"slug": "lot", "scene": "north_parking", "number": 6},
)
TIMECODE = Path(testing.__file__).with_name("timecode.js")


@dataclass
class Stage:
    """What a test moves: the state that the page is told, the gate, the cameras, the edge process."""

    sim: testing.RunningSim
    gate: ScriptedGate
    site: WallSite
    edge: subprocess.Popen[str]
    page: Page
    state: list[WallState] = field(default_factory=list)

    def tell(self, state: WallState) -> None:
        """The server's state changes and the page hears news."""
        self.state.append(state)
        self.page.evaluate("document.dispatchEvent(new CustomEvent('news', {detail: {topics: ['sharing']}}))")

    def wait_state(self, camera: str, state: str, within_ms: int = 15000) -> None:
        self.page.wait_for_selector(
            f'live-tile[data-camera="{camera}"][data-state="{state}"]', timeout=within_ms
        )

    def text(self, camera: str) -> str:
        return self.page.locator(f'live-tile[data-camera="{camera}"]').inner_text()

    def brightness(self, camera: str) -> float:
        """Mean of the canvas; 0 is cleared."""
        return self.page.evaluate(
            """slug => { const c = document.querySelector(`live-tile[data-camera="${slug}"] canvas`);
               const d = c.getContext("2d").getImageData(0, 0, c.width, c.height).data;
               let sum = 0; for (let i = 0; i < d.length; i += 4) sum += d[i] + d[i + 1] + d[i + 2];
               return sum / (d.length / 4); }""",
            camera,
        )  # type: ignore[no-any-return]

    def timecode(self, camera: str) -> dict[str, int] | None:
        return self.page.evaluate(
            """slug => { const c = document.querySelector(`live-tile[data-camera="${slug}"] canvas`);
               return readTimecode(c.getContext("2d").getImageData(0, 0, c.width, c.height)); }""",
            camera,
        )  # type: ignore[no-any-return]


@pytest.fixture(scope="session")
def sim() -> Iterator[testing.RunningSim]:
    with testing.running(list(CAMERAS)) as running:
        yield running


@pytest.fixture(scope="package")  # not longer: while it is open, no other test may run an event loop
def browser() -> Iterator[Browser]:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


TILES = (states.tile(1, "front", "Main entrance", "south side"), states.tile(2, "lot", "North lot"))


def start_edge(gate: ScriptedGate, port: str = "0") -> tuple[subprocess.Popen[str], str]:
    """A real edge process. Returns it and its port."""
    command = [sys.executable, "-m", "sightpact.live.edge", "--gate-socket", str(gate.path), "--port", port]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, process.stdout.readline().strip().rsplit(":", 1)[1]


@pytest.fixture
def stage(sim: testing.RunningSim, browser: Browser) -> Iterator[Stage]:
    """A wall with two live cameras."""
    said = [states.quiet(TILES, states.now())]
    where: dict[str, str] = {}
    with (
        tempfile.TemporaryDirectory(prefix="wall") as folder,
        WallSite(lambda: said[-1], lambda: f"ws://localhost:{where['port']}/live") as site,
        ScriptedGate(
            Path(folder) / "gate.sock", {c["slug"]: sim.url(c["slug"]) for c in CAMERAS}, [site.url], 3000
        ) as gate,
    ):
        edge, where["port"] = start_edge(gate)
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        context.add_init_script(TIMECODE.read_text() + ";window.readTimecode = readTimecode;")
        made = Stage(sim, gate, site, edge, context.new_page(), said)
        try:
            made.page.goto(site.url + "/wall/")
            for camera in CAMERAS:
                made.wait_state(str(camera["slug"]), "live", 20000)
            yield made
        finally:
            context.close()
            end_edge(made.edge)
            sim.fault("all", "ok")


def end_edge(edge: subprocess.Popen[str]) -> None:
    edge.send_signal(signal.SIGCONT)
    edge.kill()
    edge.wait(10)
    assert edge.stdout is not None
    edge.stdout.close()
