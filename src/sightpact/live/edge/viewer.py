"""One viewer's socket: handshake, messages, limits, and its end. What a viewer may see is not decided here.

A socket is closed with a code for everything that it should not have sent; whatever it does holds up nobody
else.
"""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
import time
from typing import TYPE_CHECKING, cast

from sightpact.live.edge import http, sockets, utc, viewer_messages, websocket
from sightpact.live.edge.outbox import Outbox
from sightpact.live.edge.secured import Secured
from sightpact.live.edge.stream import Stream
from sightpact.live.edge.viewer_messages import Close, Focus, Hello, Open
from sightpact.live.edge.websocket import ProtocolError
from sightpact.wire.messages import Reason

if TYPE_CHECKING:
    from sightpact.live.edge.edge import Edge

HELLO_S = 5.0  # from the connection to the ticket
CLOSING_S = 1.0  # from our close frame to the end of the connection
BEFORE_HELLO_BYTES, AFTER_HELLO_BYTES = 4 * 1024, 16 * 1024
MESSAGES_PER_S, MESSAGES_AT_ONCE = 20.0, 60.0
GRACE_S = 0.05  # after a cut: what has not even left by then is dropped with the socket
RECEIVED_S = 0.09  # after a cut: what is not acknowledged by then (and two round trips) is dropped too
LEASE_BACKLOG = 32 * 1024  # bytes of waiting messages above which lease messages are left out


