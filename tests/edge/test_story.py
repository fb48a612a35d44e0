"""A real edge process, a real camera, a real socket: what a viewer sees, and when it ends."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

import pytest

from sightpact.wire import messages as wire
from tests.edge.fake_gate import EdgeProcess, FakeGate
from tests.media.clip import clip
from tests.media.rtsp_server import Camera, Quirks

LOOPBACK = ("127.0.0.0/8",)
Scene = Callable[[FakeGate, EdgeProcess, list[Camera]], Awaitable[None]]


def run(
    scene: Scene, *quirks: Quirks, standby: bool = True, arguments: tuple[str, ...] = (), **gate_options: int
) -> None:
    async def go() -> None:
        async with AsyncExitStack() as stack:
            cameras = [await stack.enter_async_context(Camera(None, item)) for item in quirks or (Quirks(),)]
            gate = await stack.enter_async_context(FakeGate(**gate_options))
            gate.sources = [
                wire.Source(f"cam-{n}", camera.url, standby=standby, allowed=LOOPBACK)
                for n, camera in enumerate(cameras, 1)
            ]
            edge = await stack.enter_async_context(EdgeProcess(gate.path, *arguments))
            await gate.until(lambda: gate.said(wire.Hello))
            async with asyncio.timeout(60):
                await scene(gate, edge, cameras)

    asyncio.run(go())


def test_from_ticket_to_picture_to_cut() -> None:
    async def scene(gate: FakeGate, edge: EdgeProcess, cameras: list[Camera]) -> None:
        viewer = await edge.viewer(gate, keep_fragments=True)
        assert viewer.ready is not None and viewer.ready["watermark"] == "omar - Lakeview PD"
        viewer.open({1: "cam-1", 2: "cam-2"})
        await viewer.until(lambda: all(viewer.tiles[n].frames > 5 for n in (1, 2)))
        tile, other = viewer.tiles[1], viewer.tiles[2]
        assert tile.opened is not None and tile.opened["clause"] == "3.2"
        assert tile.config is not None
        assert (tile.config["codec"], tile.config["width"], tile.config["height"]) == ("avc1.42c00a", 160, 96)
        kinds = [message["t"] for message in viewer.messages if message.get("tile") == 1]
        assert kinds.index("opened") < kinds.index("config")
        assert tile.keys >= 1 and tile.fragments[0][4:8] == b"moof"
        assert tile.fragments[0][108:] == b"".join(
            len(nal).to_bytes(4, "big") + nal for nal in _slices(tile.fragments[0])
        )
        await viewer.until(lambda: tile.leases > 0)

        number = next(n for n, (_, camera) in gate.streams.items() if camera == "cam-1")
        gate.cut([number])
        await viewer.until(lambda: tile.end)
        frames = tile.frames
        assert tile.end is not None and (tile.end["code"], tile.end["clause"]) == ("all_clear", "3.2")
        before = other.frames
        await viewer.until(lambda: other.frames > before + 10)
        assert (tile.frames, viewer.closed, other.end) == (frames, None, None)
        await gate.until(lambda: number in gate.ended)
        assert (gate.ended[number].code, gate.ended[number].frames) == ("cut", frames)

        viewer.send({"t": "close", "tiles": [2]})
        await gate.until(lambda: len(gate.ended) == 2)
        assert {end.code for end in gate.ended.values()} == {"cut", "closed"}
        viewer.close()
        assert await edge.metric("live_false_dark") == 0

    run(scene, Quirks(), Quirks())


def _slices(fragment: bytes) -> list[bytes]:
    at, out = 108, []
    while at < len(fragment):
        size = int.from_bytes(fragment[at : at + 4], "big")
        out.append(fragment[at + 4 : at + 4 + size])
        at += 4 + size
    assert out and all(nal[0] & 31 in (1, 5) for nal in out)
    return out


def test_refused_tiles_are_told_why_and_unknown_ones_too() -> None:
    async def scene(gate: FakeGate, edge: EdgeProcess, cameras: list[Camera]) -> None:
        gate.refuse["cam-inside"] = wire.Reason(
            "closed", "Inside cameras are closed. Section 3.2 opens them.", "3.2"
        )
        viewer = await edge.viewer(gate)
        viewer.open({1: "cam-inside", 2: "cam-gone"})
        await viewer.until(lambda: viewer.tiles[1].refused and viewer.tiles[2].refused)
        assert viewer.tiles[1].refused is not None and viewer.tiles[1].refused["code"] == "closed"
        assert viewer.tiles[2].refused is not None and viewer.tiles[2].refused["code"] == "no_source"
        await gate.until(
            lambda: gate.ended
        )  # the lease for a camera that the edge does not have is given back
        viewer.close()

    run(scene)


def test_no_frame_from_before_the_lease() -> None:
    """The first picture is a key frame whose first packet came after the lease, although the camera ran before."""

    async def scene(gate: FakeGate, edge: EdgeProcess, cameras: list[Camera]) -> None:
        await gate.until(lambda: any(h.state == "live" for m in gate.said(wire.Health) for h in m.cameras))
        for round_number in range(6):
            viewer = await edge.viewer(gate, f"v{round_number}", keep_fragments=True)
            asked_us = time.time_ns() // 1000
            viewer.open({1: "cam-1"})
            await viewer.until(lambda: viewer.tiles[1].frames >= 2)  # noqa: B023
            tile = viewer.tiles[1]
            assert tile.first_arrival_us is not None and tile.first_arrival_us > asked_us
            assert _slices(tile.fragments[0])[0][0] & 31 == 5
            assert _slices(tile.fragments[1])[0][0] & 31 == 1
            viewer.close()

    run(scene)


def test_beats_that_stay_away_end_the_picture_within_the_lease() -> None:
    async def scene(gate: FakeGate, edge: EdgeProcess, cameras: list[Camera]) -> None:
        viewer = await edge.viewer(gate)
        viewer.open({1: "cam-1"})
        tile = viewer.tiles[1]
        await viewer.until(lambda: tile.leases >= 2 and tile.frames)
        gate.beating = False
        await viewer.until(lambda: tile.end)
        assert tile.end is not None and tile.end["code"] == "lease_lapsed"
        assert tile.last_at is not None and tile.last_at < gate.last_beat_at + 1.0 + 0.2
        await gate.until(lambda: gate.ended)
        assert next(iter(gate.ended.values())).code == "lease_lapsed"
        assert await edge.metric("live_false_dark") == 1  # the gate was there: that must never happen
        assert viewer.closed is None
        viewer.close()

    run(scene, lease_ms=1000, beat_s=0.2)  # type: ignore[arg-type]


def test_a_gate_that_dies_ends_the_picture_within_the_lease_and_a_new_one_closes_the_sockets() -> None:
    async def scene(gate: FakeGate, edge: EdgeProcess, cameras: list[Camera]) -> None:
        viewer = await edge.viewer(gate)
        viewer.open({1: "cam-1"})
        tile = viewer.tiles[1]
        await viewer.until(lambda: tile.leases >= 1 and tile.frames)
        await gate.stop()
        died = time.monotonic()
        viewer.open({2: "cam-1"})
        await viewer.until(lambda: viewer.tiles[2].refused)
        assert viewer.tiles[2].refused is not None and viewer.tiles[2].refused["code"] == "gate_away"
        await viewer.until(lambda: tile.end)
        assert tile.last_at is not None and tile.last_at < died + 1.2
        assert await edge.metric("live_false_dark") == 0
        assert "503" in await edge.get("/healthz")
        gate.session = "session-2"
        await gate.listen()
        await viewer.until(lambda: viewer.closed)
        assert viewer.closed is not None and viewer.closed[0] == 4409
        again = await edge.viewer(gate)
        again.open({1: "cam-1"})
        await again.until(lambda: again.tiles[1].frames)
        again.close()

    run(scene, lease_ms=1000, beat_s=0.2)  # type: ignore[arg-type]


def test_a_new_gate_session_ends_running_streams() -> None:
    async def scene(gate: FakeGate, edge: EdgeProcess, cameras: list[Camera]) -> None:
        viewer = await edge.viewer(gate)
        viewer.open({1: "cam-1"})
        tile = viewer.tiles[1]
        await viewer.until(lambda: tile.frames)
        await gate.restart("session-2")
        await viewer.until(lambda: viewer.closed)
        assert viewer.closed is not None and viewer.closed[0] == 4409
        assert tile.end is not None and tile.end["code"] == "gate_restarted"

    run(scene, lease_ms=15_000)


def test_until_is_never_passed_and_the_gates_words_may_follow() -> None:
    async def scene(gate: FakeGate, edge: EdgeProcess, cameras: list[Camera]) -> None:
        viewer = await edge.viewer(gate)
        gate.until_utc_ms = int(time.time() * 1000) + 1500
        end = time.monotonic() + 1.5
        viewer.open({1: "cam-1", 2: "cam-2"})
        await viewer.until(lambda: viewer.tiles[1].frames and viewer.tiles[2].frames)
        await viewer.until(lambda: viewer.tiles[1].end and viewer.tiles[2].end)
        for number in (1, 2):
            last = viewer.tiles[number].last_at
            assert last is not None and last < end + 0.1
        assert await edge.metric("live_false_dark") == 0
        viewer.close()

    run(scene, Quirks(), Quirks())


def test_close_viewer() -> None:
    async def scene(gate: FakeGate, edge: EdgeProcess, cameras: list[Camera]) -> None:
        viewer = await edge.viewer(gate)
        viewer.open({1: "cam-1"})
        await viewer.until(lambda: viewer.tiles[1].frames)
        gate.send(wire.CloseViewer("omar", wire.Reason("removed", "Sam Whitfield ended your session.")))
        await viewer.until(lambda: viewer.closed)
        assert viewer.closed == (4402, "Sam Whitfield ended your session.")
        assert viewer.tiles[1].end is not None and viewer.tiles[1].end["code"] == "removed"
        await gate.until(lambda: gate.ended)
        assert next(iter(gate.ended.values())).code == "cut"

    run(scene)


def test_cameras_on_demand_connect_when_somebody_looks() -> None:
    async def scene(gate: FakeGate, edge: EdgeProcess, cameras: list[Camera]) -> None:
        assert cameras[0].requests == []
        viewer = await edge.viewer(gate)
        viewer.open({1: "cam-1"})
        await viewer.until(lambda: viewer.tiles[1].frames)
        assert cameras[0].asked("PLAY") == 1
        viewer.close()

    run(scene, standby=False)


def test_a_removed_camera_is_let_go() -> None:
    async def scene(gate: FakeGate, edge: EdgeProcess, cameras: list[Camera]) -> None:
        viewer = await edge.viewer(gate)
        viewer.open({1: "cam-1"})
        await viewer.until(lambda: viewer.tiles[1].frames)
        gate.send(wire.Sources([]))
        await viewer.until(lambda: viewer.tiles[1].end)
        await gate.until(lambda: gate.ended)
        assert await edge.metric("live_cameras") == 0
        viewer.close()

    run(scene)


def test_a_camera_that_stalls_vanishes_and_returns_is_shown_as_such() -> None:
    async def scene(gate: FakeGate, edge: EdgeProcess, cameras: list[Camera]) -> None:
        viewer = await edge.viewer(gate)
        viewer.open({1: "cam-1"})
        tile = viewer.tiles[1]
        await viewer.until(lambda: tile.frames)
        await viewer.until(lambda: tile.states[-1]["state"] == "stalled")
        await gate.until(lambda: any(h.state == "stalled" for m in gate.said(wire.Health) for h in m.cameras))
        await cameras[0].stop()
        await viewer.until(lambda: tile.states[-1]["state"] == "lost")
        lost = tile.states[-1]
        assert lost["next_try"] > lost["since"] - 1000
        assert str(cameras[0].port) not in lost["text"]
        cameras[0].quirks = Quirks()
        await cameras[0].__aenter__()
        frames = tile.frames
        await viewer.until(lambda: tile.states[-1]["state"] == "live" and tile.frames > frames)
        states = [h.state for m in gate.said(wire.Health) for h in m.cameras]
        assert [s for s in ("live", "stalled", "lost") if s in states] == ["live", "stalled", "lost"]
        assert any(str(cameras[0].port) in h.text for m in gate.said(wire.Health) for h in m.cameras)
        assert tile.configs == 1  # the same parameters are not told twice
        viewer.close()

    run(scene, Quirks(silent_after=30))


def test_parameters_that_change_are_told_before_the_next_key_frame() -> None:
    import dataclasses

    small, large = clip(), clip(width=320, height=192)
    film = dataclasses.replace(small, frames=[*small.frames, *large.frames])

    async def scene(gate: FakeGate, edge: EdgeProcess, cameras: list[Camera]) -> None:
        cameras[0].clip = film
        viewer = await edge.viewer(gate)
        viewer.open({1: "cam-1"})
        await viewer.until(lambda: viewer.tiles[1].configs >= 3)
        widths = [m["width"] for m in viewer.messages if m["t"] == "config"]
        assert set(widths[:2]) == {160, 320} and widths[0] == widths[2]
        viewer.close()

    run(scene, standby=False)


def test_progress_and_a_clean_end_on_sigterm() -> None:
    async def scene(gate: FakeGate, edge: EdgeProcess, cameras: list[Camera]) -> None:
        viewer = await edge.viewer(gate)
        viewer.open({1: "cam-1"})
        await gate.until(lambda: gate.said(wire.Progress))
        number, frames, size = gate.said(wire.Progress)[-1].streams[0]
        assert number in gate.streams and frames > 0 and size > frames * 100
        edge.process.terminate()
        await viewer.until(lambda: viewer.closed)
        assert viewer.closed is not None and viewer.closed[0] == 4409
        assert viewer.tiles[1].end is not None and viewer.tiles[1].end["code"] == "edge_stopped"
        await gate.until(lambda: gate.ended)
        assert await edge.process.wait() == 0

    run(scene)


@pytest.mark.parametrize("path", ["/healthz", "/metrics"])
def test_health_and_metrics_are_for_this_machine(path: str) -> None:
    async def scene(gate: FakeGate, edge: EdgeProcess, cameras: list[Camera]) -> None:
        assert "200 OK" in await edge.get(path)
        assert "404" in await edge.get(path, "X-Forwarded-For: 203.0.113.9\r\n")
        assert "404" in await edge.get("/")

    run(scene)
