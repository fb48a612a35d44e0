"""One camera, kept connected: connect, play, notice silence, try again. Says at each change how things stand.

Holds no pictures. The caller starts and stops it and gets frames by callback on the event loop.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass

from sightpact.media.errors import Lost, MediaError, Refused, Unsupported
from sightpact.media.frames import Frame, Parameters, SenderReport
from sightpact.media.rtsp import url
from sightpact.media.rtsp.session import Session, Target, open_session
from sightpact.media.timeline import Timeline

log = logging.getLogger("sightpact.media")

STALLED_S = 2.0  # no frame for so long: the tile says so
SILENT_S = 8.0  # no frame for so long: connect anew
FIRST_FRAME_S = 30.0  # from PLAY to the first key frame; cameras with "smart" codecs take long
MAX_BYTES_PER_S = 16 * 1024 * 1024  # more than any camera sends
STEADY_S = 10.0  # connected so long: the next failure starts counting from one again
RETRY_UNSUPPORTED_S = 60.0


@dataclass(frozen=True, slots=True)
class State:
    """How a camera is."""

    name: str  # idle, connecting, live, stalled, lost, unsupported
    text: str  # for whoever looks at the tile: no addresses
    detail: str  # for the owner's technician: what was tried, never a password
    since: float  # wall-clock seconds
    next_try: float | None = None  # wall-clock seconds


IDLE = State("idle", "", "", 0.0)


class CameraSource:
    """Keeps one camera's stream.

    Args:
        address_url: rtsp:// or rtsps://, without credentials.
        on_frame: each whole frame, from a key frame on.
        on_parameters: before the first frame, and at each change.
        on_state: each change of state.
        handshakes: limits how many cameras that nobody waits for connect at the same time.
        silent_s: seconds without a frame after which the camera is connected anew.
        patient: asked before each pause: True when nobody waits for this camera, so that pauses may be long.
    """

    def __init__(
        self,
        address_url: str,
        *,
        on_frame: Callable[[Frame], None],
        on_parameters: Callable[[Parameters], None],
        on_state: Callable[[State], None],
        username: str = "",
        password: str = "",
        networks: tuple[str, ...] = (),
        handshakes: asyncio.Semaphore | None = None,
        patient: Callable[[], bool] = lambda: False,
        silent_s: float = SILENT_S,
    ) -> None:
        self._url, self._username, self._password, self._networks = address_url, username, password, networks
        self._frame_out, self._parameters_out, self._state_out = on_frame, on_parameters, on_state
        self._handshakes, self._patient = handshakes or asyncio.Semaphore(1), patient
        self._silent_s = silent_s
        self.state = IDLE
        self.sender_report: SenderReport | None = None
        self.timeline = Timeline()
        self._task: asyncio.Task[None] | None = None
        self._ending: set[asyncio.Task[None]] = set()
        self._hurry = asyncio.Event()
        self._last_frame = 0.0
        self._failures = 0

    def start(self) -> None:
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._run())

    def halt(self) -> None:
        """Disconnect, without waiting for it. May be started again at once."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            self._ending.add(task)
            task.add_done_callback(self._ending.discard)
        self._say("idle", "")

    async def stop(self) -> None:
        """Disconnect and wait until the connection is closed."""
        self.halt()
        if self._ending:
            await asyncio.wait(self._ending)

    def hurry(self) -> None:
        """Somebody waits now: end the pause before the next attempt."""
        self._hurry.set()

    # ------------------------------------------------------------------------------------------------------
    def _say(self, name: str, text: str, detail: str = "", next_try: float | None = None) -> None:
        before = self.state
        if (before.name, before.text, before.detail) == (name, text, detail or text) and next_try is None:
            return
        since = before.since if before.name == name else time.time()
        self.state = State(name, text, detail or text, since, next_try)
        self._state_out(self.state)

    def _frame(self, frame: Frame) -> None:
        self._last_frame = frame.arrived_last
        timeline = self.timeline
        frame.ticks = timeline.at(frame.rtp_time, frame.arrived_last)
        frame.duration = timeline.duration
        if self.state.name != "live":
            self._say("live", "")
        self._frame_out(frame)

    async def _run(self) -> None:
        while True:
            try:
                await self._once()
            except Exception as error:
                fault = error if isinstance(error, MediaError) else self._unexpected(error)
                pause = self._pause(fault)
                name = "unsupported" if isinstance(fault, Unsupported) else "lost"
                self._say(name, fault.text, self._placed(fault.detail), time.time() + pause)
                await self._rest(pause, isinstance(fault, Unsupported))

    def _unexpected(self, error: Exception) -> Lost:
        """A fault of ours must not leave a camera dark for good: it is logged, and the camera tried again."""
        log.error("camera source failed", exc_info=error)
        return Lost(
            "The gateway failed to read the camera; it tries again.", f"unexpected {type(error).__name__}"
        )

    def _placed(self, detail: str) -> str:
        """The technician's text always says where."""
        try:
            place = url.parse(self._url).place
        except MediaError:
            return detail
        return detail if place in detail else f"{place}: {detail}"

    async def _rest(self, pause: float, patient: bool) -> None:
        """Wait for the next attempt; somebody's waiting shortens it, but never after a refusal."""
        self._hurry.clear()
        if patient:
            await asyncio.sleep(pause)
            return
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._hurry.wait(), pause)

    def _pause(self, fault: MediaError) -> float:
        """Seconds until the next attempt: doubling, with jitter, so that cameras do not come back in step."""
        self._failures += 1
        if isinstance(fault, Refused | Unsupported):
            return RETRY_UNSUPPORTED_S * random.uniform(0.8, 1.2)  # noqa: S311 - jitter, no secret
        longest = 30.0 if self._patient() else 3.0
        return min(longest, 0.25 * 2.0 ** min(self._failures, 8)) * random.uniform(0.6, 1.0)  # noqa: S311

    async def _once(self) -> None:
        """One session, from connecting until it is lost. Always raises."""
        if self.state.name not in ("lost", "unsupported"):
            self._say("connecting", "Connecting to the camera.")
        target = Target(url.parse(self._url), self._username, self._password, self._networks)
        self.timeline.resume()
        self._last_frame = 0.0
        queued = await self._turn()
        try:
            session = await open_session(target, self._frame, self._parameters_out)
        finally:
            if queued:
                self._handshakes.release()
        started = time.monotonic()
        try:
            await self._watch(session, started)
        finally:
            session.close()
            if self._last_frame and time.monotonic() - started > STEADY_S:
                self._failures = 0

    async def _turn(self) -> bool:
        """Wait for a place among those that connect. Returns whether one was taken.

        A camera that somebody waits for takes none: it does not queue behind cameras that nobody watches.
        """
        if not self._patient():
            return False
        loop = asyncio.get_running_loop()
        place, rush = loop.create_task(self._handshakes.acquire()), loop.create_task(self._hurry.wait())
        try:
            await asyncio.wait({place, rush}, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():
                self._handshakes.release()
            raise
        finally:
            rush.cancel()
            place.cancel()
        return place.done()

    async def _watch(self, session: Session, started: float) -> None:
        place = url.parse(self._url).place
        before, checked = 0, time.monotonic()
        while True:
            await asyncio.wait([session.lost], timeout=self._next_check())
            if session.lost.done():
                session.lost.result()
                raise Lost("The camera closed the connection.", f"{place}: connection closed")
            now = time.monotonic()
            self.sender_report = session.sender_report
            received = session.received()
            if received - before > MAX_BYTES_PER_S * max(1.0, now - checked):
                raise Lost("The camera sends more than a camera can.", f"{place}: over 16 MiB a second")
            before, checked = received, now
            self._judge(now - (self._last_frame or started), received, place, session)

    def _next_check(self) -> float:
        """Seconds until silence would have to be noticed."""
        if not self._last_frame or self.state.name != "live":
            return 0.5
        return max(0.05, self._last_frame + STALLED_S - time.monotonic() + 0.01)

    def _judge(self, quiet_s: float, received: int, place: str, session: Session) -> None:
        if self.timeline.reordered:
            raise Unsupported(
                "The camera sends pictures out of order (B-frames). District IT can switch them off.",
                f"{place}: RTP times run backwards: B-frames",
            )
        counts = ""
        if session.assembler is not None:
            found = session.assembler
            counts = (
                f"; {found.bad_packets} unreadable and {found.lost_packets} missing packets, "
                f"{found.dropped_frames} frames dropped"
            )
        if not self._last_frame:
            if quiet_s > FIRST_FRAME_S or (quiet_s > self._silent_s and received < 4096):
                raise Lost(
                    "The camera answers but sends no picture.",
                    f"{place}: no whole frame in {quiet_s:.0f} s{counts}",
                )
            if quiet_s > STALLED_S and self.state.name != "connecting":
                self._say("connecting", "Waiting for the camera's next key picture.")
        elif quiet_s > self._silent_s:
            raise Lost(
                "The camera stopped sending pictures.", f"{place}: no whole frame for {quiet_s:.0f} s{counts}"
            )
        elif quiet_s > STALLED_S and self.state.name != "stalled":
            self._say(
                "stalled",
                "No new picture from the camera for more than 2 seconds.",
                f"{place}: no frame{counts}",
            )
