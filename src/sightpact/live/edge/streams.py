"""All streams of this edge: how they begin, are renewed by beats, and end. The one place where a stream ends.

Never: a stream without a lease, or a fragment of a stream after its end.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Iterable

from sightpact.live.edge import utc
from sightpact.live.edge.metrics import Metrics
from sightpact.live.edge.reports import Reports
from sightpact.live.edge.stream import Stream
from sightpact.live.edge.viewer import Viewer
from sightpact.live.edge.viewer_messages import say
from sightpact.wire.messages import Reason, StreamEnd

LAST_WORD_S = (
    0.5  # at the basis's own end the picture stops at once; the gate's words may follow so much later
)

LAPSED = Reason("lease_lapsed", "The permission for this picture was not renewed in time.")
OVER = Reason("lease_lapsed", "The time for this picture is over.")


class Streams:
    """The register. `gate_since`: set by the edge, monotonic time since which the gate is there without a
    break."""

    def __init__(self, reports: Reports, metrics: Metrics) -> None:
        self._reports, self._metrics = reports, metrics
        self._streams: dict[int, Stream] = {}
        self.gate_since = math.inf
        self._timer: asyncio.TimerHandle | None = None
        self._sweep_at = math.inf

    def __len__(self) -> int:
        return len(self._streams)

    def all(self) -> list[Stream]:
        return list(self._streams.values())

    def find(self, numbers: Iterable[int]) -> list[Stream]:
        """Those of the numbers that still run."""
        return [self._streams[number] for number in numbers if number in self._streams]

    # begin --------------------------------------------------------------------------------------------------
    def begin(self, stream: Stream) -> None:
        """Register a stream with a fresh lease and connect its camera. No picture yet: see `open_gates`."""
        self._streams[stream.id] = stream
        stream.viewer.tiles[stream.tile] = stream
        stream.camera.add(stream)
        self._sweep_by(stream.lease.good_until)

    def open_gates(self, streams: list[Stream]) -> None:
        """Let pictures through from now on.

        "Now" is taken after the loop has read once from every socket: what a camera had already delivered to
        this machine when the lease came is then stamped as older, and a viewer never gets it.
        """
        loop = asyncio.get_running_loop()

        def mark() -> None:
            now = time.monotonic()
            for stream in streams:
                stream.since = now

        loop.call_soon(lambda: loop.call_later(0.001, mark))

    # renew --------------------------------------------------------------------------------------------------
    def beat(self, numbers: Iterable[int], now: float, now_utc_ms: float) -> None:
        """Extend exactly the listed streams, from `now` (monotonic seconds at which the beat was read; `now_utc_ms` is the
        same moment as the gate's clock tells it)."""
        told: dict[Viewer, list[tuple[int, int]]] = {}
        for number in numbers:
            stream = self._streams.get(number)
            if stream is not None and stream.lease.extend(now, now_utc_ms):
                told.setdefault(stream.viewer, []).append((stream.tile, stream.lease.left_ms(now)))
        for viewer, tiles in told.items():
            viewer.say_leases(tiles)

    def move(self, numbers: Iterable[int], until_utc_ms: int | None, now: float, now_utc_ms: float) -> None:
        """These streams' ground ends at another time now; times as in `beat`."""
        for number in numbers:
            stream = self._streams.get(number)
            if stream is not None and stream.lease.move(until_utc_ms, now, now_utc_ms):
                stream.until_utc_ms = until_utc_ms
                self._sweep_by(stream.lease.good_until)

    # end ----------------------------------------------------------------------------------------------------
    def forget(self, streams: Iterable[Stream], code: str) -> None:
        """End streams whose viewer needs no word: no fragment any more, counts go to the gate."""
        for stream in streams:
            if not stream.ended:
                stream.ended = True
                self._streams.pop(stream.id, None)
                stream.camera.remove(stream)
                stream.viewer.outbox.drop(stream)
                self._reports.ended(StreamEnd(stream.id, code, stream.frames, stream.bytes))

    def end(self, streams: list[Stream], code: str, reason: Reason) -> None:
        """End streams now.

        1. No further fragment: the stream leaves its camera's list.
        2. What waits in its viewer's queue is forgotten.
        3. The tile is told why.
        4. What already went to the socket must leave soon, or the socket is dropped with it.
        5. The final counts go to the gate.
        """
        self.forget(streams, code)
        at = utc.now_ms()
        marks: dict[Viewer, int] = {}
        for stream in streams:
            viewer = stream.viewer
            viewer.tiles.pop(stream.tile, None)
            words = {"code": reason.code, "text": reason.text, "clause": reason.clause}
            viewer.say(say("end", tile=stream.tile, at=at, **words))
            marks[viewer] = max(marks.get(viewer, 0), stream.mark)
        now = time.monotonic()
        for viewer, mark in marks.items():
            viewer.flush(now)
            viewer.drain(mark)

    def _sweep_by(self, when: float) -> None:
        """Look at all leases at `when` (monotonic) at the latest."""
        if when < self._sweep_at:
            if self._timer is not None:
                self._timer.cancel()
            self._sweep_at = when
            delay = max(0.002, when - time.monotonic() + 0.001)
            self._timer = asyncio.get_running_loop().call_later(delay, self._sweep)

    def _sweep(self) -> None:
        """End what lapsed; come back when the next lease would."""
        now = time.monotonic()
        self._timer, self._sweep_at = None, math.inf
        missed, over, soonest = [], [], math.inf
        for stream in self._streams.values():
            lease = stream.lease
            if lease.good(now):
                soonest = min(soonest, lease.good_until)
            elif not lease.capped(now):
                missed.append(stream)
            elif now >= lease.good_until + LAST_WORD_S:
                over.append(stream)
            else:
                soonest = min(soonest, lease.good_until + LAST_WORD_S)
        self._metrics.count["live_lapsed"] += len(missed)
        self._metrics.count["live_false_dark"] += sum(
            item.lease.renewed_at >= self.gate_since for item in missed
        )
        self.end(missed, "lease_lapsed", LAPSED)
        self.end(over, "lease_lapsed", OVER)
        if soonest < math.inf:
            self._sweep_by(soonest)
