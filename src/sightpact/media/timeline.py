"""RTP time to decode time: always forward, whatever a camera's clock does. Pure arithmetic."""

from __future__ import annotations

RATE = 90_000
_JUMP = 10 * RATE  # a step above 10 s is a restarted clock, not a slow camera
_REORDERED = 20  # a step back adds 4, a step forward takes 1: only what recurs gets there


class Timeline:
    """Unwraps the 32 bit RTP clock into ticks that only grow.

    A step back, a stand-still or a jump is replaced by the time that passed between arrivals. Small steps
    back that recur mean B-frames (display order is not decode order): `reordered` says so.
    """

    __slots__ = ("_arrived", "_back", "_last", "duration", "reordered", "ticks")

    def __init__(self) -> None:
        self._last: int | None = None
        self._arrived = 0.0
        self._back = 0
        self.ticks = 0
        self.duration = RATE // 15  # estimate for the next frame: the last distance seen
        self.reordered = False

    def resume(self) -> None:
        """A new session begins: its RTP clock has nothing to do with the last one's."""
        self._back = 0
        self.reordered = False

    def at(self, rtp_time: int, arrived: float) -> int:
        """Decode time in ticks of a frame with this RTP time that arrived at `arrived` (monotonic
        seconds)."""
        if self._last is None:
            self._last, self._arrived = rtp_time, arrived
            return self.ticks
        delta = (rtp_time - self._last) & 0xFFFFFFFF
        if delta & 0x80000000:
            delta -= 1 << 32
        if -RATE < delta < 0:
            self._back += 4
            self.reordered = self.reordered or self._back > _REORDERED
        elif self._back:
            self._back -= 1
        if not 0 < delta <= _JUMP:
            delta = min(max(1, int((arrived - self._arrived) * RATE)), _JUMP)
        self._last, self._arrived = rtp_time, arrived
        self.ticks += delta
        self.duration = min(delta, RATE)
        return self.ticks
