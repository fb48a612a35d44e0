"""One simulated camera: its running RTP stream, shared by all who watch it, and the fault it shows.

All viewers of a camera get the same packets (one sequence, one SSRC), so a frame is packetised once.
Never: RTSP text (connection.py) or timers (wheel.py).
"""

from __future__ import annotations

import random
from typing import Protocol

from . import faults, rtp, timecode
from .clips import Clip
from .faults import Fault
from .spec import CameraSpec


class Viewer(Protocol):
    """A connection in the state PLAYING."""

    channel: int  # of RTP; RTCP goes on channel + 1

    def send_frame(self, packets: list[bytes], *, is_key: bool) -> None: ...
    def dribble(self, packets: list[bytes], max_bytes: int) -> None: ...
    def report_due(self, utc: float) -> bool: ...
    def send_report(self, report: bytes) -> None: ...
    def reset(self) -> None: ...


class Camera:
    """Holds the stream's running numbers. Invariant: `seq` never jumps, whoever comes and goes."""

    def __init__(self, spec: CameraSpec) -> None:
        self.spec = spec
        self.clip: Clip | None = None
        self.other_clip: Clip | None = None  # what `param_change` switches to
        self.fault = Fault.OK
        self.viewers: set[Viewer] = set()
        self.connections: set[Viewer] = set()  # all that named this camera, playing or not
        self.frames_sent = 0
        self.plays = 0
        self._rng = random.Random(spec.slug)  # noqa: S311 - the same numbers in each run, nothing secret
        self.ssrc = self._rng.getrandbits(32)
        self.seq = self._rng.getrandbits(16)
        self._timestamp_base = self._rng.getrandbits(32)
        self._packets = 0
        self._octets = 0
        self._current: Clip | None = None

    def timestamp(self, n: int, fps: int) -> int:
        """RTP time of the n-th frame since 1970."""
        return (self._timestamp_base + n * (rtp.CLOCK_HZ // fps)) & 0xFFFFFFFF

    def wanted_clip(self) -> Clip:
        """The clip that this camera shows or is about to show; it must have one."""
        assert self.clip is not None
        return self.other_clip if self.fault is Fault.PARAM_CHANGE and self.other_clip else self.clip

    def _clip_for(self, n: int) -> Clip:
        """The clip of this instant; a change of clips waits for a key frame of the new one."""
        wanted = self.wanted_clip()
        if self._current is None or (
            wanted is not self._current and wanted.frames[n % len(wanted.frames)].is_key
        ):
            self._current = wanted
        return self._current

    def tick(self, n: int) -> None:
        """Sends the n-th frame since 1970 to all viewers, spoilt as the fault asks."""
        if self.fault in (Fault.STALL, Fault.HANG):
            return
        clip = self._clip_for(n)
        frame = clip.frames[n % len(clip.frames)]
        parts = rtp.payloads(clip.codec, clip.params if frame.is_key else (), frame.nals)
        timestamp = self.timestamp(n, clip.fps)
        by_channel: dict[int, list[bytes]] = {}
        for viewer in tuple(self.viewers):
            packets = by_channel.get(viewer.channel)
            if packets is None:
                packets = rtp.interleaved(parts, self.seq, timestamp, self.ssrc, viewer.channel)
                if self.fault is Fault.GARBAGE:
                    packets = [faults.spoil(p, self._rng) for p in packets]
                elif self.fault is Fault.GARBAGE_FRAMING:
                    packets = [
                        b
                        for p in packets
                        for b in ((faults.stray(self._rng), p) if self._rng.random() < 0.5 else (p,))
                    ]
                by_channel[viewer.channel] = packets
            if self.fault is Fault.SLOW:
                viewer.dribble(packets, faults.SLOW_BYTES_PER_S // clip.fps)
            else:
                viewer.send_frame(packets, is_key=frame.is_key)
        self.seq = (self.seq + len(parts)) & 0xFFFF
        self._packets += len(parts)
        self._octets += sum(map(len, parts))
        self.frames_sent += 1
        self._report(n, clip.fps, timestamp)

    def _report(self, n: int, fps: int, timestamp: int) -> None:
        utc = n / fps + timecode.phase_s(self.spec.number, fps)
        for viewer in tuple(self.viewers):
            if viewer.report_due(utc):
                viewer.send_report(
                    rtp.sender_report(
                        self.ssrc, utc, timestamp, self._packets, self._octets, viewer.channel + 1
                    )
                )

    def show(self, fault: Fault) -> None:
        """Takes up a fault or ends it; one that concerns the connection resets it, to be seen at once."""
        self.fault = Fault.OK if fault is Fault.DROP else fault
        if fault in faults.RESETS:
            for connection in tuple(self.connections):
                connection.reset()
