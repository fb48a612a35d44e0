"""For tests: a simulator in a child process on free ports, as a context manager.

    with running([{"slug": "front", "scene": "front_entrance", "number": 7}]) as sim:
        sim.url("front"); sim.fault("front", "stall"); sim.state("front")["viewers"]

Never: imported by the product.
"""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .spec import NORMAL, SMALL, CameraSpec, PictureFormat


class CameraSimFailed(Exception):
    """The simulator did not start or refused a call; the text is its own message."""


@dataclasses.dataclass
class RunningSim:
    process: subprocess.Popen[str]
    host: str
    port: int
    control_port: int
    specs: dict[str, CameraSpec]
    picture: PictureFormat

    def url(self, slug: str, *, with_password: bool = False) -> str:
        """The camera's address."""
        spec = self.specs[slug]
        user = f"{spec.username}:{spec.password}@" if with_password and spec.username else ""
        return f"rtsp://{user}{self.host}:{self.port}/cam/{slug}"

    def _call(self, method: str, path: str) -> Any:
        request = urllib.request.Request(f"http://127.0.0.1:{self.control_port}{path}", method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - our own http address
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise CameraSimFailed(error.read().decode()) from error

    def fault(self, slug: str, fault: str) -> None:
        """Shows a fault (see `camerasim.faults.MEANING`); "ok" ends it; slug "all" means every camera."""
        self._call("POST", f"/cameras/{slug}/fault/{fault}")

    def states(self) -> list[dict[str, Any]]:
        states: list[dict[str, Any]] = self._call("GET", "/cameras")
        return states

    def state(self, slug: str) -> dict[str, Any]:
        """Counters of one camera: ready, fault, viewers, connections, plays, frames_sent."""
        return next(s for s in self.states() if s["slug"] == slug)

    def wait_for(
        self, slug: str, fact: Callable[[dict[str, Any]], bool], timeout_s: float = 20
    ) -> dict[str, Any]:
        """Waits until a camera's counters show a fact, such as `lambda s: s["viewers"] == 1`."""
        end = time.monotonic() + timeout_s
        while not fact(state := self.state(slug)):
            if time.monotonic() > end:
                raise CameraSimFailed(f"camera {slug} never came to what was waited for; last: {state}")
            time.sleep(0.02)
        return state

    def stop(self) -> None:
        """Ends the process; all its cameras are gone at once."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                pipe.close()


def _toml(specs: Sequence[CameraSpec]) -> str:
    def value(v: object) -> str:
        return str(v).lower() if isinstance(v, bool) else json.dumps(v)

    return "".join(
        "[[cameras]]\n" + "".join(f"{k} = {value(v)}\n" for k, v in dataclasses.asdict(spec).items())
        for spec in specs
    )


def start(
    cameras: Sequence[CameraSpec | dict[str, Any]],
    *,
    small: bool = True,
    cache: Path | None = None,
    port: int = 0,
    session_timeout_s: int = 60,
    wait: bool = True,
) -> RunningSim:
    """Starts a simulator; with `wait` returns when all clips are made. Call `stop()` on the result."""
    specs = [
        c if isinstance(c, CameraSpec) else CameraSpec(**{"number": i, "name": c.get("slug", ""), **c})
        for i, c in enumerate(cameras, start=1)
    ]
    with tempfile.TemporaryDirectory(prefix="camera-sim-") as folder:
        config = Path(folder) / "cams.toml"
        config.write_text(_toml(specs), encoding="utf-8")
        command = [sys.executable, "-m", "sightpact.camerasim", "--config", str(config), "--port", str(port)]
        command += ["--control-port", "0", "--until-stdin-ends", "--session-timeout", str(session_timeout_s)]
        command += ["--small"] if small else []
        command += ["--cache", str(cache)] if cache else []
        source = str(Path(__file__).parents[2])
        env = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(filter(None, [source, os.environ.get("PYTHONPATH")])),
        }
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env)
        assert process.stdout
        wanted = "camera-sim ready " if wait else "camera-sim listening "
        for line in process.stdout:
            if line.startswith(wanted):
                break
        else:
            raise CameraSimFailed(
                f"the simulator ended with {process.wait()} before it was ready; see its message above"
            )
    words = line.split()
    host, _, rtsp_port = words[2].removeprefix("rtsp://").partition("/")[0].rpartition(":")
    control_port = int(words[4].rstrip("/").rpartition(":")[2])
    picture = SMALL if small else NORMAL
    return RunningSim(process, host, int(rtsp_port), control_port, {s.slug: s for s in specs}, picture)


@contextmanager
def running(cameras: Sequence[CameraSpec | dict[str, Any]], **options: Any) -> Iterator[RunningSim]:
    """`start` as a context: the simulator ends with the block."""
    sim = start(cameras, **options)
    try:
        yield sim
    finally:
        sim.stop()
