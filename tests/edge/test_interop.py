"""The edge's WebSocket against a client that we did not write; and what an idle crowd can do."""

from __future__ import annotations

import asyncio
import json

import websockets

from tests.edge.fake_gate import ORIGIN, EdgeProcess, FakeGate
from tests.edge.test_story import run
from tests.media.rtsp_server import Camera


def test_a_client_of_another_make() -> None:
    async def scene(gate: FakeGate, edge: EdgeProcess, cameras: list[Camera]) -> None:
        gate.tickets["t"] = "omar"
        address = f"ws://127.0.0.1:{edge.port}/live"
        async with websockets.connect(address, origin=ORIGIN, subprotocols=["sightpact.v1"]) as socket:  # type: ignore[arg-type,list-item]
            assert socket.subprotocol == "sightpact.v1"
            await socket.send(json.dumps({"t": "hello", "ticket": "t"}))
            assert json.loads(await socket.recv())["t"] == "ready"
            await socket.send(json.dumps({"t": "open", "tiles": [{"tile": 3, "camera": "cam-1"}]}))
            frames = []
            while len(frames) < 5:
                message = await socket.recv()
                if isinstance(message, bytes):
                    frames.append(message)
            assert frames[0][4] == 1 and frames[0][20:24] == b"moof"
            pong = await socket.ping()
            await pong
            await socket.send("{}")
            await socket.wait_closed()
            assert socket.close_code == 4400

    run(scene)


def test_an_idle_crowd_does_not_keep_a_viewer_out() -> None:
    async def scene(gate: FakeGate, edge: EdgeProcess, cameras: list[Camera]) -> None:
        crowd = [await asyncio.open_connection("127.0.0.1", edge.port) for _ in range(300)]
        viewer = await edge.viewer(gate)
        viewer.open({1: "cam-1"})
        await viewer.until(lambda: viewer.tiles[1].frames)
        viewer.close()
        for _, writer in crowd:
            writer.transport.abort()

    run(scene)
