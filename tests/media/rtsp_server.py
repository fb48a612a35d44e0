"""A tiny RTSP camera for tests of the client: plays a clip over interleaved TCP, and misbehaves as told.

Deliberately apart from `sightpact.camerasim`: a second implementation keeps the client honest.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import re
import ssl
import struct
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.media.clip import Clip, clip
from tests.media.packets import Sender


def _as_it_is(number: int, packets: list[bytes]) -> list[bytes]:
    return packets


@dataclass
class Quirks:
    """How this camera misbehaves; all off by default."""

    username: str = ""
    password: str = ""
    algorithms: tuple[str, ...] = ("MD5",)  # challenges offered; "Basic" too
    sdp: Callable[[str], str] = str
    channel: int = 0  # sent on this channel
    said_channel: int | None = None  # what the SETUP reply claims
    content_base: str | None = None
    public: str = "OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN"
    timeout_s: int = 60
    statuses: dict[str, int] = field(default_factory=dict)  # method to status, instead of 200
    location: str = ""
    before_play: bool = False  # pictures before the PLAY reply
    sets_in_band: bool = True
    sender_reports: bool = True
    mutate: Callable[[int, list[bytes]], list[bytes]] = field(default=_as_it_is)
    stray: bytes = b""  # sent between packets
    silent_after: int | None = None  # frames
    close_after: int | None = None  # frames
    setup_transport: str | None = None
    speed: float = 3.0  # times real time: key frames come three times a second


class Camera:
    """`async with Camera() as camera:` then connect to `camera.url`."""

    def __init__(
        self, film: Clip | None = None, quirks: Quirks | None = None, *, tls: ssl.SSLContext | None = None
    ) -> None:
        self._ssl = tls
        self.clip, self.quirks = film or clip(), quirks or Quirks()
        self.requests: list[tuple[str, str, dict[str, str]]] = []
        self.sessions = 0
        self.sent_frames = 0
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.port = 0

    async def __aenter__(self) -> Camera:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port, ssl=self._ssl)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def stop(self) -> None:
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for writer in list(self._writers):
            writer.transport.abort()
        await asyncio.sleep(0)

    @property
    def url(self) -> str:
        return f"rtsp{'s' if self._ssl else ''}://127.0.0.1:{self.port}/live/main?channel=1"

    def asked(self, method: str) -> int:
        return sum(1 for name, _, _ in self.requests if name == method)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        self._writers.add(writer)
        players: list[asyncio.Task[None]] = []
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                lines = head.strip().split("\r\n")
                method, uri, _ = lines[0].split(" ")
                headers = {
                    n.strip().lower(): v.strip() for n, _, v in (line.partition(":") for line in lines[1:])
                }
                self.requests.append((method, uri, headers))
                if method == "PLAY" and self.quirks.before_play and self._allowed(method, headers):
                    players.append(asyncio.ensure_future(self._play(writer)))
                    await asyncio.sleep(0.2)
                writer.write(self._reply(method, uri, headers))
                await writer.drain()
                if method == "TEARDOWN":
                    break
                if method == "PLAY" and not players and self._allowed(method, headers):
                    players.append(asyncio.ensure_future(self._play(writer)))
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            for player in players:
                player.cancel()
            await asyncio.gather(*players, return_exceptions=True)
            writer.close()
            self._writers.discard(writer)
            self._tasks.discard(task)

    def _allowed(self, method: str, headers: dict[str, str]) -> bool:
        quirks = self.quirks
        if not quirks.username or method == "OPTIONS":
            return True
        given = headers.get("authorization", "")
        if given.startswith("Basic ") and "Basic" in quirks.algorithms:
            return given[6:] == base64.b64encode(f"{quirks.username}:{quirks.password}".encode()).decode()
        parts = {n: v or w for n, v, w in re.findall(r'(\w+)=(?:"([^"]*)"|([^,\s]+))', given)}
        algorithm = parts.get("algorithm", "MD5")
        if not given.startswith("Digest") or algorithm not in quirks.algorithms:
            return False

        def digest(text: str) -> str:
            return hashlib.new("sha256" if "256" in algorithm else "md5", text.encode()).hexdigest()

        uri = next(uri for name, uri, h in reversed(self.requests) if h is headers)
        first = digest(f"{quirks.username}:cam:{quirks.password}")
        second = digest(f"{method}:{uri}")
        return parts.get("response") == digest(
            f"{first}:n0nce:{parts.get('nc')}:{parts.get('cnonce')}:auth:{second}"
        )

    def _reply(self, method: str, uri: str, headers: dict[str, str]) -> bytes:
        quirks = self.quirks
        lines, body = [], ""
        status = quirks.statuses.get(method, 200)
        if not self._allowed(method, headers):
            status = 401
            for name in quirks.algorithms:
                digest = f'Digest realm="cam", nonce="n0nce", qop="auth", algorithm={name}'
                lines.append("WWW-Authenticate: " + ('Basic realm="cam"' if name == "Basic" else digest))
        elif 300 <= status < 400:
            lines.append(f"Location: {quirks.location}")
        elif status == 200 and method == "OPTIONS":
            lines.append(f"Public: {quirks.public}")
        elif status == 200 and method == "DESCRIBE":
            body = quirks.sdp(self._sdp())
            base = f"{uri}/" if quirks.content_base is None else quirks.content_base
            lines += [
                f"Content-Base: {base}",
                "Content-Type: application/sdp",
                f"Content-Length: {len(body)}",
            ]
        elif status == 200 and method == "SETUP":
            said = quirks.channel if quirks.said_channel is None else quirks.said_channel
            lines += [
                quirks.setup_transport
                or f"Transport: RTP/AVP/TCP;unicast;interleaved={said}-{said + 1};ssrc=1234"
            ]
            self.sessions += 1
            lines.append(f"Session: s{self.sessions};timeout={quirks.timeout_s}")
        number = headers.get("cseq", "0")
        return ("\r\n".join([f"RTSP/1.0 {status} X", f"CSeq: {number}", *lines]) + "\r\n\r\n" + body).encode()

    def _sdp(self) -> str:
        film = self.clip
        sets = [base64.b64encode(nal).decode() for nal in film.sets]
        if film.codec == "h264":
            fmtp = f"a=fmtp:96 packetization-mode=1;sprop-parameter-sets={','.join(sets)}"
        else:
            fmtp = f"a=fmtp:96 sprop-vps={sets[0]};sprop-sps={sets[1]};sprop-pps={sets[2]}"
        return (
            "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=x\r\nt=0 0\r\na=control:*\r\n"
            f"m=video 0 RTP/AVP 96\r\na=rtpmap:96 {film.codec.upper()}/90000\r\n"
            f"{fmtp}\r\na=control:trackID=1\r\n"
        )

    async def _play(self, writer: asyncio.StreamWriter) -> None:
        film, quirks = self.clip, self.quirks
        sender = Sender()
        loop = asyncio.get_running_loop()
        number = len(film.frames) // 2 + 3  # mid-GOP, like real cameras
        began, sent = loop.time(), 0
        while True:
            nals = film.frames[number % len(film.frames)]
            if not quirks.sets_in_band:
                nals = [nal for nal in nals if nal not in film.sets]
            data = b"".join(
                b"$" + bytes([quirks.channel]) + struct.pack(">H", len(packet)) + packet
                for packet in quirks.mutate(sent, sender.frame(film.codec, nals, 90_000 // film.fps))
            )
            if quirks.sender_reports and sent % film.fps == 0:
                report = struct.pack(
                    ">BBHIIIIII",
                    0x80,
                    200,
                    6,
                    0x1234,
                    3_900_000_000,
                    1 << 31,
                    sender.clock & 0xFFFFFFFF,
                    1,
                    1,
                )
                data += b"$" + bytes([quirks.channel + 1]) + struct.pack(">H", len(report)) + report
            writer.write(data + quirks.stray)
            await writer.drain()
            number += 1
            sent += 1
            self.sent_frames += 1
            if quirks.close_after is not None and sent >= quirks.close_after:
                writer.transport.abort()
                return
            if quirks.silent_after is not None and sent >= quirks.silent_after:
                await asyncio.Event().wait()
            await asyncio.sleep(max(0, began + sent / film.fps / quirks.speed - loop.time()))
