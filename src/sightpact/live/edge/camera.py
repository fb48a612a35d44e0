"""One camera in the edge: its source, who watches it, and the one fragment that all of them share.

Never keeps a picture: a frame is sent at once to those who may have it, or forgotten.
"""

from __future__ import annotations

import asyncio
import base64
import secrets
import struct
import time
from collections.abc import Callable

from sightpact.live.edge import utc, websocket
from sightpact.live.edge.metrics import Metrics
from sightpact.live.edge.stream import Stream
from sightpact.live.edge.viewer_messages import say
from sightpact.media.fmp4 import HEADER_BYTES, fragment_header
from sightpact.media.frames import Frame, Parameters
from sightpact.media.source import CameraSource, State
from sightpact.wire.messages import Source

LINGER_S = 30.0  # an unwatched camera stays connected so long: people come back
_HEAD = struct.Struct(">IB3xQ")  # channel, flags, arrival in UTC microseconds


class Camera:
    """Fans one camera out.

    Args:
        spec: what the gate says about it.
        handshakes: limits simultaneous connecting.
        metrics: counters of the process.
        on_state: called with this camera at each change of its state.
    """

    def __init__(
        self,
        spec: Source,
        handshakes: asyncio.Semaphore,
        metrics: Metrics,
        on_state: Callable[[Camera], None],
    ) -> None:
        self.spec = spec
        self.channel = secrets.randbits(32)
        self.streams: list[Stream] = []
        self.parameters: Parameters | None = None
        self._config: dict[str, object] = {}
        self._sequence = 0
        self._metrics, self._on_state, self._handshakes = metrics, on_state, handshakes
        self._linger: asyncio.TimerHandle | None = None
        self._source = self._make()
        if spec.standby:
            self._source.start()

    @property
    def state(self) -> State:
        return self._source.state

    def _make(self) -> CameraSource:
        spec = self.spec
        return CameraSource(
            spec.url,
            username=spec.username,
            password=spec.password,
            networks=spec.allowed,
            on_frame=self._frame,
            on_parameters=self._adopt,
            on_state=lambda _: self._on_state(self),
            handshakes=self._handshakes,
            patient=lambda: not self.streams,
        )

    # who watches --------------------------------------------------------------------------------------------
    def add(self, stream: Stream) -> None:
        """Begin to watch: the camera is connected, if it is not, and its next key frame goes out."""
        self.streams.append(stream)
        if self._linger is not None:
            self._linger.cancel()
            self._linger = None
        self._source.start()
        self._source.hurry()

    def remove(self, stream: Stream) -> None:
        """No longer watched by this one; without viewers it stays connected for a while."""
        self.streams.remove(stream)
        if not self.streams and not self.spec.standby and self._linger is None:
            self._linger = asyncio.get_running_loop().call_later(LINGER_S, self._leave)

    def _leave(self) -> None:
        self._linger = None
        if not self.streams and not self.spec.standby:
            self._source.halt()

    def change(self, spec: Source) -> None:
        """The gate says something else about this camera. A new address or password means a new
        connection."""
        before, self.spec = self.spec, spec
        same = (before.url, before.username, before.password, before.allowed) == (
            spec.url,
            spec.username,
            spec.password,
            spec.allowed,
        )
        if not same:
            self._source.halt()
            self._source = self._make()
        if spec.standby or self.streams:
            self._source.start()
        elif self._linger is None:
            self._linger = asyncio.get_running_loop().call_later(LINGER_S, self._leave)

    async def stop(self) -> None:
        """Disconnect for good."""
        if self._linger is not None:
            self._linger.cancel()
        await self._source.stop()

    # pictures -----------------------------------------------------------------------------------------------
    def _adopt(self, parameters: Parameters) -> None:
        if self.parameters is not None and self.parameters.record == parameters.record:
            return
        self.parameters = parameters
        self._config = {
            "channel": self.channel,
            "codec": parameters.codec,
            "width": parameters.width,
            "height": parameters.height,
            "init": base64.b64encode(parameters.init).decode(),
            "avcc": base64.b64encode(parameters.record).decode(),
        }

    def _frame(self, frame: Frame) -> None:
        """Give a frame to everybody who may have it now. Each stream's lease is asked, every time."""
        self._metrics.count["live_frames"] += 1
        if not self.streams:
            return
        now = time.monotonic()
        key, parameters = frame.key, self.parameters
        built: bytes | None = None
        for stream in tuple(self.streams):  # a socket that turns out dead leaves the list meanwhile
            if not stream.lease.good(now):
                continue
            viewer = stream.viewer
            if stream.waiting_key or stream.parameters is not parameters:
                if not key or frame.arrived_first <= stream.since:
                    continue
                if stream.parameters is not parameters:
                    stream.parameters = parameters
                    viewer.say(say("config", tile=stream.tile, **self._config))
                stream.waiting_key = False
            if built is None:
                built = self._build(frame)
            if viewer.outbox.offer(stream, built):
                viewer.touch(stream.tile)
            else:
                stream.waiting_key = True
                self._metrics.count["live_skipped"] += 1

    def _build(self, frame: Frame) -> bytes:
        """The fragment with its WebSocket header: made once, sent to all."""
        self._sequence += 1
        self._metrics.count["live_fragments"] += 1
        arrived_us = utc.us_at(frame.arrived_last)
        return b"".join(
            (
                websocket.header(websocket.BINARY, _HEAD.size + HEADER_BYTES + frame.size),
                _HEAD.pack(self.channel, frame.key, arrived_us),
                fragment_header(self._sequence, frame.ticks, frame.duration, frame.size, frame.key),
                *frame.pieces,
            )
        )

    def state_message(self, tile: int) -> bytes:
        """How this camera is, for one tile."""
        state = self._source.state
        name = "connecting" if state.name == "idle" else state.name
        since = utc.ms_of(state.since)
        next_try = None if state.next_try is None else utc.ms_of(state.next_try)
        return say("state", tile=tile, state=name, since=since, next_try=next_try, text=state.text)
