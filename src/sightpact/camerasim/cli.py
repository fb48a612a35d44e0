"""The command `sightpact camera-sim`; also `python -m sightpact.camerasim`.

Never: behaviour. It reads options, starts the simulator and prints two lines: listening, ready.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from . import config, faults, places
from .control import Control
from .server import Simulator
from .spec import NORMAL, SMALL, SpecError

app = typer.Typer(add_completion=False, rich_markup_mode=None)

FAULT_HELP = "Faults: curl -X POST http://127.0.0.1:CONTROL_PORT/cameras/SLUG/fault/FAULT\n\n\b\n"


def default_cache() -> Path:
    """Where clips are kept between runs: the user's cache folder."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "sightpact" / "camera-sim"


async def _run(simulator: Simulator, host: str, port: int, control_port: int, with_stdin: bool) -> None:
    """Serves until SIGTERM, SIGINT or (with_stdin) the end of its input. Raises what made it fail."""
    loop, stop, began = asyncio.get_running_loop(), asyncio.Event(), time.monotonic()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if with_stdin:
        await loop.connect_read_pipe(lambda: _UntilEnd(stop), sys.stdin)
    control = Control(simulator)
    await simulator.start(host, port)
    await control.start(control_port)
    address = f"rtsp://{host}:{simulator.port}/cam/ control http://127.0.0.1:{control.port}/"
    print(f"camera-sim listening {address}", flush=True)
    stopped, ready = asyncio.create_task(stop.wait()), asyncio.create_task(simulator.ready.wait())
    await asyncio.wait([stopped, ready, *simulator.tasks], return_when=asyncio.FIRST_COMPLETED)
    if simulator.ready.is_set():
        took = time.monotonic() - began
        print(f"camera-sim ready {address} {len(simulator.cameras)} cameras in {took:.1f} s", flush=True)
        await asyncio.wait([stopped, simulator.tasks[-1]], return_when=asyncio.FIRST_COMPLETED)
    failures = [e for t in simulator.tasks if t.done() and not t.cancelled() and (e := t.exception())]
    stopped.cancel()
    ready.cancel()
    await control.close()
    await simulator.close()
    if failures:
        raise failures[0]


class _UntilEnd(asyncio.Protocol):
    """Ends the simulator with its input: a test that is killed leaves none behind."""

    def __init__(self, stop: asyncio.Event) -> None:
        self._stop = stop

    def eof_received(self) -> None:
        self._stop.set()


@app.command("camera-sim", epilog=FAULT_HELP + faults.help_text())
def camera_sim(
    config_file: Annotated[
        Path | None, typer.Option("--config", help="TOML file with [[cameras]] tables.")
    ] = None,
    count: Annotated[
        int, typer.Option(min=1, max=1000, help="Without --config: this many made-up cameras.")
    ] = 9,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="RTSP port; 0 takes a free one.")] = 8554,
    control_port: Annotated[int, typer.Option(help="Control port on loopback; 0 takes a free one.")] = 8555,
    cache: Annotated[Path | None, typer.Option(help="Folder in which made clips are kept.")] = None,
    small: Annotated[
        bool, typer.Option(help="320 x 180 pictures in 4 s loops, made in a moment, for tests.")
    ] = False,
    session_timeout: Annotated[
        int, typer.Option(min=1, help="Seconds after which a silent viewer is cut.")
    ] = 60,
    workers: Annotated[int, typer.Option(min=1, help="Processes that make clips at the start.")] = 2,
    until_stdin_ends: Annotated[
        bool, typer.Option("--until-stdin-ends", help="Stop with the input.")
    ] = False,
) -> None:
    """Simulates RTSP cameras with drawn scenes, a timecode in the picture, and faults on demand.

    Each camera is rtsp://HOST:PORT/cam/SLUG and answers 503 until its clip is made.
    A [[cameras]] table has slug, name, scene (a scene or an area kind, ~ before a scene mirrors it),
    number (in the timecode), keyframe_s (0.5, 1, 2, 4), pattern (frame, packet), codec (h264, h265),
    username, password, auth (digest, basic), sprop (false leaves the parameter sets out of the SDP).
    """
    try:
        specs = config.read(config_file) if config_file else config.quick_set(count)
        for spec in specs:
            places.scene_for(spec.scene, spec.number)
        picture, folder = SMALL if small else NORMAL, cache or default_cache()
        simulator = Simulator(specs, picture, folder, session_timeout_s=session_timeout, workers=workers)
        asyncio.run(_run(simulator, host, port, control_port, until_stdin_ends))
    except (SpecError, OSError) as error:
        typer.echo(f"camera-sim: {error}", err=True)
        raise typer.Exit(2) from error
