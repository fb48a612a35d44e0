"""The edge: viewers and cameras of this process, and what the gate says about them.

Everything that is shown is shown under a lease of the gate; without the gate nothing new begins, and what
runs ends with its lease. Nothing here outlives the process, and nothing here decides who may see what.
"""

from __future__ import annotations

import asyncio
import math
import secrets
import ssl
import time
from collections.abc import Coroutine, Iterable

from sightpact.live.edge import utc, websocket
from sightpact.live.edge.camera import Camera
from sightpact.live.edge.gatelink import GateLink
from sightpact.live.edge.lease import Lease
from sightpact.live.edge.metrics import Metrics
from sightpact.live.edge.reports import Reports
from sightpact.live.edge.stream import Stream
from sightpact.live.edge.streams import Streams
from sightpact.live.edge.viewer import Viewer
from sightpact.live.edge.viewer_messages import say
from sightpact.wire import messages as wire

COALESCE_S = 0.03  # fragments of one viewer are gathered so long, but for the focused tile
MAX_SOCKETS, MAX_STRANGERS = 4096, 256  # connections, and those of them without an accepted ticket
CONNECTING_AT_ONCE = 32
STUCK_S = 15.0  # a viewer that reads nothing for so long is dropped

NO_GATE = wire.Reason(
    "gate_away", "The gateway's records do not answer. Nothing can be opened at the moment."
)
NO_SOURCE = wire.Reason("no_source", "This camera is not set up at the moment.")
RESTARTED = wire.Reason("gate_restarted", "The gateway was restarted. The picture has to be asked for again.")
REMOVED = wire.Reason("camera_removed", "This camera is no longer shared.")
STOPPING = wire.Reason("edge_stopped", "The gateway is being restarted.")
ASK_AGAIN = "The gateway's records do not answer. Ask for a new ticket."


