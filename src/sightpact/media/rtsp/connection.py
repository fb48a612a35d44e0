"""One RTSP connection: requests and replies, with RTP between them (RFC 2326 section 10.12).

Splits the byte stream; knows no camera, no codec, no retry. Every buffer has a limit.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from sightpact.media.errors import Lost

MAX_HEAD_BYTES = 16 * 1024
MAX_BODY_BYTES = 64 * 1024
MAX_STRAY_BYTES = 256 * 1024  # bytes that are neither packet nor message, over a connection's life
USER_AGENT = "Sightpact"  # some cameras answer 401 to a client without a name


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    reason: str
    headers: dict[str, str]
    challenges: list[str]  # WWW-Authenticate may come several times
    body: str


class Connection(asyncio.Protocol):
    """The bytes of one connection.

    Args:
        on_packet: called with channel, packet and the monotonic time at which the packet's first byte was
            read.
        lost: set when the connection is gone; its exception says why.
    """

    def __init__(self, on_packet: Callable[[int, bytes, float], None], lost: asyncio.Future[None]) -> None:
        self._on_packet, self.lost = on_packet, lost
        self._rest = b""
        self._rest_since = 0.0
        self._sequence = 0
        self._waiting: dict[int, asyncio.Future[Reply]] = {}
        self._stray = 0
        self._transport: asyncio.Transport | None = None
        self.received = 0  # bytes

    # asyncio ------------------------------------------------------------------------------------------------
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is one but does not inherit

    def connection_lost(self, exc: Exception | None) -> None:
        reason = f" ({exc})" if exc else ""
        self.fail(Lost("The camera closed the connection.", f"connection closed by the camera{reason}"))

    def eof_received(self) -> bool:
        return False

    def data_received(self, data: bytes) -> None:
        now = first = time.monotonic()
        self.received += len(data)
        if self._rest:
            first = self._rest_since  # the packet's beginning came earlier
            data, self._rest = self._rest + data, b""
        at, end = 0, len(data)
        while end - at >= 4:
            if data[at] == 0x24:
                stop = at + 4 + (data[at + 2] << 8 | data[at + 3])
                if stop > end:
                    break
                self._on_packet(data[at + 1], data[at + 4 : stop], first)
                at = stop
            else:
                stop = self._message(data, at)
                if stop == at:
                    break
                at = stop
            first = now
            if self.lost.done():
                return
        if at < end:
            self._rest, self._rest_since = data[at:], first

    # messages -----------------------------------------------------------------------------------------------
    def _message(self, data: bytes, at: int) -> int:
        """Read a reply or request that begins at `at`. Returns where it ends; `at` when more bytes are
        needed."""
        if not data[at : at + 1].isalpha():
            return self._skip(data, at)
        ends = data.find(b"\r\n\r\n", at, at + MAX_HEAD_BYTES)
        if ends < 0:
            if b"\0" in data[at : at + 64]:  # binary, no text
                return self._skip(data, at)
            if len(data) - at >= MAX_HEAD_BYTES:
                self.fail(Lost("The camera sent something that is no RTSP.", "reply header over 16 KiB"))
            return at
        lines = data[at:ends].decode("utf-8", "replace").split("\r\n")
        headers: dict[str, str] = {}
        challenges: list[str] = []
        for line in lines[1:]:
            name, _, value = line.partition(":")
            name = name.strip().lower()
            if name == "www-authenticate":
                challenges.append(value.strip())
            headers[name] = value.strip()
        length = headers.get("content-length", "0")
        size = int(length) if length.isascii() and length.isdigit() and len(length) < 8 else 0
        if size > MAX_BODY_BYTES:
            self.fail(Lost("The camera's description is too long.", f"reply body of {size} bytes"))
            return at
        stop = ends + 4 + size
        if stop > len(data):
            return at
        first = lines[0].split(" ", 2)
        if first[0].startswith("RTSP/") and len(first) >= 2 and first[1].isascii() and first[1].isdigit():
            body = data[ends + 4 : stop].decode("utf-8", "replace")
            status = int(first[1][:3])
            self._answer(Reply(status, first[2] if len(first) > 2 else "", headers, challenges, body))
        elif lines[0].endswith(("RTSP/1.0", "RTSP/2.0")):
            self._asked(first[0], headers)
        else:
            return self._skip(data, at)
        return stop

    def _skip(self, data: bytes, at: int) -> int:
        """Pass over bytes that belong to nothing, up to the next thing that may be a packet or reply."""
        places = [p for p in (data.find(b"$", at + 1), data.find(b"RTSP/", at + 1)) if p > 0]
        stop = min(places, default=max(len(data) - 4, at + 1))
        self._stray += stop - at
        if self._stray > MAX_STRAY_BYTES:
            self.fail(Lost("The camera sends something that is no RTSP.", "more than 256 KiB of stray bytes"))
        return stop

    def _answer(self, reply: Reply) -> None:
        number = reply.headers.get("cseq", "")
        waiting = self._waiting.pop(int(number), None) if number.isascii() and number.isdigit() else None
        if waiting is None and self._waiting:  # a wrong or missing CSeq: cameras answer in order
            waiting = self._waiting.pop(next(iter(self._waiting)))
        if waiting is not None and not waiting.done():
            waiting.set_result(reply)

    def _asked(self, method: str, headers: dict[str, str]) -> None:
        status = (
            "200 OK" if method in ("OPTIONS", "GET_PARAMETER", "SET_PARAMETER") else "501 Not Implemented"
        )
        self._write(f"RTSP/1.0 {status}\r\nCSeq: {headers.get('cseq', '0')[:10]}\r\n\r\n")

    async def request(self, method: str, url: str, headers: dict[str, str], timeout_s: float) -> Reply:
        """Send one request and wait for its reply.

        Raises:
            Lost: no reply in `timeout_s`, or the connection went away.
        """
        if self.lost.done():
            raise self.lost.exception() or Lost("The connection to the camera is closed.")
        self._sequence += 1
        waiting: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._waiting[self._sequence] = waiting
        lines = [f"{method} {url} RTSP/1.0", f"CSeq: {self._sequence}", f"User-Agent: {USER_AGENT}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        self._write("\r\n".join(lines) + "\r\n\r\n")
        try:
            return await asyncio.wait_for(waiting, timeout_s)
        except TimeoutError:
            raise Lost(
                "The camera does not answer.", f"no answer to {method} within {timeout_s:g} s"
            ) from None
        finally:
            self._waiting.pop(self._sequence, None)

    def send_only(self, method: str, url: str, headers: dict[str, str]) -> None:
        """Send a request whose reply nobody waits for."""
        self._sequence += 1
        lines = [f"{method} {url} RTSP/1.0", f"CSeq: {self._sequence}", f"User-Agent: {USER_AGENT}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        self._write("\r\n".join(lines) + "\r\n\r\n")

    def _write(self, text: str) -> None:
        if self._transport is not None and not self._transport.is_closing():
            if self._transport.get_write_buffer_size() > MAX_BODY_BYTES:
                self.fail(Lost("The camera does not read what it is sent."))
                return
            self._transport.write(text.encode("utf-8", "replace"))

    def fail(self, fault: Exception) -> None:
        """End the connection with a reason."""
        if not self.lost.done():
            self.lost.set_exception(fault)
            self.lost.exception()  # nobody may be waiting; it is not an error of ours then
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(fault)
                waiting.exception()
        self._waiting.clear()
        if self._transport is not None:
            self._transport.abort()

    def certificate(self) -> bytes | None:
        """The peer's certificate (DER) on a TLS connection."""
        tls = self._transport.get_extra_info("ssl_object") if self._transport is not None else None
        return tls.getpeercert(binary_form=True) if tls is not None else None

    def close(self) -> None:
        """Close after what is written has left."""
        if self._transport is not None:
            self._transport.close()
