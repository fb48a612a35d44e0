"""What a socket should not send: closed with a code, told to the gate, without effect on anybody else."""

from __future__ import annotations

import asyncio
import os
from typing import Any

import pytest

from sightpact.bench import viewer as bench_viewer
from sightpact.live.edge import websocket
from sightpact.wire import messages as wire
from tests.edge.fake_gate import ORIGIN, EdgeProcess, FakeGate
from tests.edge.test_story import run
from tests.media.rtsp_server import Camera


async def stranger(edge: EdgeProcess, **options: Any) -> bench_viewer.Viewer:
    options = {"ticket": None, "origin": ORIGIN, **options}
    return await bench_viewer.connect("127.0.0.1", edge.port, **options)


async def closed_with(viewer: bench_viewer.Viewer, code: int) -> None:
    await viewer.until(lambda: viewer.closed)
    assert viewer.closed is not None and viewer.closed[0] == code, viewer.closed


@pytest.mark.parametrize(
    "origin", [None, "http://evil.example", "null", ORIGIN + ".evil.example", ORIGIN.upper()]
)
def test_wrong_or_missing_origin(origin: str | None) -> None:
    async def scene(gate: FakeGate, edge: EdgeProcess, cameras: list[Camera]) -> None:
        gate.tickets["good"] = "omar"
        viewer = await stranger(edge, origin=origin, ticket="good")
        await closed_with(viewer, 4403)
        await gate.until(lambda: gate.said(wire.Misuse))
        assert gate.said(wire.Misuse)[0].code == 4403
        assert "good" in gate.tickets  # never presented
        assert gate.said(wire.Redeem) == []

    run(scene)


def test_tickets_unknown_used_twice_and_none() -> None:
    async def scene(gate: FakeGate, edge: EdgeProcess, cameras: list[Camera]) -> None:
        silent = await stranger(edge)
        await closed_with(await stranger(edge, ticket="made-up"), 4401)
        first = await edge.viewer(gate)
        second = await stranger(edge, ticket="ticket-omar")
        await closed_with(second, 4401)
        assert first.closed is None
        await closed_with(silent, 4408)
        assert [message.code for message in gate.said(wire.Misuse)] == [4408]
        first.close()

    run(scene)


HELLO = b'{"t":"hello","ticket":"x"}'


@pytest.mark.parametrize(
    ("before_hello", "opcode", "payload", "code"),
    [
        (True, 1, b"x" * 5000, 4413),
        (True, 1, b'{"t":"open","tiles":[{"tile":1,"camera":"cam-1"}]}', 4400),
        (True, 2, b"binary", 4400),
        (True, 1, b"\xff\xfe", 4400),
        (False, 1, b"x" * 20_000, 4413),
        (False, 1, HELLO, 4400),
        (False, 1, b'{"t":"eval","code":"1"}', 4400),
        (False, 1, b'{"t":"open","tiles":[{"tile":1,"camera":"a"},{"tile":1,"camera":"b"}]}', 4400),
        (False, 1, b'{"t":"focus","tile":"1"}', 4400),
        (False, 0, b"continuation", 4400),
    ],
)
def test_messages_that_close_the_socket(before_hello: bool, opcode: int, payload: bytes, code: int) -> None:
    async def scene(gate: FakeGate, edge: EdgeProcess, cameras: list[Camera]) -> None:
        other = await edge.viewer(gate, "pia")
        other.open({1: "cam-1"})
        viewer = await stranger(edge) if before_hello else await edge.viewer(gate)
        viewer.send_frame(opcode, payload)
        await closed_with(viewer, code)
        await gate.until(lambda: gate.said(wire.Misuse))
        misuse = gate.said(wire.Misuse)[0]
        assert (misuse.code, misuse.viewer) == (code, "" if before_hello else "omar")
        assert misuse.address == "127.0.0.1"
        await other.until(lambda: other.tiles[1].frames > 3)
        assert other.closed is None
        other.close()

    run(scene)