class Viewer(asyncio.Protocol):
    """One connection. `id` is empty until the gate accepted the ticket."""

    def __init__(self, edge: Edge) -> None:
        self._edge = edge
        self.id = self.origin = ""
        self.tiles: dict[int, Stream | int] = {}  # a number: asked for under this request
        self.focus = 0
        self.paused_since: float | None = None
        self.outbox: Outbox
        self.address = ""
        self._raw: asyncio.Transport  # the TCP connection
        self._tls: Secured | None = None
        self._transport: asyncio.Transport | Secured  # the same, or TLS upon it
        self._head: bytes | None = b""
        self._parser = websocket.Parser(BEFORE_HELLO_BYTES)
        self._hello_seen = False
        self._closing = self._gone = False
        self._timer: asyncio.TimerHandle | None = None
        self._tokens, self._tokens_at = MESSAGES_AT_ONCE, time.monotonic()

    # connection ---------------------------------------------------------------------------------------------
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._raw = cast(asyncio.Transport, transport)  # uvloop's is one but does not inherit
        self._tls = Secured(self._raw, self._edge.tls) if self._edge.tls is not None else None
        self._transport = self._tls or self._raw
        peer = transport.get_extra_info("peername")
        self.address = str(peer[0]) if peer else ""
        self._raw.set_write_buffer_limits(high=0)
        self.outbox = Outbox(self._transport, self._edge.queue_bytes)
        if not self._edge.arrived(self):
            self._abort()
            return
        self._timer = asyncio.get_running_loop().call_later(HELLO_S, self._no_hello)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._gone = True
        self.outbox.clear()
        self._edge.left(self, "socket_closed")

    def pause_writing(self) -> None:
        self.outbox.paused = True
        self.paused_since = time.monotonic()

    def resume_writing(self) -> None:
        self.outbox.paused = False
        self.paused_since = None
        self.flush(time.monotonic())

    def data_received(self, data: bytes) -> None:
        try:
            if self._tls is not None:
                data = self._tls.feed(data)
            if not data:
                return
            if self._head is not None:
                self._read_head(data)
            elif not self._closing:
                self._read_frames(data)
            elif b"\x88" in data:  # the answer to our close frame; a look-alike does no harm
                self._transport.close()
        except ProtocolError as fault:
            self.close(fault.code, fault.what, misuse=True)
        except ssl.SSLError:
            self._abort()

    # handshake ----------------------------------------------------------------------------------------------
    def _read_head(self, data: bytes) -> None:
        assert self._head is not None
        self._head += data
        ends = self._head.find(b"\r\n\r\n")
        if ends < 0 and len(self._head) <= http.MAX_HEAD_BYTES:
            return
        head, rest, self._head = self._head[:ends], self._head[ends + 4 :], None
        try:
            if ends < 0:
                raise http.BadRequest("431 Request Header Fields Too Large")
            request = http.parse(head)
            if request.path != "/live":
                self._answer(self._local(request))
                return
            if request.method != "GET":
                raise http.BadRequest("405 Method Not Allowed")
            accepted = http.upgrade(request)
        except http.BadRequest as fault:
            self._answer(http.reply(fault.status))
            return
        self._write(accepted)
        self.origin = request.headers.get("origin", "")
        if self._edge.behind_proxy and self._is_loopback():
            self.address = request.headers.get("x-forwarded-for", self.address).split(",")[-1].strip()[:64]
        if not self._edge.ready:
            self.close(websocket.RESTARTED, "The gateway is starting. Ask for a new ticket.")
        elif self.origin not in self._edge.origins:
            self.close(websocket.BAD_ORIGIN, "This page is not one that may show pictures.", misuse=True)
        elif rest:
            self._read_frames(rest)

    def _local(self, request: http.Request) -> bytes:
        """Health and metrics: for this machine only, and not through a proxy on it."""
        if request.method != "GET" or not self._is_loopback() or "x-forwarded-for" in request.headers:
            return http.reply("404 Not Found")
        if request.path == "/healthz":
            return (
                http.reply("200 OK", "ok\n") if self._edge.ready else http.reply("503 No Gate", "no gate\n")
            )
        if request.path == "/metrics":
            return http.reply("200 OK", self._edge.metrics_text(), "text/plain; version=0.0.4; charset=utf-8")
        return http.reply("404 Not Found")

    def _is_loopback(self) -> bool:
        try:
            return ipaddress.ip_address(self._raw.get_extra_info("peername")[0].split("%")[0]).is_loopback
        except (ValueError, TypeError):
            return False

    def _answer(self, response: bytes) -> None:
        self._closing = True
        self._write(response)
        self._transport.close()

    def _write(self, data: bytes) -> None:
        self.outbox.written += len(data)
        self._transport.write(data)

    def _no_hello(self) -> None:
        if self._head is not None:
            self._abort()
        elif not self._hello_seen:
            self.close(websocket.NO_HELLO, "No ticket came.", misuse=True)

    # messages -----------------------------------------------------------------------------------------------
    def _read_frames(self, data: bytes) -> None:
        for opcode, payload in self._parser.feed(data):
            self._spend_token()
            if opcode == websocket.TEXT:
                self._said(viewer_messages.read(payload))
            elif opcode == websocket.PING:
                self.say(websocket.frame(websocket.PONG, payload))
            elif opcode == websocket.CLOSE:
                self._write(websocket.frame(websocket.CLOSE, payload[:2]))
                self._closing = True
                self._transport.close()
            elif opcode == websocket.BINARY:
                raise ProtocolError(websocket.BAD_MESSAGE, "binary message")
            if self._closing:
                return

    def _spend_token(self) -> None:
        now = time.monotonic()
        self._tokens = min(MESSAGES_AT_ONCE, self._tokens + (now - self._tokens_at) * MESSAGES_PER_S) - 1
        self._tokens_at = now
        if self._tokens < 0:
            raise ProtocolError(websocket.TOO_MANY, "too many messages")

    def _said(self, said: viewer_messages.Said) -> None:
        if isinstance(said, Hello):
            if self._hello_seen:
                raise ProtocolError(websocket.BAD_MESSAGE, "second hello")
            self._hello_seen = True
            self._edge.redeem(self, said.ticket)
        elif not self.id:
            raise ProtocolError(websocket.BAD_MESSAGE, "no accepted ticket yet")
        elif isinstance(said, Open):
            self._open(said)
        elif isinstance(said, Close):
            self._edge.close_tiles(self, said.tiles)
        elif isinstance(said, Focus):
            self.focus = said.tile

    def _open(self, said: Open) -> None:
        wanted = {item.tile: item.camera for item in said.tiles}
        if len(wanted) != len(said.tiles):
            raise ProtocolError(websocket.BAD_MESSAGE, "a tile is asked for twice")
        if len(self.tiles.keys() | wanted.keys()) > viewer_messages.MAX_TILES:
            raise ProtocolError(websocket.BAD_MESSAGE, f"more than {viewer_messages.MAX_TILES} tiles")
        if wanted:
            self._edge.close_tiles(self, list(wanted))
            self._edge.admit(self, wanted)

    def accepted(self, viewer: str, watermark: str) -> None:
        """The gate accepted the ticket."""
        self.id = viewer
        self._parser.limit = AFTER_HELLO_BYTES
        if self._timer is not None:
            self._timer.cancel()
        self.say(viewer_messages.say("ready", viewer=viewer, watermark=watermark, now=utc.now_ms()))

    # sending ------------------------------------------------------------------------------------------------
    def say(self, framed: bytes) -> None:
        """Queue a small message; it leaves with the next flush."""
        if self._closing or self._gone:
            return
        if not self.outbox.message(framed):
            self.drop("slow_aborted")
            return
        self._edge.touched(self, soon=True)

    def refused(self, tile: int, camera: str, reason: Reason) -> None:
        """A tile gets no picture; it is told why."""
        self.tiles.pop(tile, None)
        words = {"code": reason.code, "text": reason.text, "clause": reason.clause}
        self.say(viewer_messages.say("refused", tile=tile, camera=camera, **words))

    def streams(self) -> list[Stream]:
        """The running ones."""
        return [item for item in self.tiles.values() if isinstance(item, Stream)]

    def say_leases(self, tiles: list[tuple[int, int]]) -> None:
        """In-band renewal for the player's own clock; left out for a viewer that does not read anyway."""
        if self.outbox.backlog() < LEASE_BACKLOG:
            self.say(viewer_messages.say("lease", tiles=tiles))

    def touch(self, tile: int) -> None:
        """A fragment was queued for this tile."""
        self._edge.touched(self, soon=tile == self.focus)

    def flush(self, now: float) -> None:
        """Send what waits, as far as the socket takes it."""
        if not self._closing and not self._gone and not self._transport.is_closing():
            self.outbox.flush(now)

    # ending -------------------------------------------------------------------------------------------------
    def drain(self, mark: int) -> None:
        """Make sure that bytes up to `mark` leave or die: a cut must not wait for a slow network."""
        if mark <= self.outbox.written - self._unsent(sockets.not_acknowledged):
            return  # all received
        loop = asyncio.get_running_loop()
        loop.call_later(GRACE_S, self._check_sent, mark)
        loop.call_later(max(RECEIVED_S, 2 * sockets.round_trip_s(self._raw)), self._check_received, mark)

    def _unsent(self, kernel: sockets.Asked) -> int:
        """Bytes handed over that are still here. Under TLS they are a little longer, which errs on the safe
        side."""
        return self._raw.get_write_buffer_size() + kernel(self._raw)

    def _check_sent(self, mark: int) -> None:
        if not self._gone and mark > self.outbox.written - self._unsent(sockets.not_sent):
            self.drop("slow_aborted")

    def _check_received(self, mark: int) -> None:
        if not self._gone and mark > self.outbox.written - self._unsent(sockets.not_acknowledged):
            self.drop("slow_aborted")

    def close(self, code: int, text: str, *, misuse: bool = False) -> None:
        """Say why and end the connection, politely for at most a second."""
        if self._closing or self._gone:
            return
        if misuse:
            self._edge.misused(self, code, text)
        self.say(websocket.close_frame(code, text))
        self.flush(time.monotonic())
        self._closing = True
        self._edge.left(self, "socket_closed")
        asyncio.get_running_loop().call_later(CLOSING_S, self._abort)

    def drop(self, code: str) -> None:
        """Drop the connection with everything that is stuck in it."""
        if not self._gone:
            self._closing = True
            self.outbox.clear()
            self._edge.dropped(self, code)
            self._abort()

    def _abort(self) -> None:
        if not self._gone:  # afterwards the descriptor may belong to somebody else
            self._gone = True
            sockets.abort(self._raw)
