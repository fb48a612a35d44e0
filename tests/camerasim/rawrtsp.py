"""A small RTSP client on a blocking socket, so that tests can see every byte. Not the product's client."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: str


@dataclass(frozen=True)
class Rtp:
    payload: bytes
    marker: bool
    seq: int
    timestamp: int
    version: int

    @property
    def nal_type(self) -> int:
        """H.264 type, through FU-A."""
        kind = self.payload[0] & 0x1F
        return self.payload[1] & 0x1F if kind == 28 else kind


class BrokenFraming(Exception):
    """What came is neither an interleaved packet nor an answer."""


class RawClient:
    """Closes with its `with` block."""

    def __init__(self, url: str) -> None:
        match = re.match(r"rtsp://([^:/]+):(\d+)", url)
        assert match
        self.url = url
        self.sock = socket.create_connection((match[1], int(match[2])), timeout=30)
        self.buffer = b""
        self.cseq = 0
        self.session = ""

    def __enter__(self) -> RawClient:
        return self

    def __exit__(self, *_: object) -> None:
        self.sock.close()

    def send(self, method: str, url: str = "", **headers: str) -> None:
        self.cseq += 1
        if self.session and "Session" not in headers:
            headers["Session"] = self.session
        lines = [f"{method} {url or self.url} RTSP/1.0", f"CSeq: {self.cseq}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        self.sock.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())

    def _fill(self, size: int) -> None:
        while len(self.buffer) < size:
            data = self.sock.recv(65536)
            if not data:
                raise ConnectionResetError("closed")
            self.buffer += data

    def next(self) -> tuple[int, bytes] | Answer:
        """The next thing that comes: (channel, packet) or an answer."""
        self._fill(4)
        if self.buffer[:1] == b"$":
            size = 4 + int.from_bytes(self.buffer[2:4], "big")
            self._fill(size)
            packet, self.buffer = self.buffer[:size], self.buffer[size:]
            return packet[1], packet[4:]
        if self.buffer[:4] != b"RTSP":
            raise BrokenFraming(self.buffer[:20])
        while b"\r\n\r\n" not in self.buffer:
            self._fill(len(self.buffer) + 1)
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        lines = head.decode().split("\r\n")
        headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines[1:])}
        length = int(headers.get("content-length", 0))
        self._fill(length)
        body, self.buffer = self.buffer[:length].decode(), self.buffer[length:]
        return Answer(int(lines[0].split()[1]), headers, body)

    def ask(self, method: str, url: str = "", **headers: str) -> Answer:
        self.send(method, url, **headers)
        while not isinstance(thing := self.next(), Answer):
            pass
        return thing

    def play(self) -> None:
        answer = self.ask("SETUP", self.url + "/trackID=1", Transport="RTP/AVP/TCP;unicast;interleaved=0-1")
        assert answer.status == 200
        self.session = answer.headers["session"].partition(";")[0]
        assert self.ask("PLAY").status == 200

    def packets(self) -> Iterator[tuple[int, bytes]]:
        while True:
            if not isinstance(thing := self.next(), Answer):
                yield thing

    def rtp(self) -> Iterator[Rtp]:
        for channel, data in self.packets():
            if channel == 0:
                yield parse(data)

    def frames(self) -> Iterator[tuple[int, bytes]]:
        """Whole frames after a key frame: (RTP timestamp, Annex B with parameter sets). H.264 only."""
        nals: list[bytes] = []
        part = b""
        seen_key = False
        for packet in self.rtp():
            kind = packet.payload[0] & 0x1F
            if kind == 24:
                at = 1
                while at < len(packet.payload):
                    size = int.from_bytes(packet.payload[at : at + 2], "big")
                    nals.append(packet.payload[at + 2 : at + 2 + size])
                    at += 2 + size
            elif kind == 28:
                if packet.payload[1] & 0x80:
                    part = bytes([packet.payload[0] & 0xE0 | packet.payload[1] & 0x1F])
                part += packet.payload[2:]
                if packet.payload[1] & 0x40:
                    nals.append(part)
            else:
                nals.append(packet.payload)
            if packet.marker:
                seen_key = seen_key or any(n[0] & 0x1F == 5 for n in nals)
                if seen_key:
                    yield packet.timestamp, b"".join(b"\x00\x00\x00\x01" + n for n in nals)
                nals = []


def parse(data: bytes) -> Rtp:
    return Rtp(
        payload=data[12:],
        marker=bool(data[1] & 0x80),
        seq=int.from_bytes(data[2:4], "big"),
        timestamp=int.from_bytes(data[4:8], "big"),
        version=data[0] >> 6,
    )
