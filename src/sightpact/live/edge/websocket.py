"""WebSocket frames (RFC 6455), server side. Pure: bytes in, frames out. Fragmented messages are refused.

Nothing here allocates more than the limit that the caller sets for a message.
"""

from __future__ import annotations

import base64
import hashlib
import struct

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

BAD_MESSAGE, BAD_TICKET, ENDED, BAD_ORIGIN = 4400, 4401, 4402, 4403
NO_HELLO, RESTARTED, TOO_LARGE, TOO_MANY = 4408, 4409, 4413, 4429


class ProtocolError(Exception):
    """The peer broke the protocol; the socket closes with `code`."""

    def __init__(self, code: int, what: str) -> None:
        super().__init__(what)
        self.code, self.what = code, what


def accept_key(key: str) -> str:
    """The answer to Sec-WebSocket-Key."""
    digest = hashlib.sha1(key.encode() + _GUID, usedforsecurity=False).digest()
    return base64.b64encode(digest).decode()


def header(opcode: int, size: int) -> bytes:
    """The header of an unfragmented, unmasked frame of `size` bytes."""
    if size < 126:
        return bytes((0x80 | opcode, size))
    if size < 65536:
        return struct.pack(">BBH", 0x80 | opcode, 126, size)
    return struct.pack(">BBQ", 0x80 | opcode, 127, size)


def frame(opcode: int, payload: bytes) -> bytes:
    return header(opcode, len(payload)) + payload


def close_frame(code: int, text: str) -> bytes:
    """A close frame; the text is cut to what a close frame can hold, at a character's edge."""
    reason = text.encode()[:123].decode("utf-8", "ignore").encode()
    return frame(CLOSE, struct.pack(">H", code) + reason)


class Parser:
    """Cuts a client's byte stream into frames. Owns the bytes of the frame that is not complete yet."""

    def __init__(self, limit: int) -> None:
        self.limit = limit  # bytes of one message
        self._rest = b""

    def feed(self, data: bytes) -> list[tuple[int, bytes]]:
        """Return (opcode, payload) of each frame that `data` completes.

        Raises:
            ProtocolError: not masked, fragmented, reserved bits, unknown opcode, or larger than the limit.
        """
        data = self._rest + data if self._rest else data
        self._rest = b""
        at, end = 0, len(data)
        frames: list[tuple[int, bytes]] = []
        while end - at >= 2:
            first, second = data[at], data[at + 1]
            opcode, size = first & 0x0F, second & 0x7F
            self._check(first, second, opcode, size)
            body = at + 2
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
            if size > self.limit:
                raise ProtocolError(TOO_LARGE, f"message of {size} bytes; the limit is {self.limit}")
            if end - body < 4 + size:
                break
            frames.append((opcode, _unmask(data[body : body + 4], data[body + 4 : body + 4 + size])))
            at = body + 4 + size
        self._rest = data[at:]
        return frames

    @staticmethod
    def _check(first: int, second: int, opcode: int, size: int) -> None:
        if first & 0x70:
            raise ProtocolError(BAD_MESSAGE, "reserved bits set")
        if not second & 0x80:
            raise ProtocolError(BAD_MESSAGE, "frame not masked")
        if opcode not in (TEXT, BINARY, CLOSE, PING, PONG) or not first & 0x80:
            raise ProtocolError(BAD_MESSAGE, "fragmented or unknown frame")
        if opcode >= CLOSE and size > 125:
            raise ProtocolError(BAD_MESSAGE, "control frame too long")


def _unmask(mask: bytes, data: bytes) -> bytes:
    if not data:
        return b""
    size = len(data)
    stretched = (mask * (size // 4 + 1))[:size]
    return (int.from_bytes(data, "big") ^ int.from_bytes(stretched, "big")).to_bytes(size, "big")