def test_more_than_64_tiles() -> None:
    async def scene(gate: FakeGate, edge: EdgeProcess, cameras: list[Camera]) -> None:
        viewer = await edge.viewer(gate)
        viewer.open(dict.fromkeys(range(1, 61), "cam-1"))
        await viewer.until(lambda: viewer.tiles[60].opened)
        viewer.open(dict.fromkeys(range(61, 66), "cam-1"))
        await closed_with(viewer, 4400)
        await gate.until(lambda: len(gate.ended) == 60)

    run(scene)


def test_a_flood_of_messages() -> None:
    async def scene(gate: FakeGate, edge: EdgeProcess, cameras: list[Camera]) -> None:
        viewer = await edge.viewer(gate)
        for _ in range(500):
            viewer.send({"t": "focus", "tile": 1})
        await closed_with(viewer, 4429)

    run(scene)


def test_an_accepted_socket_may_ping() -> None:
    async def scene(gate: FakeGate, edge: EdgeProcess, cameras: list[Camera]) -> None:
        viewer = await edge.viewer(gate)
        viewer.send_frame(websocket.PING, b"are you there")
        viewer.open({1: "cam-1"})
        await viewer.until(lambda: viewer.tiles[1].frames)
        viewer.send_frame(websocket.CLOSE, b"\x03\xe8")
        await viewer.until(lambda: viewer.closed)
        await gate.until(lambda: gate.ended)
        assert next(iter(gate.ended.values())).code == "socket_closed"

    run(scene)


def test_raw_bytes_instead_of_http() -> None:
    async def scene(gate: FakeGate, edge: EdgeProcess, cameras: list[Camera]) -> None:
        async def answer(data: bytes) -> bytes:
            reader, writer = await asyncio.open_connection("127.0.0.1", edge.port)
            writer.write(data)
            try:
                return await reader.read()
            except ConnectionResetError:
                return b""
            finally:
                writer.close()

        assert b"400" in await answer(b"\x16\x03\x01\x02\x00\r\n\r\n")
        assert b"431" in await answer(b"GET /live HTTP/1.1\r\nX: " + b"a" * 9000)
        assert b"426" in await answer(b"GET /live HTTP/1.1\r\nHost: a\r\n\r\n")
        assert b"405" in await answer(b"POST /live HTTP/1.1\r\nHost: a\r\n\r\n")
        assert b"404" in await answer(b"GET /../etc/passwd HTTP/1.1\r\nHost: a\r\n\r\n")
        for _ in range(30):
            await answer(os.urandom(300) + b"\r\n\r\n")
        assert await answer(b"GET /live") == b""  # never finished: dropped after five seconds
        assert "200 OK" in await edge.get("/healthz")

    run(scene)


def test_requests_of_a_viewer_that_left_are_given_back() -> None:
    async def scene(gate: FakeGate, edge: EdgeProcess, cameras: list[Camera]) -> None:
        gate.answering = False
        gate.tickets["ticket-omar"] = "omar"
        viewer = await stranger(edge, ticket="ticket-omar")
        await gate.until(lambda: gate.said(wire.Redeem))
        gate.send(wire.Viewer(gate.said(wire.Redeem)[0].req, "omar", "Omar"))
        await viewer.until(lambda: viewer.ready)
        viewer.open({1: "cam-1", 2: "cam-1"})
        await gate.until(lambda: gate.said(wire.Admit))
        viewer.send({"t": "close", "tiles": [1]})
        viewer.send({"t": "open", "tiles": [{"tile": 2, "camera": "cam-1"}]})
        await gate.until(lambda: len(gate.said(wire.Admit)) == 2)
        first, second = gate.said(wire.Admit)
        leases = [wire.Lease(number, "cam-1", 2000, None, "3.2") for number in (7, 8, 9)]
        gate.send(wire.Admitted(first.req, leases[:2], []))
        await gate.until(lambda: len(gate.ended) == 2)
        assert {end.code for end in gate.ended.values()} == {"closed"}
        viewer.close()
        await asyncio.sleep(0.05)
        gate.send(wire.Admitted(second.req, leases[2:], []))
        await gate.until(lambda: 9 in gate.ended)
        assert (gate.ended[9].code, gate.ended[9].frames) == ("socket_closed", 0)

    run(scene)
