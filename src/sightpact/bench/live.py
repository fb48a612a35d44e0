"""Pictures, on the real parts: `sightpact serve` with its two processes, real RTSP, viewers with real sessions and tickets.

Cameras and viewers run on the same cores; of processor time only the edge process's counts. Without TLS. Cameras send
360p at 15 frames and 500 kbit/s a second with a key frame each second, every third of them packet by packet, the others
a frame in one write.
"""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Callable, Iterable
from functools import partial
from itertools import islice
from typing import Any

import uvloop

from sightpact.bench import crowd, first_picture
from sightpact.bench.deployment import Deployment, DeploymentFailed, running
from sightpact.bench.parts import Part
from sightpact.bench.rows import Progress, percentile, row
from sightpact.bench.viewer import Viewer
from sightpact.decide.facts import EXTERIOR_AREA_KINDS, PRIVATE_AREA_KINDS

REPEATS = 5
WINDOW_S = 10.0  # over which processor time is taken
FPS = 15
VIEWERS = 100
LOAD = "360p, 15 fps, 500 kbit/s, 1 s key frames, a third by packet; no TLS; cameras and viewers on the same cores"
LEASE_S = {"standing": 2.0, "emergency": 15.0}  # clause 6.3 of the demonstration's agreement


def _alone(progress: Progress, quick: bool) -> list[dict[str, Any]]:
    with running(100, standby=True) as deployment:
        return uvloop.run(_ingest(deployment, _repeats(quick), progress))


def _hundred(progress: Progress, quick: bool) -> list[dict[str, Any]]:
    with running(100, VIEWERS, standby=False) as deployment:
        return uvloop.run(_crowded(deployment, _repeats(quick), progress))


def _stopped(progress: Progress, quick: bool) -> list[dict[str, Any]]:
    with running(24, 20) as deployment:
        return uvloop.run(_starved(deployment, _repeats(quick), progress))


def _first(progress: Progress, quick: bool) -> list[dict[str, Any]]:
    first_picture.need_browser()
    with running(24) as deployment:  # a fresh one: another one's wall still tells how the last sharing ended
        return first_picture.rows(deployment, _repeats(quick), 5 if quick else 50, progress)


def _repeats(quick: bool) -> int:
    return 1 if quick else REPEATS


PARTS = (
    Part("a district of 100 cameras, all connected", ("live.ingest_100_cores",), _alone),
    Part(
        f"a district of 100 cameras, {VIEWERS} viewers",
        ("live.fanout_900_cores", "live.cut_ms_p99", "live.suspend_ms_p99", "live.admit_1600_ms"),
        _hundred,
    ),
    Part(
        "a district of 24 cameras, cut off", ("live.starved_s_max", "live.starved_emergency_s_max"), _stopped
    ),
    Part("a district of 24 cameras, a wall", ("live.first_picture_ms_p95",), _first),
)
"""Rows `live.*`. About a quarter of an hour for all of them; quickly some minutes, with one repeat and no figure to quote."""


async def _ingest(deployment: Deployment, repeats: int, progress: Progress) -> list[dict[str, Any]]:
    for spec in deployment.sim.specs:
        await asyncio.to_thread(deployment.sim.wait_for, spec, lambda state: state["viewers"] == 1, 60)
    edge, values = deployment.pid("edge"), []
    for repeat in range(repeats):
        progress(repeat / repeats, f"ingest, repeat {repeat + 1} of {repeats}")
        values.append(await crowd.cores(edge, WINDOW_S))
    what = f"edge process, ingest of 100 cameras, nobody watching; {LOAD}"
    return [row("live.ingest_100_cores", what, "cores", values, samples=1, reach=0.25)]


async def _crowded(deployment: Deployment, repeats: int, progress: Progress) -> list[dict[str, Any]]:
    """What a hundred viewers cost, how quickly they get in, and how quickly they are out."""
    inside = _cameras(deployment, inside=True)
    viewers = await crowd.gather(deployment, VIEWERS)
    activation = await asyncio.to_thread(deployment.start_sharing)
    admits = []
    for repeat in range(repeats):
        progress(0.1 * repeat / repeats, f"admitting, repeat {repeat + 1} of {repeats}")
        admits.append(await _admit(viewers, inside[:16]))
    shares, fanout = [], []
    _open(viewers, inside, 9)
    await crowd.every(viewers, lambda tile: tile.first_at, "first pictures")
    edge = deployment.pid("edge")
    for repeat in range(repeats):
        progress(0.1 + 0.4 * repeat / repeats, f"fan-out, repeat {repeat + 1} of {repeats}")
        before = crowd.frames(viewers)
        fanout.append(await crowd.cores(edge, WINDOW_S))
        shares.append((crowd.frames(viewers) - before) / (VIEWERS * 9 * FPS * WINDOW_S))
    if min(shares) < 0.97:
        raise DeploymentFailed(
            f"only {min(shares):.0%} of the pictures arrived: this machine is too busy for a figure"
        )
    await _close(viewers)
    cuts = []
    for repeat in range(repeats):
        late: list[float] = []
        for _ in range(2):
            progress(0.5 + 0.3 * repeat / repeats, f"cutting, repeat {repeat + 1} of {repeats}")
            late += await _cut(viewers, inside[:10], partial(deployment.all_clear, activation))
            activation = await asyncio.to_thread(deployment.start_sharing)
        cuts.append(percentile(late, 0.99))
    suspensions = []
    for repeat in range(repeats):
        late = []
        for _ in range(2):
            progress(0.8 + 0.2 * repeat / repeats, f"suspending, repeat {repeat + 1} of {repeats}")
            late += await _cut(
                viewers, inside[:10], partial(deployment.press, "sam", "/agreements/lakeview-mou/suspend/")
            )
            await asyncio.to_thread(deployment.press, "sam", "/agreements/lakeview-mou/resume/")
        suspensions.append(percentile(late, 0.99))
    crowd.leave(viewers)
    fan = f"edge process, {VIEWERS} viewers x 9 tiles over {len(inside)} cameras, their ingest included, "
    fan += f"{min(shares):.1%} delivered; {LOAD}"
    cut = f"dispatch's all clear (HTTP) to a viewer's last byte of a picture, {VIEWERS} viewers on 10 cameras; {LOAD}"
    suspend = f"the superintendent suspends the agreement (HTTP) to a viewer's last byte of a picture; the same viewers; {LOAD}"
    admit = f"{VIEWERS} viewers ask for 16 tiles each at once: all admitted, logged, leased; 1,600 entries made durable"
    return [
        row("live.fanout_900_cores", fan, "cores", fanout, samples=1, reach=0.5),
        row("live.cut_ms_p99", cut, "ms", cuts, samples=2 * VIEWERS, reach=100),
        row("live.suspend_ms_p99", suspend, "ms", suspensions, samples=2 * VIEWERS, reach=100),
        row("live.admit_1600_ms", admit, "ms", admits, samples=1, reach=1500),
    ]


