"""The one HTTP request that opens a viewer's socket, or asks for health or metrics. Pure: bytes in, facts
out."""

from __future__ import annotations

from dataclasses import dataclass

from sightpact.live.edge import websocket

MAX_HEAD_BYTES = 8 * 1024
SUBPROTOCOL = "sightpact.v1"


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    headers: dict[str, str]


class BadRequest(Exception):
    """No request that we answer; `status` is what the peer is told."""

    def __init__(self, status: str) -> None:
        super().__init__(status)
        self.status = status


def parse(head: bytes) -> Request:
    """Read a request head (without the final empty line).

    Raises:
        BadRequest: not HTTP/1.1, or a header that counts is given twice.
    """
    lines = head.decode("latin-1").split("\r\n")
    words = lines[0].split(" ")
    if len(words) != 3 or words[2] not in ("HTTP/1.1", "HTTP/1.0"):
        raise BadRequest("400 Bad Request")
    headers: dict[str, str] = {}
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        name = name.strip().lower()
        if not colon or not name:
            raise BadRequest("400 Bad Request")
        if name in headers and name in ("origin", "host", "sec-websocket-key", "sec-websocket-version"):
            raise BadRequest("400 Bad Request")
        headers[name] = f"{headers[name]}, {value.strip()}" if name in headers else value.strip()
    return Request(words[0], words[1], headers)


def upgrade(request: Request) -> bytes:
    """The reply that turns the connection into a WebSocket.

    Raises:
        BadRequest: it is not a WebSocket request for our subprotocol.
    """
    headers = request.headers
    offered = [word.strip() for word in headers.get("sec-websocket-protocol", "").split(",")]
    key = headers.get("sec-websocket-key", "")
    if (
        headers.get("upgrade", "").lower() != "websocket"
        or "upgrade" not in headers.get("connection", "").lower()
    ):
        raise BadRequest("426 Upgrade Required")
    if headers.get("sec-websocket-version") != "13" or len(key) != 24 or SUBPROTOCOL not in offered:
        raise BadRequest("400 Bad Request")
    return (
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Accept: {websocket.accept_key(key)}\r\nSec-WebSocket-Protocol: {SUBPROTOCOL}\r\n\r\n"
    ).encode()


def reply(status: str, body: str = "", kind: str = "text/plain; charset=utf-8") -> bytes:
    """A whole response; the connection closes after it."""
    text = (body or status + "\n").encode()
    return (
        f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(text)}\r\n"
        "Cache-Control: no-store\r\nConnection: close\r\nX-Content-Type-Options: nosniff\r\n\r\n"
    ).encode() + text
