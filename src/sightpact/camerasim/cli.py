"""The command `sightpact camera-sim`; also `python -m sightpact.camerasim`.

Never: behaviour. It reads options, starts the simulator and prints two lines: listening, ready.
"""

from __future__ import annotations

import asyncio
import os
import signal
import time
from pathlib import Path
from typing import Annotated

import typer

from . import config, faults, places
from .control import Control
from .server import Simulator
from .spec import NORMAL, SMALL, CameraSpec, SpecError

app = typer.Typer(add_completion=False, rich_markup_mode=None)

FAULT_HELP = "Faults: curl -X POST http://127.0.0.1:CONTROL_PORT/cameras/SLUG/fault/FAULT\n\n\b\n"


def default_cache() -> Path:
    """Where clips are kept between runs: the user's cache folder."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "sightpact" / "camera-sim"


async def _run(
    specs: list[CameraSpec],
    host: str,
    port: int,
    control_port: int,
    cache: Path,
    small: bool,
    timeout_s: int,
    workers: int,
) -> None:
    simulator = Simulator(
        specs, SMALL if small else NORMAL, cache, session_timeout_s=timeout_s, workers=workers
    )
    control = Control(simulator)
    began = time.monotonic()
    await simulator.start(host, port)
    await control.start(control_port)
    address = f"rtsp://{host}:{simulator.port}/cam/ control http://127.0.0.1:{control.port}/"
    print(f"camera-sim listening {address}", flush=True)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    waits = [asyncio.create_task(stop.wait()), asyncio.create_task(simulator.ready.wait()), *simulator.tasks]
    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    if simulator.ready.is_set():
        print(
            f"camera-sim ready {address} {len(specs)} cameras in {time.monotonic() - began:.1f} s", flush=True
        )
        waits = [waits[0], simulator.tasks[-1]]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    failures = [e for t in simulator.tasks if t.done() and not t.cancelled() and (e := t.exception())]
    await control.close()
    await simulator.close()
    if failures:
        raise failures[0]


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
        asyncio.run(
            _run(specs, host, port, control_port, cache or default_cache(), small, session_timeout, workers)
        )
    except (SpecError, OSError) as error:
        typer.echo(f"camera-sim: {error}", err=True)
        raise typer.Exit(2) from error
