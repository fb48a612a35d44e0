"""A viewer that reads slowly or not at all: bounded memory, nobody else notices, and a cut reaches it all the same."""

from __future__ import annotations

import asyncio
import ssl
import time
from pathlib import Path

import pytest

from sightpact.wire import messages as wire
from tests.edge.fake_gate import EdgeProcess, FakeGate
from tests.media.certificates import certificate
from tests.media.clip import clip
from tests.media.rtsp_server import Camera, Quirks

LOOPBACK = ("127.0.0.0/8",)


def stage(scene: object, tmp_path: Path, *, tls: bool, **gate_options: int) -> None:
    """A large, fast camera, so that buffers fill quickly."""

    async def go() -> None:
        film = clip(width=640, height=360)
        pair, _ = certificate(tmp_path)
        arguments = ("--tls-cert", str(pair[0]), "--tls-key", str(pair[1])) if tls else ()
        context = None
        if tls:
            context = ssl.create_default_context(cafile=pair[0])
        async with Camera(film, Quirks(speed=4)) as camera, FakeGate(**gate_options) as gate:
            gate.sources = [wire.Source("cam-1", camera.url, standby=True, allowed=LOOPBACK)]
            async with EdgeProcess(gate.path, *arguments) as edge:
                edge.tls = context
                await gate.until(lambda: gate.said(wire.Hello))
                async with asyncio.timeout(60):
                    await scene(gate, edge, context)  # type: ignore[operator]

    asyncio.run(go())


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
def test_slow_viewers_skip_and_hold_nobody_up(tmp_path: Path, tls: bool) -> None:
    async def scene(gate: FakeGate, edge: EdgeProcess, context: ssl.SSLContext | None) -> None:
        quick = await edge.viewer(gate, "pia", tls=context)
        slow = await edge.viewer(gate, "omar", tls=context)
        for viewer in (quick, slow):
            viewer.open({1: "cam-1"})
            await viewer.until(lambda: viewer.tiles[1].frames)  # noqa: B023
        slow.pause()
        before, memory = quick.tiles[1].frames, edge.memory_mb()
        await quick.until(lambda: quick.tiles[1].frames > before + 200)
        assert await edge.metric("live_skipped") > 5
        assert edge.memory_mb() < memory + 20
        missed = slow.tiles[1].frames
        slow.resume()
        await slow.until(lambda: slow.tiles[1].frames > missed + 30)
        await slow.until(lambda: slow.tiles[1].keys > 2)
        assert slow.closed is None
        assert await edge.metric("live_aborted") == 0
        for viewer in (quick, slow):
            viewer.close()

    stage(scene, tmp_path, tls=tls, lease_ms=15_000)


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
def test_a_cut_aborts_a_socket_in_which_the_picture_is_stuck(tmp_path: Path, tls: bool) -> None:
    async def scene(gate: FakeGate, edge: EdgeProcess, context: ssl.SSLContext | None) -> None:
        stuck = await edge.viewer(gate, "omar", tls=context)
        quick = await edge.viewer(gate, "pia", tls=context)
        for viewer in (stuck, quick):
            viewer.open({1: "cam-1"})
            await viewer.until(lambda: viewer.tiles[1].frames)  # noqa: B023
        stuck.pause()
        before = quick.tiles[1].frames
        await quick.until(lambda: quick.tiles[1].frames > before + 200)
        numbers = gate.of_viewer("omar")
        at = gate.cut(numbers)
        await gate.until(lambda: numbers[0] in gate.ended)
        assert time.monotonic() - at < 5  # told at once; the figure is measured by the bench
        while await edge.metric("live_aborted") == 0:
            await asyncio.sleep(0.01)
        stuck.resume()
        await stuck.until(lambda: stuck.closed)
        assert stuck.closed is not None and stuck.closed[0] == 1006
        assert quick.closed is None
        quick.close()

    stage(scene, tmp_path, tls=tls, lease_ms=15_000)


def test_a_cut_leaves_a_socket_that_reads_alone(tmp_path: Path) -> None:
    async def scene(gate: FakeGate, edge: EdgeProcess, context: ssl.SSLContext | None) -> None:
        viewer = await edge.viewer(gate)
        viewer.open({1: "cam-1", 2: "cam-1"})
        await viewer.until(lambda: viewer.tiles[1].frames > 20 and viewer.tiles[2].frames > 20)
        number = gate.of_viewer("omar")[0]
        gate.cut([number])
        await viewer.until(lambda: viewer.tiles[1].end or viewer.tiles[2].end)
        going = viewer.tiles[1] if viewer.tiles[2].end else viewer.tiles[2]
        before = going.frames
        await viewer.until(lambda: going.frames > before + 60)
        assert viewer.closed is None
        assert await edge.metric("live_aborted") == 0
        viewer.close()

    stage(scene, tmp_path, tls=False)
