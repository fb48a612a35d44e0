"""What the edge tells the gate unasked: ends with final counts, progress, camera health. Gathered, sent in
batches."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from sightpact.live.edge import utc
from sightpact.live.edge.camera import Camera
from sightpact.live.edge.gatelink import GateLink
from sightpact.live.edge.metrics import Metrics
from sightpact.live.edge.stream import Stream
from sightpact.wire.messages import CameraHealth, Ended, Health, Progress, StreamEnd

HEALTH_S = 0.2  # changes are gathered so long: 400 cameras change at once when a switch loses power
MAX_HELD = (
    20_000  # ends kept while the gate is away; a gate that comes back with a new session closes them itself
)


class Reports:
    def __init__(self, gate: GateLink, metrics: Metrics) -> None:
        self._gate, self._metrics = gate, metrics
        self._ended: list[StreamEnd] = []
        self._health: dict[str, CameraHealth] = {}
        self._armed = False

    def ended(self, end: StreamEnd) -> None:
        """A stream ended; leaves within this turn of the loop."""
        if not self._ended:
            asyncio.get_running_loop().call_soon(self.flush)
        if len(self._ended) < MAX_HELD:
            self._ended.append(end)

    def flush(self) -> None:
        """Send the ends that wait; they wait on while the gate is away."""
        if self._ended and self._gate.send(Ended(self._ended)):
            self._ended = []

    def forget(self) -> None:
        """A new gate: it has closed the old streams' entries already."""
        self._ended = []

    def progress(self, streams: Iterable[Stream]) -> None:
        """Counts of the streams that sent something since the last time."""
        moved = [stream for stream in streams if stream.frames != stream.reported]
        if moved and self._gate.send(Progress([(item.id, item.frames, item.bytes) for item in moved])):
            for stream in moved:
                stream.reported = stream.frames
        self.flush()

    def health(self, camera: Camera) -> None:
        """A camera's state changed."""
        state = camera.state
        next_try = None if state.next_try is None else utc.ms_of(state.next_try)
        since = utc.ms_of(state.since)
        name = camera.spec.camera
        self._health[name] = CameraHealth(name, state.name, state.detail or state.text, since, next_try)
        if not self._armed:
            self._armed = True
            asyncio.get_running_loop().call_later(HEALTH_S, self._send_health)

    def health_of(self, cameras: Iterable[Camera]) -> None:
        """All states, for a gate that just came."""
        for camera in cameras:
            self.health(camera)

    def _send_health(self) -> None:
        self._armed = False
        if self._health and self._gate.send(Health(list(self._health.values()))):
            self._health = {}