class Edge:
    """One edge process.

    Args:
        gate_path: the gate's Unix socket.
        tls: server context when the edge itself speaks TLS.
        queue_bytes: fragments that may wait for one viewer.
        behind_proxy: take the client's address from X-Forwarded-For when the connection comes from this
            machine.
    """

    def __init__(
        self,
        gate_path: str,
        *,
        tls: ssl.SSLContext | None = None,
        queue_bytes: int = 256 * 1024,
        behind_proxy: bool = False,
    ) -> None:
        self.tls, self.queue_bytes, self.behind_proxy = tls, queue_bytes, behind_proxy
        self.metrics = Metrics()
        self.gate = GateLink(gate_path, secrets.token_hex(8), self)
        self.reports = Reports(self.gate, self.metrics)
        self.streams = Streams(self.reports, self.metrics)
        self.origins: frozenset[str] = frozenset()
        self._session = ""
        self._sockets: dict[Viewer, None] = {}  # in order of arrival
        self._viewers: dict[str, Viewer] = {}
        self._cameras: dict[str, Camera] = {}
        self._handshakes = asyncio.Semaphore(CONNECTING_AT_ONCE)
        self._requests = 0
        self._redeeming: dict[int, Viewer] = {}
        self._admitting: dict[int, tuple[Viewer, dict[int, str]]] = {}
        self._soon: set[Viewer] = set()
        self._later: set[Viewer] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def ready(self) -> bool:
        """Whether the gate is there and has said who may come."""
        return self.gate.connected and bool(self._session)

    # sockets ------------------------------------------------------------------------------------------------
    def arrived(self, viewer: Viewer) -> bool:
        """A connection. False when there are too many.

        Among those without a ticket the oldest gives way, so that idle connections cannot keep a real viewer out.
        """
        if len(self._sockets) >= MAX_SOCKETS:
            return False
        if len(self._sockets) - len(self._viewers) >= MAX_STRANGERS:
            next(other for other in self._sockets if not other.id).drop("socket_closed")
        self._sockets[viewer] = None
        return True

    def left(self, viewer: Viewer, code: str) -> None:
        """A socket is closed or closing: its streams end. Harmless when repeated."""
        self._sockets.pop(viewer, None)
        self._soon.discard(viewer)
        self._later.discard(viewer)
        known = bool(viewer.id) and self._viewers.get(viewer.id) is viewer
        streams = viewer.streams()
        viewer.tiles.clear()
        self.streams.forget(streams, code)
        if known:
            del self._viewers[viewer.id]
            self.reports.flush()  # the ends first: what comes after them is about nobody
            self.gate.send(wire.ViewerGone(viewer.id))

    def dropped(self, viewer: Viewer, code: str) -> None:
        """A socket is aborted because something was stuck in it."""
        self.metrics.count["live_aborted"] += 1
        self.left(viewer, code)

    def misused(self, viewer: Viewer, code: int, what: str) -> None:
        """A socket is closed for what it sent: the gate logs it."""
        self.metrics.count["live_misuse"] += 1
        self.gate.send(wire.Misuse(code, what[:200], viewer.address, viewer.id))

    def touched(self, viewer: Viewer, *, soon: bool) -> None:
        """Something waits for this viewer: send it in this turn of the loop, or gathered with what
        follows."""
        loop = asyncio.get_running_loop()
        if soon:
            if not self._soon:
                loop.call_soon(self._flush_soon)
            self._soon.add(viewer)
        else:
            if not self._later:
                loop.call_later(COALESCE_S, self._flush_later)
            self._later.add(viewer)

    def _flush_soon(self) -> None:
        viewers, self._soon = self._soon, set()
        now = time.monotonic()
        for viewer in viewers:
            viewer.flush(now)

    def _flush_later(self) -> None:
        viewers, self._later = self._later, set()
        now = time.monotonic()
        for viewer in viewers:
            viewer.flush(now)

    # what viewers ask ---------------------------------------------------------------------------------------
    def redeem(self, viewer: Viewer, ticket: str) -> None:
        """Ask the gate whether a ticket is good."""
        self._requests += 1
        if self.gate.send(wire.Redeem(self._requests, ticket, viewer.origin, viewer.address)):
            self._redeeming[self._requests] = viewer
        else:
            viewer.close(websocket.RESTARTED, ASK_AGAIN)

    def admit(self, viewer: Viewer, wanted: dict[int, str]) -> None:
        """Ask the gate for cameras. `wanted`: tile to camera."""
        self._requests += 1
        request = self._requests
        if not self.gate.send(wire.Admit(request, viewer.id, list(wanted.values()))):
            for tile, camera in wanted.items():
                viewer.refused(tile, camera, NO_GATE)
            return
        self._admitting[request] = viewer, wanted
        viewer.tiles.update(dict.fromkeys(wanted, request))

    def close_tiles(self, viewer: Viewer, tiles: Iterable[int]) -> None:
        """The viewer wants these tiles no more."""
        closed = [viewer.tiles.pop(tile) for tile in tiles if tile in viewer.tiles]
        self.streams.forget([item for item in closed if isinstance(item, Stream)], "closed")

    # what the gate says -------------------------------------------------------------------------------------
    def from_gate(self, message: wire.FromGate, now: float) -> None:
        """One message of the gate. `now`: monotonic seconds at which it was read."""
        begun = time.thread_time()
        self._hear(message, now)
        self.metrics.held(type(message).__name__.lower(), time.thread_time() - begun)

    def _hear(self, message: wire.FromGate, now: float) -> None:
        if isinstance(message, wire.Beat):
            self.streams.beat(message.streams, now, message.now_utc_ms or utc.now_ms())
        elif isinstance(message, wire.Until):
            self.streams.move(message.streams, message.until_utc_ms, now, message.now_utc_ms or utc.now_ms())
        elif isinstance(message, wire.Cut):
            found = self.streams.find(message.streams)
            self.metrics.count["live_cut"] += len(found)
            self.streams.end(found, "cut", message.reason)
        elif isinstance(message, wire.Admitted):
            self._admitted(message, now)
        elif isinstance(message, wire.Viewer | wire.NoViewer):
            self._redeemed(message)
        elif isinstance(message, wire.CloseViewer):
            self._close_viewer(message)
        elif isinstance(message, wire.Sources):
            self._sources(message.cameras)
        else:
            self._welcome(message, now)

    def gate_lost(self) -> None:
        """The gate is away: what was asked gets an answer now, what is shown ends with its lease."""
        self.streams.gate_since = math.inf
        self.metrics.count["live_gate_lost"] += 1
        redeeming, self._redeeming = self._redeeming, {}
        for viewer in redeeming.values():
            viewer.close(websocket.RESTARTED, ASK_AGAIN)
        admitting, self._admitting = self._admitting, {}
        for request, (viewer, wanted) in admitting.items():
            for tile, camera in wanted.items():
                if viewer.tiles.get(tile) == request:
                    viewer.refused(tile, camera, NO_GATE)

    def _welcome(self, message: wire.Welcome, now: float) -> None:
        """A gate introduces itself. It knows none of our viewers: it was restarted, or forgot them when the link broke."""
        self.streams.gate_since = now
        self.origins = frozenset(message.origins)
        before, self._session = self._session, message.session
        if before:
            self.streams.end(self.streams.all(), "closed", RESTARTED)
            self.reports.forget()
            for viewer in list(self._sockets):
                viewer.close(websocket.RESTARTED, "The gateway was restarted. Ask for a new ticket.")
        self.reports.flush()
        self.reports.health_of(self._cameras.values())

    def _redeemed(self, message: wire.Viewer | wire.NoViewer) -> None:
        viewer = self._redeeming.pop(message.req, None)
        if viewer is None or viewer not in self._sockets:
            return
        if isinstance(message, wire.NoViewer):
            viewer.close(websocket.BAD_TICKET, message.reason.text)
            return
        self._viewers[message.viewer] = viewer
        viewer.accepted(message.viewer, message.watermark)

    def _admitted(self, message: wire.Admitted, now: float) -> None:
        """Leases and refusals come; each goes to the tile that asked, if it is still there."""
        asked = self._admitting.pop(message.req, None)
        viewer, wanted = asked if asked is not None else (None, {})
        waiting: dict[str, list[int]] = {}
        for tile, name in wanted.items():
            if viewer is not None and viewer.tiles.get(tile) == message.req:
                waiting.setdefault(name, []).append(tile)
        begun = []
        for grant in message.leases:
            tiles, camera = waiting.get(grant.camera), self._cameras.get(grant.camera)
            if viewer is not None and tiles and camera is not None:
                began_ms = message.now_utc_ms or utc.now_ms()
                begun.append(self._begin(viewer, tiles.pop(), camera, grant, now, began_ms))
            else:
                here = viewer is not None and viewer in self._sockets
                self.reports.ended(wire.StreamEnd(grant.stream, "closed" if here else "socket_closed", 0, 0))
        for refusal in message.refused:
            if viewer is not None and waiting.get(refusal.camera):
                viewer.refused(waiting[refusal.camera].pop(), refusal.camera, refusal.reason)
        for name, tiles in waiting.items():
            for tile in tiles:
                assert viewer is not None
                viewer.refused(tile, name, NO_SOURCE)
        self.streams.open_gates(begun)

    def _begin(
        self, viewer: Viewer, tile: int, camera: Camera, grant: wire.Lease, now: float, now_utc_ms: float
    ) -> Stream:
        lease = Lease(grant.lease_ms, now, grant.until_utc_ms, now_utc_ms)
        stream = Stream(grant.stream, camera, viewer, tile, lease, grant.clause, grant.until_utc_ms)
        self.streams.begin(stream)
        until, lease_ms = grant.until_utc_ms, grant.lease_ms
        words = {"camera": grant.camera, "channel": camera.channel, "clause": grant.clause}
        viewer.say(say("opened", tile=tile, until=until, lease_ms=lease_ms, **words))
        viewer.say(camera.state_message(tile))
        return stream

    def _close_viewer(self, message: wire.CloseViewer) -> None:
        viewer = self._viewers.get(message.viewer)
        if viewer is not None:
            self.streams.end(viewer.streams(), "cut", message.reason)
            viewer.close(websocket.ENDED, message.reason.text)

    def _sources(self, specs: list[wire.Source]) -> None:
        listed = {spec.camera: spec for spec in specs}
        for name in [name for name in self._cameras if name not in listed]:
            camera = self._cameras.pop(name)
            self.streams.end(list(camera.streams), "closed", REMOVED)
            self._task(camera.stop())
        for name, spec in listed.items():
            if name not in self._cameras:
                self._cameras[name] = Camera(spec, self._handshakes, self.metrics, self._camera_state)
            elif self._cameras[name].spec != spec:
                self._cameras[name].change(spec)

    def _camera_state(self, camera: Camera) -> None:
        if self._cameras.get(camera.spec.camera) is camera:
            self.reports.health(camera)
        for stream in tuple(camera.streams):
            stream.viewer.say(camera.state_message(stream.tile))

    # running ------------------------------------------------------------------------------------------------
    def _task(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def metrics_text(self) -> str:
        """Counters and gauges as Prometheus text."""
        states = [camera.state.name for camera in self._cameras.values()]
        gauges = {
            "live_viewers": len(self._viewers),
            "live_streams": len(self.streams),
            "live_cameras": len(states),
            "live_cameras_live": states.count("live"),
            "live_gate_connected": int(self.gate.connected),
        }
        return self.metrics.text(gauges)

    async def run(self) -> None:
        """Serve until cancelled."""
        link = asyncio.create_task(self.gate.run())
        try:
            while True:
                await asyncio.sleep(2.0)
                self.reports.progress(self.streams.all())
                now = time.monotonic()
                for viewer in [v for v in self._sockets if v.paused_since and now - v.paused_since > STUCK_S]:
                    viewer.drop("slow_aborted")
        finally:
            await self._stop(link)

    async def _stop(self, link: asyncio.Task[None]) -> None:
        """End cleanly: tiles are told, counts go to the gate, cameras are released."""
        self.streams.end(self.streams.all(), "closed", STOPPING)
        for viewer in list(self._sockets):
            viewer.close(websocket.RESTARTED, "The gateway is being restarted. Ask for a new ticket.")
        self.reports.flush()
        stops = [asyncio.ensure_future(camera.stop()) for camera in self._cameras.values()]
        await asyncio.wait([*stops, asyncio.ensure_future(asyncio.sleep(0.2))], timeout=1.0)
        link.cancel()
        await asyncio.wait([link], timeout=1.0)
