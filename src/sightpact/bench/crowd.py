"""Many viewers at once, each with a session and a ticket of its own, and what they saw. All in one loop of this process."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from sightpact.bench.deployment import Deployment, DeploymentFailed
from sightpact.bench.viewer import Tile, Viewer, connect

_TICKS = os.sysconf("SC_CLK_TCK")
PATIENCE_S = 30.0


async def gather(deployment: Deployment, count: int) -> list[Viewer]:
    """Connect that many viewers; returns when the edge has let all of them in."""
    viewers = []
    for number in range(count):
        ticket = await asyncio.to_thread(deployment.call, f"viewer-{number}", "/live/ticket/", {})
        viewers.append(
            await connect(
                "127.0.0.1",
                deployment.ports.edge,
                ticket=ticket["ticket"],
                origin=deployment.origin,
                keep_messages=False,
            )
        )
    for viewer in viewers:
        await viewer.until(lambda v=viewer: v.ready or v.closed, PATIENCE_S)
        if viewer.closed:
            raise DeploymentFailed(f"the edge closed a viewer: {viewer.closed}")
    return viewers


def leave(viewers: Sequence[Viewer]) -> None:
    for viewer in viewers:
        viewer.close()


async def every(viewers: Sequence[Viewer], fact: Callable[[Tile], object], what: str) -> None:
    """Wait until something is true of every tile of every viewer.

    Raises:
        DeploymentFailed: it did not become true, or a tile was refused.
    """
    for viewer in viewers:
        try:
            await viewer.until(
                lambda v=viewer: all(fact(t) or t.refused for t in v.tiles.values()) or v.closed, PATIENCE_S
            )
        except TimeoutError as fault:
            raise DeploymentFailed(f"{what} did not come: {str(fault)[:500]}") from fault
        refused = next((tile.refused for tile in viewer.tiles.values() if tile.refused), None)
        if viewer.closed or refused:
            raise DeploymentFailed(f"{what} did not come: closed {viewer.closed}, refused {refused}")


def frames(viewers: Sequence[Viewer]) -> int:
    return sum(tile.frames for viewer in viewers for tile in viewer.tiles.values())


def processor_s(pid: int) -> float:
    """Processor time of a process so far, user and system, in seconds, as the kernel accounts for it."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


async def cores(pid: int, seconds: float) -> float:
    """How many cores a process keeps busy, over so many seconds."""
    begun, before = time.monotonic(), processor_s(pid)
    await asyncio.sleep(seconds)
    return (processor_s(pid) - before) / (time.monotonic() - begun)
