"""A viewer without a screen: one WebSocket to an edge, counting what comes. For benches and tests; the
product never imports it. Plain asyncio, cheap enough that a hundred fit beside the edge that they measure.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import ssl
import struct
import time
from dataclasses import dataclass, field
from typing import Any, cast

from sightpact.live.edge import websocket

_HEAD = struct.Struct(">IBxxxQ")


@dataclass(slots=True)
class Tile:
    """What one tile got. Times are monotonic seconds of this process."""

    camera: str = ""
    channel: int = -1
    frames: int = 0
    keys: int = 0
    bytes: int = 0
    first_at: float | None = None
    last_at: float | None = None
    first_arrival_us: int | None = None  # edge's arrival stamp of the first frame, UTC microseconds
    last_arrival_us: int | None = None
    opened: dict[str, Any] | None = None
    config: dict[str, Any] | None = None
    configs: int = 0
    refused: dict[str, Any] | None = None
    end: dict[str, Any] | None = None
    end_at: float | None = None
    states: list[dict[str, Any]] = field(default_factory=list)
    leases: int = 0
    lease_ms: int | None = None
    last_lease_at: float | None = None
    fragments: list[bytes] = field(default_factory=list)  # only when the viewer keeps fragments


class Viewer(asyncio.Protocol):
    """One connection. Make it with `connect`.

    Attributes:
        tiles: by tile number.
        messages: every JSON message, as far as `keep_messages`.
        closed: (code, text) once the edge closed the socket; (1006, "") when the connection just went.
        last_byte_at: monotonic seconds of the last byte of any kind.
    """

    def __init__(self, *, keep_messages: bool = True, keep_fragments: bool = False) -> None:
        self.tiles: dict[int, Tile] = {}
        self.messages: list[dict[str, Any]] = []
        self.ready: dict[str, Any] | None = None
        self.closed: tuple[int, str] | None = None
        self.closed_at: float | None = None
        self.last_byte_at = 0.0
        self.bytes = 0
        self._keep_messages, self._keep_fragments = keep_messages, keep_fragments
        self._channels: dict[int, list[Tile]] = {}
        self._rest = b""
        self._head = b""
        self._upgraded = False
        self.status = ""  # of the handshake
        self._news = asyncio.Event()
        self._transport: asyncio.Transport

    # what it does -------------------------------------------------------------------------------------------
    def send(self, message: dict[str, Any]) -> None:
        self.send_frame(websocket.TEXT, json.dumps(message).encode())

    def send_frame(self, opcode: int, payload: bytes) -> None:
        """One masked frame."""
        size = len(payload)
        if size < 126:
            head = bytes((0x80 | opcode, 0x80 | size))
        elif size < 65536:
            head = struct.pack(">BBH", 0x80 | opcode, 0xFE, size)
        else:
            head = struct.pack(">BBQ", 0x80 | opcode, 0xFF, size)
        self.send_raw(head + b"\0\0\0\0" + payload)  # a mask of zeros is a mask

    def send_raw(self, data: bytes) -> None:
        self._transport.write(data)

    def open(self, cameras: dict[int, str]) -> None:
        """Ask for cameras: tile to camera id."""
        for tile, camera in cameras.items():
            self.tiles[tile] = Tile(camera=camera)
        self.send(
            {"t": "open", "tiles": [{"tile": tile, "camera": camera} for tile, camera in cameras.items()]}
        )

    def pause(self) -> None:
        """Read no more, as a stuck network would."""
        self._transport.pause_reading()

    def resume(self) -> None:
        self._transport.resume_reading()

    def close(self) -> None:
        self._transport.abort()

    async def until(self, fact: Any, timeout_s: float = 15.0) -> None:
        """Wait until `fact()` is true; it is looked at whenever something arrives.

        Raises:
            TimeoutError: it did not become true; the message tells what had come by then.
        """
        deadline = time.monotonic() + timeout_s
        while not fact():
            self._news.clear()
            left = deadline - time.monotonic()
            try:
                await asyncio.wait_for(self._news.wait(), max(0.0, left))
            except TimeoutError:
                raise TimeoutError(
                    f"tiles {self.tiles}, closed {self.closed}, last {self.messages[-5:]}"
                ) from None

    # asyncio ------------------------------------------------------------------------------------------------
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is one but does not inherit

    def connection_lost(self, exc: Exception | None) -> None:
        if self.closed is None:
            self.closed, self.closed_at = (1006, ""), time.monotonic()
        self._news.set()

    def data_received(self, data: bytes) -> None:
        now = self.last_byte_at = time.monotonic()
        self.bytes += len(data)
        if not self._upgraded:
            self._head += data
            ends = self._head.find(b"\r\n\r\n")
            if ends < 0:
                return
            self.status = self._head.split(b"\r\n", 1)[0].decode()
            self._upgraded = " 101 " in self.status
            data, self._head = self._head[ends + 4 :], b""
            if not self._upgraded:
                self._news.set()
                return
        if self._rest:
            data = self._rest + data
        at, end = 0, len(data)
        while end - at >= 2:
            opcode, size, body = data[at] & 0x0F, data[at + 1], at + 2
            if size == 126:
                if end - body < 2:
                    break
                size = data[body] << 8 | data[body + 1]
                body += 2
            elif size == 127:
                if end - body < 8:
                    break
                size = int.from_bytes(data[body : body + 8], "big")
                body += 8
            if end - body < size:
                break
            if opcode == websocket.BINARY:
                self._fragment(data, body, size, now)
            else:
                self._other(opcode, data[body : body + size], now)
            at = body + size
        self._rest = data[at:]
        self._news.set()

    def _fragment(self, data: bytes, at: int, size: int, now: float) -> None:
        channel, flags, arrival = _HEAD.unpack_from(data, at)
        for tile in self._channels.get(channel, ()):
            tile.frames += 1
            tile.keys += flags & 1
            tile.bytes += size
            tile.last_at, tile.last_arrival_us = now, arrival
            if tile.first_at is None:
                tile.first_at, tile.first_arrival_us = now, arrival
            if self._keep_fragments:
                tile.fragments.append(data[at + _HEAD.size : at + size])

    def _other(self, opcode: int, payload: bytes, now: float) -> None:
        if opcode == websocket.CLOSE:
            code = struct.unpack(">H", payload[:2])[0] if len(payload) >= 2 else 1005
            self.closed, self.closed_at = (code, payload[2:].decode()), now
            self.send_frame(websocket.CLOSE, payload[:2])
        elif opcode == websocket.TEXT:
            self._message(json.loads(payload), now)

    def _message(self, message: dict[str, Any], now: float) -> None:
        if self._keep_messages:
            self.messages.append(message)
        kind = message["t"]
        if kind == "lease":
            for number, lease_ms in message["tiles"]:
                tile = self.tiles.setdefault(number, Tile())
                tile.leases += 1
                tile.lease_ms, tile.last_lease_at = lease_ms, now
        elif kind == "ready":
            self.ready = message
        else:
            tile = self.tiles.setdefault(message["tile"], Tile())
            if kind == "opened":
                tile.opened, tile.channel = message, message["channel"]
                self._channels.setdefault(tile.channel, []).append(tile)
            elif kind == "config":
                tile.config = message
                tile.configs += 1
            elif kind == "refused":
                tile.refused = message
            elif kind == "state":
                tile.states.append(message)
            elif kind == "end":
                tile.end, tile.end_at = message, now
                if tile in self._channels.get(tile.channel, []):
                    self._channels[tile.channel].remove(tile)


async def connect(
    host: str,
    port: int,
    *,
    ticket: str | None,
    origin: str | None,
    tls: ssl.SSLContext | None = None,
    path: str = "/live",
    keep_messages: bool = True,
    keep_fragments: bool = False,
) -> Viewer:
    """Connect, shake hands, and say hello when there is a ticket.

    Args:
        ticket: from records; None sends no hello.
        origin: the Origin header; None sends none.
        keep_messages, keep_fragments: off for benches.
    """
    loop = asyncio.get_running_loop()
    _, viewer = await loop.create_connection(
        lambda: Viewer(keep_messages=keep_messages, keep_fragments=keep_fragments), host, port, ssl=tls
    )
    key = base64.b64encode(os.urandom(16)).decode()
    lines = [f"GET {path} HTTP/1.1", f"Host: {host}:{port}", "Upgrade: websocket", "Connection: Upgrade"]
    lines += [
        f"Sec-WebSocket-Key: {key}",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Protocol: sightpact.v1",
    ]
    if origin is not None:
        lines.append(f"Origin: {origin}")
    viewer.send_raw(("\r\n".join(lines) + "\r\n\r\n").encode())
    await viewer.until(lambda: bool(viewer.status) or viewer.closed)
    if ticket is not None and viewer.closed is None:
        viewer.send({"t": "hello", "ticket": ticket})
    return viewer
