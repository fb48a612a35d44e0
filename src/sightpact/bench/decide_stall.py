"""What a sweep does to the pictures of others: how long one message of the gate held the edge's loop.

On the real parts: 100 viewers with 16 open tiles each, then the sharing ends and all 1,600 are cut. The edge measures
itself (`/metrics`): the beats that name every stream, and the cuts.
"""

from __future__ import annotations

import asyncio
import http.client
import re
from typing import Any

import uvloop

from sightpact.bench import crowd
from sightpact.bench.deployment import Deployment, running
from sightpact.bench.rows import Progress, row
from sightpact.decide.facts import EXTERIOR_AREA_KINDS, PRIVATE_AREA_KINDS

VIEWERS, TILES = 100, 16
HELD = re.compile(r'^live_gate_message_seconds_max\{message="(beat|cut)"\} (\S+)$', re.M)


def rows(progress: Progress, repeats: int) -> list[dict[str, Any]]:
    """Row `decide.sweep_stall_ms`: the longest over all sweeps, each of 1,600 streams."""
    progress(0.0, f"a district of 100 cameras, {VIEWERS} viewers")
    with running(100, VIEWERS, standby=False) as deployment:
        uvloop.run(_sweeps(deployment, repeats, progress))
        held = {kind: float(seconds) * 1e3 for kind, seconds in HELD.findall(_metrics(deployment))}
    what = f"edge, {VIEWERS} viewers x {TILES} tiles: most processor time that one message of the gate took from its loop, "
    what += f"over {repeats} sweeps; " + ", ".join(
        f"{kind}s {ms:.1f} ms" for kind, ms in sorted(held.items())
    )
    return [row("decide.sweep_stall_ms", what, "ms", [max(held.values())], samples=repeats, reach=5)]


async def _sweeps(deployment: Deployment, repeats: int, progress: Progress) -> None:
    inside = [
        camera
        for camera, facts in deployment.cameras.items()
        if facts["kinds"] and not set(facts["kinds"]) & (PRIVATE_AREA_KINDS | EXTERIOR_AREA_KINDS)
    ]
    assert len(inside) >= TILES, f"only {len(inside)} inside cameras"
    viewers = await crowd.gather(deployment, VIEWERS)
    for repeat in range(repeats):
        progress((repeat + 1) / (repeats + 1), f"1,600 pictures cut, {repeat + 1} of {repeats}")
        activation = await asyncio.to_thread(deployment.start_sharing)
        for viewer in viewers:
            viewer.open(dict(enumerate(inside[:TILES], 1)))
        await crowd.every(viewers, lambda tile: tile.first_at, "first pictures")
        await asyncio.to_thread(deployment.all_clear, activation)
        await crowd.every(viewers, lambda tile: tile.end, "ends")
        for viewer in viewers:
            viewer.tiles.clear()
        await asyncio.sleep(2.0)  # the written ends settle
    crowd.leave(viewers)


def _metrics(deployment: Deployment) -> str:
    link = http.client.HTTPConnection("127.0.0.1", deployment.ports.edge, timeout=10)
    link.request("GET", "/metrics")
    text = link.getresponse().read().decode()
    link.close()
    return text
