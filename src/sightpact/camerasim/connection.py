"""One RTSP connection: requests in, answers and interleaved packets out.

TCP interleaved only, as most cameras are set up behind firewalls; UDP transports get 461.
Never: decisions on pictures or time (camera.py, wheel.py).
"""

from __future__ import annotations

import asyncio
import re
import secrets
import socket
import struct
from collections import deque
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from . import auth, sdp
from .camera import Camera
from .faults import Fault

if TYPE_CHECKING:
    from .server import Simulator

METHODS = "OPTIONS, DESCRIBE, SETUP, PLAY, PAUSE, GET_PARAMETER, SET_PARAMETER, TEARDOWN"
MAX_REQUEST = 16_384  # bytes
MAX_QUEUED = 1_000_000  # bytes unsent to one viewer; beyond, frames are left out until the next key frame
MAX_DRIBBLE = 256_000  # bytes held back by the fault `slow`
REPORT_EVERY_S = 5.0
REASONS = {
    200: "OK", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found", 405: "Method Not Allowed",
    454: "Session Not Found", 455: "Method Not Valid in This State", 461: "Unsupported Transport",
    503: "Service Unavailable",
}  # fmt: skip
Headers = dict[str, str]


class Connection(asyncio.Protocol):
    """From accept to close. Invariant: it is in `camera.viewers` exactly while it plays."""

    def __init__(self, simulator: Simulator) -> None:
        self._sim = simulator
        self._buffer = bytearray()
        self._nonce = secrets.token_hex(16)
        self._session = ""
        self._camera: Camera | None = None
        self._needs_key = False
        self._report_at = 0.0
        self._held: deque[bytes] = deque()
        self._held_bytes = 0
        self.channel = 0
        self.last_heard = asyncio.get_running_loop().time()

    # --- transport
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._sim.connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._sim.connections.discard(self)
        self._stop()
        if self._camera:
            self._camera.connections.discard(self)

    def reset(self) -> None:
        """Closes with a TCP reset, as a camera that loses power behind a switch looks."""
        sock = self._transport.get_extra_info("socket")
        if sock is not None and not self._transport.is_closing():
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._transport.abort()

    def data_received(self, data: bytes) -> None:
        self.last_heard = asyncio.get_running_loop().time()
        buffer = self._buffer
        buffer += data
        while buffer and not self._transport.is_closing():
            if buffer[0] == 0x24:  # "$": RTCP from the viewer; only its arrival matters
                if len(buffer) < 4 or len(buffer) < (size := 4 + int.from_bytes(buffer[2:4], "big")):
                    return
                del buffer[:size]
                continue
            if buffer[0] in b"\r\n":
                del buffer[:1]
                continue
            end = buffer.find(b"\r\n\r\n")
            if end < 0:
                if len(buffer) > MAX_REQUEST:
                    self._transport.close()
                return
            head = buffer[:end].decode("latin-1").split("\r\n")
            headers = {k.strip().lower(): v.strip() for k, _, v in (line.partition(":") for line in head[1:])}
            length = headers.get("content-length", "0")
            body = int(length) if length.isdigit() else MAX_REQUEST + 1
            if body > MAX_REQUEST:
                self._answer(400, headers)
                self._transport.close()
                return
            if len(buffer) < end + 4 + body:
                return
            del buffer[: end + 4 + body]
            self._request(head[0], headers)

    # --- RTSP
    def _request(self, line: str, headers: Headers) -> None:
        match = re.fullmatch(r"([A-Z_]+) (\S+) RTSP/1\.\d", line)
        if not match:
            self._answer(400, headers)
            self._transport.close()
            return
        method, url = match[1], match[2]
        camera = self._find(url) if url != "*" else self._camera
        if camera is not None and camera is not self._camera:
            if self._camera:
                self._stop()
                self._camera.connections.discard(self)
            self._camera = camera
            camera.connections.add(self)
        fault = camera.fault if camera else Fault.OK
        if fault is Fault.REFUSE:
            self.reset()
            return
        if fault is Fault.HANG:
            return
        if method == "OPTIONS":
            self._answer(200, headers, {"Public": METHODS})
        elif camera is None:
            self._answer(404, headers)
        elif not self._may(camera, method, headers):
            self._answer(401, headers, {"WWW-Authenticate": auth.challenge(camera.spec.auth, self._nonce)})
        elif camera.clip is None:
            self._answer(503, headers, {"Retry-After": "2"})  # its pictures are still being made
        elif handler := getattr(self, f"_on_{method.lower()}", None):
            handler(camera, url, headers)
        else:
            self._answer(405, headers, {"Allow": METHODS})

    def _find(self, url: str) -> Camera | None:
        match = re.fullmatch(rf"/cam/([^/]+?)(?:/(?:{sdp.TRACK})?)?", urlsplit(url).path)
        return self._sim.cameras.get(match[1]) if match else None

    def _may(self, camera: Camera, method: str, headers: Headers) -> bool:
        spec = camera.spec
        return not spec.username or auth.is_right(
            headers.get("authorization", ""), spec.auth, self._nonce, method, spec.username, spec.password
        )

    def _answer(self, status: int, headers: Headers, extra: Headers | None = None, body: str = "") -> None:
        lines = [
            f"RTSP/1.0 {status} {REASONS[status]}",
            f"CSeq: {headers.get('cseq', '0')}",
            "Server: camera-sim",
        ]
        if self._session:
            lines.append(f"Session: {self._session};timeout={self._sim.session_timeout_s}")
        lines += [f"{name}: {value}" for name, value in (extra or {}).items()]
        if body:
            lines.append(f"Content-Length: {len(body.encode())}")
        self._transport.write(("\r\n".join(lines) + "\r\n\r\n" + body).encode())

    def _on_describe(self, camera: Camera, url: str, headers: Headers) -> None:
        assert camera.clip is not None
        host, spec = self._transport.get_extra_info("sockname")[0], camera.spec
        if camera.fault is Fault.NOT_VIDEO:
            text = sdp.audio_only(spec.name, host)
        else:
            with_params = spec.sprop and camera.fault is not Fault.NO_PARAMS
            text = sdp.video(spec.name, host, camera.wanted_clip(), with_params=with_params)
        base = url if url.endswith("/") else url + "/"
        self._answer(200, headers, {"Content-Base": base, "Content-Type": "application/sdp"}, text)

    def _on_setup(self, camera: Camera, url: str, headers: Headers) -> None:
        for offer in headers.get("transport", "").split(","):
            match = re.search(r"interleaved=(\d{1,3})-(\d{1,3})", offer)
            if offer.strip().upper().startswith("RTP/AVP/TCP"):
                self.channel = min(int(match[1]), 254) if match else 0
                self._session = self._session or secrets.token_hex(8)
                value = f"RTP/AVP/TCP;unicast;interleaved={self.channel}-{self.channel + 1}"
                value += f";ssrc={camera.ssrc:08X}"
                self._answer(200, headers, {"Transport": value})
                return
        self._answer(461, headers)

    def _has_session(self, headers: Headers) -> bool:
        if self._session and headers.get("session", "").partition(";")[0].strip() == self._session:
            return True
        self._answer(454, headers)
        return False

    def _on_play(self, camera: Camera, url: str, headers: Headers) -> None:
        assert camera.clip is not None
        if not self._has_session(headers):
            return
        info = f"url={url.rstrip('/')}/{sdp.TRACK};seq={camera.seq}"
        self._answer(200, headers, {"Range": "npt=now-", "RTP-Info": info})
        camera.plays += 1
        self._report_at = 0.0
        camera.viewers.add(self)
        self._sim.wheel.add(camera)

    def _on_pause(self, camera: Camera, url: str, headers: Headers) -> None:
        if self._has_session(headers):
            self._stop()
            self._answer(200, headers)

    def _on_get_parameter(self, camera: Camera, url: str, headers: Headers) -> None:
        self._answer(200, headers)

    _on_set_parameter = _on_get_parameter

    def _on_teardown(self, camera: Camera, url: str, headers: Headers) -> None:
        if self._has_session(headers):
            self._stop()
            self._answer(200, headers)
            self._session = ""

    def _stop(self) -> None:
        camera = self._camera
        if camera and self in camera.viewers:
            camera.viewers.discard(self)
            if not camera.viewers:
                self._sim.wheel.remove(camera)

    # --- pictures (camera.Viewer)
    def send_frame(self, packets: list[bytes], *, is_key: bool) -> None:
        transport = self._transport
        while self._held:  # what `slow` held back goes out first
            transport.write(self._held.popleft())
        self._held_bytes = 0
        if transport.get_write_buffer_size() > MAX_QUEUED or (self._needs_key and not is_key):
            self._needs_key = True
            return
        self._needs_key = False
        assert self._camera is not None
        if self._camera.spec.pattern == "packet":
            for packet in packets:
                transport.write(packet)
        else:
            transport.write(b"".join(packets))

    def dribble(self, packets: list[bytes], max_bytes: int) -> None:
        if self._held_bytes < MAX_DRIBBLE:
            self._held += packets
            self._held_bytes += sum(map(len, packets))
        while max_bytes > 0 and self._held:
            part = self._held.popleft()
            if len(part) > max_bytes:
                self._held.appendleft(part[max_bytes:])
                part = part[:max_bytes]
            self._transport.write(part)
            self._held_bytes -= len(part)
            max_bytes -= len(part)

    def report_due(self, utc: float) -> bool:
        if utc < self._report_at <= utc + REPORT_EVERY_S or self._held:
            return False
        self._report_at = utc + REPORT_EVERY_S
        return True

    def send_report(self, report: bytes) -> None:
        self._transport.write(report)