async def _admit(viewers: list[Viewer], cameras: list[str]) -> float:
    """Milliseconds from the first question to the last answer."""
    begun = time.monotonic()
    for viewer in viewers:
        viewer.open(dict(enumerate(cameras, 1)))
    await crowd.every(viewers, lambda tile: tile.opened, "admissions")
    took = (time.monotonic() - begun) * 1e3
    await _close(viewers)
    return took


async def _cut(viewers: list[Viewer], cameras: list[str], end: Callable[[], None]) -> list[float]:
    """For each viewer: milliseconds from the call that ends it all to the last byte of a picture."""
    for viewer in viewers:
        viewer.open(dict(enumerate(cameras, 1)))
    await crowd.every(viewers, lambda tile: tile.first_at, "first pictures")
    called = time.monotonic()
    await asyncio.to_thread(end)
    await crowd.every(viewers, lambda tile: tile.end, "ends")
    await asyncio.sleep(1.0)  # nothing may come after the end either
    late = [max((tile.last_at or 0.0) - called for tile in viewer.tiles.values()) * 1e3 for viewer in viewers]
    for viewer in viewers:
        viewer.tiles.clear()
    return [max(0.0, ms) for ms in late]


async def _starved(deployment: Deployment, repeats: int, progress: Progress) -> list[dict[str, Any]]:
    """The records process stops dead (SIGSTOP): the edge hears no beat. Last byte after the last beat, the longest."""
    tiles = {
        "standing": _cameras(deployment, inside=False)[:4],
        "emergency": _cameras(deployment, inside=True)[:4],
    }
    longest: dict[str, list[float]] = {kind: [] for kind in tiles}
    for repeat in range(repeats):
        progress(repeat / repeats, f"starving, repeat {repeat + 1} of {repeats}")
        activation = await asyncio.to_thread(deployment.start_sharing)
        viewers = await crowd.gather(deployment, 20)
        for viewer in viewers:
            viewer.open(dict(enumerate(tiles["standing"] + tiles["emergency"], 1)))
        await crowd.every(viewers, lambda tile: tile.first_at and tile.leases > 1, "first pictures and beats")
        records = deployment.pid("records")
        os.kill(records, signal.SIGSTOP)
        try:
            await crowd.every(viewers, lambda tile: tile.end, "ends of the leases")
            await asyncio.sleep(1.0)
        finally:
            os.kill(records, signal.SIGCONT)
        for number, kind in enumerate(tiles):
            mine = [viewer.tiles[t] for viewer in viewers for t in range(4 * number + 1, 4 * number + 5)]
            longest[kind].append(max((tile.last_at or 0) - (tile.last_lease_at or 0) for tile in mine))
        crowd.leave(viewers)
        await asyncio.to_thread(deployment.all_clear, activation)
    what = "records stopped dead: last byte after the last beat that a viewer heard, the longest of 20 viewers x 4 tiles; lease"
    return [
        row(f"live.starved{'' if kind == 'standing' else '_emergency'}_s_max", f"{what} {LEASE_S[kind]:g} s ({kind})", "s",
            values, samples=80, reach=LEASE_S[kind])
        for kind, values in longest.items()
    ]  # fmt: skip


def _cameras(deployment: Deployment, inside: bool) -> list[str]:
    """Ids of cameras that dispatch may see: outside at all times, inside in an emergency."""
    found = []
    for camera, facts in deployment.cameras.items():
        kinds = set(facts["kinds"])
        if kinds and not kinds & PRIVATE_AREA_KINDS and (not kinds & EXTERIOR_AREA_KINDS) is inside:
            found.append(camera)
    return found


def _open(viewers: list[Viewer], cameras: list[str], tiles: int) -> None:
    """Each viewer opens a run of cameras, each beginning one further, so that all cameras are watched alike."""
    for number, viewer in enumerate(viewers):
        mine: Iterable[str] = islice(cameras * 2, number % len(cameras), None)
        viewer.open(dict(enumerate(islice(mine, tiles), 1)))


async def _close(viewers: list[Viewer]) -> None:
    """Close all tiles, and let the written ends settle before the next measurement."""
    for viewer in viewers:
        viewer.send({"t": "close", "tiles": list(viewer.tiles)})
    await asyncio.sleep(2.0)
    for viewer in viewers:
        viewer.tiles.clear()
