"""The facts that leave `media`: one frame, and the parameters needed to decode frames. Data only."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Parameters:
    """What a decoder needs before the first frame; a new object means that the next frame is a key frame."""

    codec: str  # RFC 6381, e.g. avc1.42c01f, hvc1.1.6.L93.B0
    width: int  # pixels after cropping
    height: int
    init: bytes  # fMP4 init segment
    record: bytes  # avcC or hvcC body


@dataclass(slots=True)
class Frame:
    """One picture as it came from the camera, not yet copied together."""

    pieces: list[bytes]  # length-prefixed NAL units; joined they are the mdat payload
    size: int  # bytes of all pieces
    key: bool
    rtp_time: int  # 32 bit, as sent
    arrived_first: float  # monotonic seconds at which the first byte of its first packet was read
    arrived_last: float  # monotonic seconds at which its last packet was read
    ticks: int = 0  # decode time, 1/90,000 s, only ever forward
    duration: int = 0  # estimate, same unit

    def payload(self) -> bytes:
        return b"".join(self.pieces)


@dataclass(frozen=True, slots=True)
class SenderReport:
    """RTCP sender report: the camera's own clock. Kept apart from arrival time; camera clocks step and
    drift."""

    ntp_s: float  # seconds since 1900, the camera's claim
    rtp_time: int
    arrived: float  # monotonic seconds
