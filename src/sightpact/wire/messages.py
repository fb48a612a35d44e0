"""Messages over the Unix socket between the gate and an edge, in both directions.

Framing: u32 big-endian length, then msgspec JSON of one tagged struct. The gate listens, edges connect.
An edge trusts what the gate says; the gate trusts an edge's counts (bytes, frames) and nothing else.
"""

from __future__ import annotations

import struct

import msgspec

MAX_MESSAGE = 16 * 1024 * 1024  # bytes; 1,600 leases are about 300 kB
_LENGTH = struct.Struct(">I")


class Message(msgspec.Struct, frozen=True, tag_field="t"):
    pass


class Reason(msgspec.Struct, frozen=True):
    """Why a picture ends or does not begin; `text` is what the person reads."""

    code: str
    text: str
    clause: str = ""


# edge to gate -----------------------------------------------------------------------------------------------


class Hello(Message, frozen=True, tag="hello"):
    edge: str  # random name of this edge process
    pid: int


class Redeem(Message, frozen=True, tag="redeem"):
    """A browser presented a ticket. Answered by `Viewer` or `NoViewer` with the same `req`."""

    req: int
    ticket: str
    origin: str
    address: str  # client address as the edge saw it


class Admit(Message, frozen=True, tag="admit"):
    """A viewer asks for cameras. Answered by one `Admitted` with the same `req`."""

    req: int
    viewer: str
    cameras: list[str]


class StreamEnd(msgspec.Struct, frozen=True):
    stream: int
    code: str  # closed, socket_closed, lease_lapsed, slow_aborted, cut
    frames: int
    bytes: int


class Ended(Message, frozen=True, tag="ended"):
    """Streams that no longer send. After a `Cut` they come back here with code "cut" and their final counts."""

    streams: list[StreamEnd]


class ViewerGone(Message, frozen=True, tag="viewer_gone"):
    """The browser's socket is closed; its streams were reported in `Ended` before."""

    viewer: str


class Progress(Message, frozen=True, tag="progress"):
    """Every 2 s, for streams that sent something: [stream, frames, bytes] so far."""

    streams: list[tuple[int, int, int]]


class CameraHealth(msgspec.Struct, frozen=True):
    camera: str
    state: str  # idle, connecting, live, stalled, lost, unsupported
    text: str  # what was tried and what came back, never a URL with credentials
    since_utc_ms: int
    next_try_utc_ms: int | None = None


class Health(Message, frozen=True, tag="health"):
    cameras: list[CameraHealth]


class Misuse(Message, frozen=True, tag="misuse"):
    """A socket that was closed for what it sent; the gate logs it."""

    code: int  # WebSocket close code
    what: str
    address: str
    viewer: str = ""


FromEdge = Hello | Redeem | Admit | Ended | ViewerGone | Progress | Health | Misuse

# gate to edge -----------------------------------------------------------------------------------------------


class Welcome(Message, frozen=True, tag="welcome"):
    session: str  # random per gate start; a new one ends all streams and closes all viewers with 4409
    origins: list[str]  # allowed Origin headers


class Source(msgspec.Struct, frozen=True):
    camera: str
    url: str  # rtsp:// or rtsps://, without credentials
    username: str = ""
    password: str = ""
    standby: bool = False  # keep it connected though nobody watches, so that the first picture is quick
    allowed: tuple[str, ...] = ()  # address guard: networks beyond public and private that this site allows


class Sources(Message, frozen=True, tag="sources"):
    """The whole list; a camera not in it is disconnected and its streams end."""

    cameras: list[Source]


class Viewer(Message, frozen=True, tag="viewer"):
    req: int
    viewer: str
    watermark: str


class NoViewer(Message, frozen=True, tag="no_viewer"):
    req: int
    reason: Reason


class Lease(msgspec.Struct, frozen=True):
    stream: int  # unique while a gate session lasts
    camera: str
    lease_ms: int  # each beat that lists the stream gives it so much more from the moment the beat arrives
    until_utc_ms: int | None
    clause: str


class Refused(msgspec.Struct, frozen=True):
    camera: str
    reason: Reason


class Admitted(Message, frozen=True, tag="admitted"):
    req: int
    leases: list[Lease]
    refused: list[Refused]
    now_utc_ms: int = 0  # the gate's time, which is the law's: `until_utc_ms` is compared with it, not with the edge's clock


class Beat(Message, frozen=True, tag="beat"):
    """Every 0.5 s while facts hold: exactly the streams that are renewed."""

    seq: int
    streams: list[int]
    now_utc_ms: int = 0  # the gate's time


class Cut(Message, frozen=True, tag="cut"):
    streams: list[int]
    reason: Reason


class Until(Message, frozen=True, tag="until"):
    """The same ground of these running streams ends at another time now: an emergency was extended, or widened."""

    streams: list[int]
    until_utc_ms: int | None
    now_utc_ms: int = 0  # the gate's time


class CloseViewer(Message, frozen=True, tag="close_viewer"):
    """The whole socket goes (session ended, person removed)."""

    viewer: str
    reason: Reason


FromGate = Welcome | Sources | Viewer | NoViewer | Admitted | Beat | Cut | Until | CloseViewer

_encoder = msgspec.json.Encoder()
_from_edge = msgspec.json.Decoder(FromEdge)
_from_gate = msgspec.json.Decoder(FromGate)


class WireError(Exception):
    """A peer sent something that is not one of these messages."""


def pack(message: FromEdge | FromGate) -> bytes:
    """Frame one message for the socket."""
    body = _encoder.encode(message)
    return _LENGTH.pack(len(body)) + body


class Splitter:
    """Cuts a byte stream into messages. Owns the bytes not yet complete."""

    def __init__(self, side: str) -> None:
        self._decoder = {"edge": _from_edge, "gate": _from_gate}[side]
        self._rest = bytearray()

    def feed(self, data: bytes) -> list[FromEdge | FromGate]:
        """Return the messages that `data` completes.

        Raises:
            WireError: a length above MAX_MESSAGE or a body that is no known message.
        """
        self._rest += data
        done = []
        while len(self._rest) >= 4:
            (length,) = _LENGTH.unpack_from(self._rest)
            if length > MAX_MESSAGE:
                raise WireError(f"message of {length} bytes is over the limit of {MAX_MESSAGE}")
            if len(self._rest) < 4 + length:
                break
            body = bytes(self._rest[4 : 4 + length])
            del self._rest[: 4 + length]
            try:
                done.append(self._decoder.decode(body))
            except msgspec.MsgspecError as fault:
                raise WireError(str(fault)) from fault
        return done
