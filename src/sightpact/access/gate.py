"""ADMIT and CUT. Every picture that leaves was admitted here, and every picture that ends by law is cut here.

The gate runs on its own thread with its own event loop and owns the registry of streams. Facts are read on one reader
thread and entries written on one writer thread beside it (`threads.py`); deciding needs neither. Who is there stands in
`room.py`. There is no other way to a picture:

  admit   a viewer asks -> the law answers (decide.authorize) -> pending -> the entry is durable -> the lease leaves
  renew   a beat every 0.5 s names exactly the streams that still hold; who is not named goes dark by itself
  cut     the facts moved, or a deadline passed -> the law is asked again for every stream -> what it refuses is cut
          an agreement was suspended -> everything under it is cut at once, before its new facts are even read
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import threading
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from django.db import Error

from sightpact.access import actions, facts, gate_log, limits, watch, words
from sightpact.access.edge_link import EdgeLink, listen
from sightpact.access.errors import DoesNotFit, LogBusy, LogUnwritable
from sightpact.access.facts import Snapshot, Unsettled
from sightpact.access.room import Room
from sightpact.access.streams import Registry, State, Stream, ground
from sightpact.access.sweep import AskedOnce
from sightpact.access.threads import Threads
from sightpact.access.viewers import MOST_CAMERAS, Ask
from sightpact.decide.facts import Answer, Grant, Refusal
from sightpact.ledger import clock, epoch
from sightpact.ledger.errors import EpochMoved
from sightpact.wire.messages import (
    Admit,
    Admitted,
    Beat,
    Cut,
    Ended,
    FromEdge,
    Health,
    Hello,
    Lease,
    Misuse,
    Progress,
    Reason,
    Redeem,
    Refused,
    Until,
    ViewerGone,
    Welcome,
)

log = logging.getLogger(__name__)

BEAT_S = 0.5
LOOK_S = 0.025  # how often commits of other processes and deadlines are looked for
SESSIONS_S = 30.0  # how often sign-ins that ran out are looked for
CUT_AT_ONCE = 64  # streams in one message: the edge serves everybody's pictures between two messages
AGAIN_S = 2.0  # how often what could not be written at the start is tried again
WELL_S = 2.0  # a gate that has not read the facts for so long renews nothing


class Gate:
    """One per records process. `start` and `stop` are called from outside; everything else runs on its thread."""

    def __init__(self, socket: Path, origins: Sequence[str]) -> None:
        self._socket, self._origins = socket, list(origins)
        self._session = secrets.token_hex(8)
        self._registry = Registry()
        self._asked: list[Ask] = []
        self._cameras_left = limits.Allowance(limits.CAMERAS_AT_ONCE, limits.CAMERAS_PER_S)
        self._refusals_left = limits.Allowance(limits.REFUSALS_AT_ONCE, limits.REFUSALS_PER_S)
        self._snapshot: Snapshot  # the facts as last read; set before anybody may connect
        self._beats = 0
        self.looked_at = 0.0  # monotonic: when the facts were last read; old means that nothing is renewed
        self._sources_of = -1  # world epoch of the camera list that the edges have
        self._handled: tuple[int, ...] | None = (
            None  # version of the facts that everything above was done for
        )
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="gate", daemon=True)

    # from outside ---------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Close what a dead gateway left open, then listen for edges. Returns when an edge may connect."""
        self._thread.start()
        until = clock.monotonic() + 30
        while not self._ready.wait(0.1):
            if not self.alive or clock.monotonic() > until:
                raise RuntimeError("the gate did not start")

    def stop(self) -> None:
        """End all streams with a written end, then go."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join(10)

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    @property
    def well(self) -> bool:
        """It runs and reads the facts."""
        return self.alive and clock.monotonic() - self.looked_at < WELL_S

    def _news(self, _value: epoch.EpochValue) -> None:
        self._loop.call_soon_threadsafe(self._wake.set)

    # its thread -----------------------------------------------------------------------------------------------

    def _run(self) -> None:
        asyncio.run(self._main())

    async def _main(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopping, self._wake, self._asking = (asyncio.Event() for _ in range(3))
        self._threads = Threads(self._unwritable_soon)
        self._room = Room(self._registry, self._threads)
        left_over = await self._threads.read(gate_log.left_over)
        settled = await self._close_left_over(left_over)
        self._snapshot = await self._threads.read(facts.snapshot)
        quiet = epoch.subscribe(self._news)
        server = await listen(self._socket, self._joined, self._heard, self._room.left)
        jobs = [self._holding(), self._admitting()] + ([] if settled else [self._settling(left_over)])
        tasks = [asyncio.create_task(job) for job in jobs]
        for task in tasks:
            task.add_done_callback(self._died)
        self._ready.set()
        await self._stopping.wait()
        quiet()
        for task in tasks:
            task.cancel()
        self._cut_all(Reason("gateway_stopped", words.stopping()))
        await asyncio.sleep(0.2)
        server.close()
        self._threads.submit(gate_log.close_all, list(self._registry.streams.values()), "gateway_stopped")
        self._threads.submit(gate_log.close_rest)
        await self._threads.close()

    async def _close_left_over(self, ids: list[int]) -> bool:
        try:
            await self._threads.write(partial(gate_log.close_left_over, ids))
        except LogUnwritable as fault:
            log.error("%s The ends of pictures that were open are written later.", fault)
            return False
        return True

    async def _settling(self, ids: list[int]) -> None:
        """The record could not be written at the start: the ends of what was open then are written when it can."""
        while not await self._close_left_over(ids):
            await asyncio.sleep(AGAIN_S)

    def _died(self, task: asyncio.Task[None]) -> None:
        """A loop of the gate must not end: without it nothing is renewed, so every picture goes dark. Say so, and go."""
        if not task.cancelled() and task.exception() is not None:
            log.critical("the gate broke; all pictures go dark", exc_info=task.exception())
            self._stopping.set()

    # admit ----------------------------------------------------------------------------------------------------

    async def _admitting(self) -> None:
        """Take everything that is asked for at once and write it in one durable commit; meanwhile the next gathers."""
        while True:
            await self._asking.wait()
            self._asking.clear()
            asked, self._asked = self._asked, []
            await self._admit_many(asked)

    async def _admit_many(self, asks: list[Ask]) -> None:
        """Decide, register as pending, write; then lease what is still pending. Decide again if the facts moved."""
        while asks := [ask for ask in asks if ask.viewer.id in self._room.viewers]:
            try:
                snapshot = await self._threads.read(facts.snapshot)
            except (Error, Unsettled):
                log.exception("the facts cannot be read: nothing is admitted")
                self._refuse(asks, Reason("facts_away", words.facts_away()))
                await self._threads.read(gate_log.hang_up)
                return
            answers, pending = self._decide(asks, snapshot)
            plans, refusals = gate_log.entries(snapshot, asks, answers, pending)
            try:
                receipts = await self._threads.write(partial(actions.admit, plans, refusals, snapshot.epoch))
                entries: list[int | None] = [receipt.index for receipt in receipts]
            except EpochMoved:
                self._forget(pending)
                continue
            except DoesNotFit as fault:
                self._forget(pending)
                if len(asks) > 1:  # whose it was must not close the others
                    for ask in asks:
                        await self._admit_many([ask])
                else:
                    log.error("a request cannot be written: %s", fault)
                    self._refuse(asks, Reason("error", words.not_written()))
                return
            except LogUnwritable as fault:
                entries = await self._threads.write(partial(gate_log.without_log, plans, refusals, fault))
                if not isinstance(fault, LogBusy):
                    self._unwritable()
            self._answer(snapshot, asks, answers, pending, entries)
            return

    def _refuse(self, asks: list[Ask], reason: Reason) -> None:
        for ask in asks:
            ask.viewer.link.send(Admitted(ask.req, [], [Refused(camera, reason) for camera in ask.cameras]))

    def _decide(
        self, asks: list[Ask], snapshot: Snapshot
    ) -> tuple[dict[tuple[int, str], Answer], dict[tuple[int, str], Stream]]:
        """The law's answer for each camera asked for; a grant is registered at once, so that a change finds it."""
        asked = AskedOnce(snapshot, self._registry.streams.values())
        answers: dict[tuple[int, str], Answer] = {}
        pending: dict[tuple[int, str], Stream] = {}
        for number, ask in enumerate(asks):
            for camera in ask.cameras:
                answer = asked.answer(ask.viewer.bearer.person, camera)
                answers[number, camera] = answer
                if isinstance(answer, Grant):
                    asked.seat(ask.viewer.bearer.person, answer)
                    pending[number, camera] = self._registry.ask(
                        ask.viewer.id, ask.viewer.bearer.person, camera, answer
                    )
        return answers, pending

    def _answer(
        self,
        snapshot: Snapshot,
        asks: list[Ask],
        answers: dict[tuple[int, str], Answer],
        pending: dict[tuple[int, str], Stream],
        entries: Sequence[int | None],
    ) -> None:
        """The entries are durable: send a lease for every stream that no change has dropped meanwhile."""
        began = clock.now().timestamp()
        written = dict(zip(pending, entries, strict=True))
        dropped: list[Stream] = []
        for number, ask in enumerate(asks):
            leases, refused = [], []
            for camera in ask.cameras:
                answer = answers[number, camera]
                stream = pending.get((number, camera))
                if stream is None:
                    assert not isinstance(answer, Grant)
                    refused.append(
                        Refused(
                            camera, words.refusal_reason(snapshot, ask.viewer.bearer.person, camera, answer)
                        )
                    )
                    continue
                entry = written[number, camera]
                if (
                    entry is not None
                    and ask.viewer.id in self._room.viewers
                    and self._registry.committed(stream, entry, began)
                ):
                    leases.append(_lease(stream))
                else:
                    stream.entry, stream.began = entry, began
                    dropped.append(stream)
                    reason = (
                        words.end_reason(snapshot, stream)
                        if entry is not None
                        else words.log_unwritable(stream)
                    )
                    refused.append(Refused(camera, reason))
            ask.viewer.link.send(Admitted(ask.req, leases, refused, _now_utc_ms()))
            if refused and not self._refusals_left.take(
                ask.viewer.bearer.person, len(refused), clock.monotonic()
            ):
                self._room.dismiss(ask.viewer, Reason("too_many", words.too_many()))
        self._room.settle(dropped)
        watch.changed(snapshot, [stream.camera for stream in pending.values()])

    # renew and cut --------------------------------------------------------------------------------------------

    async def _holding(self) -> None:
        """The gate's heart. At once when this process commits, within 25 ms when another does or a deadline passes: read the
        facts, cut what they no longer cover. Every 0.5 s, after that: the beat. No facts, no beat, no picture.
        """
        next_beat = next_sessions = 0.0
        while True:
            try:
                closed = await self._close_suspended()
                snapshot = await self._threads.read(facts.snapshot)
                if closed:
                    watch.changed(snapshot, [stream.camera for stream in closed])
                if clock.monotonic() >= next_sessions:  # a sign-in that ends by time moves no epoch
                    await self._room.close_ended_sessions()
                    next_sessions = clock.monotonic() + SESSIONS_S
                self.looked_at = clock.monotonic()
                if await self._redecide(snapshot) or clock.monotonic() >= next_beat:
                    self._beat()
                    next_beat = clock.monotonic() + BEAT_S
            except (Error, Unsettled):
                log.exception("the facts cannot be read: nothing is renewed")
                await self._threads.read(gate_log.hang_up)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), LOOK_S)
            self._wake.clear()

    def _beat(self) -> None:
        """Name exactly the streams that hold; who is not named goes dark by itself."""
        self._beats += 1
        mine: dict[EdgeLink, list[int]] = {link: [] for link in self._room.links}
        for number in self._registry.renewable():
            link = self._room.link_of(self._registry.streams[number])
            if link in mine:
                mine[link].append(number)
        for link, numbers in mine.items():
            link.send(Beat(self._beats, numbers, _now_utc_ms()))
        self._room.settle_late()

    async def _close_suspended(self) -> list[Stream]:
        """What runs under an agreement that was suspended since the facts were read ends now: the law lets nothing be seen
        under it (guarantee `nothing_out_of_force`), and reading the whole world takes longer than this.
        """
        suspended = await self._threads.read(partial(facts.suspended_since, self._snapshot))
        if not suspended:
            return []
        cut = self._registry.redecide(
            lambda s: Refusal("suspended") if s.grant.agreement in suspended else s.grant
        )
        asked = AskedOnce(self._snapshot, ())
        self._tell_cut(
            cut,
            asked.once(cut, lambda s: words.suspended(self._snapshot, s, suspended[s.grant.agreement])),
        )
        return cut

    async def _redecide(self, snapshot: Snapshot) -> bool:
        """If the facts moved or a deadline passed: ask the law again for every stream, and cut what it refuses."""
        self._snapshot = snapshot
        until = self._registry.earliest_until()
        due = until is not None and clock.now().timestamp() >= until
        moved = snapshot.version != self._handled
        if not moved and not due:
            return False
        asked = AskedOnce(snapshot, self._registry.streams.values(), explained=False)
        later: list[Stream] = []
        cut = self._registry.redecide(
            lambda stream: asked.answer(stream.person, stream.camera, ground(stream.grant)), later.append
        )
        self._cut(cut, snapshot)
        self._move_ends(later)
        if moved:
            await self._room.close_ended_sessions()
            watch.sharing_changed(snapshot)
        if snapshot.epoch.world != self._sources_of:
            sources = await self._threads.read(gate_log.sources)
            for link in self._room.links:
                link.send(sources)
            self._sources_of = snapshot.epoch.world
        self._handled = snapshot.version  # only now: what failed on the way is done again at the next look
        return True

    def _cut(self, streams: list[Stream], snapshot: Snapshot) -> None:
        """Tell the edges, grouped by reason: the touched tiles end within milliseconds."""
        asked = AskedOnce(snapshot, ())
        self._tell_cut(streams, asked.once(streams, lambda s: words.end_reason(snapshot, s, asked.answer)))
        if streams:
            watch.changed(snapshot, [stream.camera for stream in streams])

    def _move_ends(self, streams: list[Stream]) -> None:
        """The same ground lasts longer, or less long: the edges learn the new end, and the picture goes on."""
        groups: dict[tuple[EdgeLink, int | None], list[int]] = {}
        for stream in streams:
            link = self._room.link_of(stream)
            if link is not None:
                groups.setdefault((link, _until_ms(stream)), []).append(stream.id)
        for (link, until), ids in groups.items():
            link.send(Until(ids, until, _now_utc_ms()))

    def _unwritable(self) -> None:
        """The record cannot be written: what runs under a clause that then closes pictures ends now. The others go on."""
        running = [s for s in self._registry.streams.values() if s.grant.log_unwritable != "continue"]
        cut = [
            stream
            for stream in running
            if stream.state is State.LEASED and self._registry.cut(stream, "log_unwritable")
        ]
        self._tell_cut(cut, [words.log_unwritable(stream) for stream in cut])

    def _tell_cut(self, streams: list[Stream], reasons: list[Reason]) -> None:
        groups: dict[tuple[EdgeLink, Reason], list[int]] = {}
        for stream, reason in zip(streams, reasons, strict=True):
            stream.end_code, stream.cut_at = reason.code, clock.monotonic()
            link = self._room.link_of(stream)
            if link is not None:
                groups.setdefault((link, reason), []).append(stream.id)
        for (link, reason), ids in groups.items():
            for first in range(0, len(ids), CUT_AT_ONCE):
                link.send(Cut(ids[first : first + CUT_AT_ONCE], reason))

    def _cut_all(self, reason: Reason) -> None:
        for link in self._room.links:
            link.send(
                Cut(
                    [s.id for s in self._registry.streams.values() if self._registry.cut(s, reason.code)],
                    reason,
                )
            )

    # what edges say -------------------------------------------------------------------------------------------

    def _joined(self, link: EdgeLink) -> None:
        self._room.links.add(link)
        link.send(Welcome(self._session, self._origins))

    async def _heard(self, link: EdgeLink, message: FromEdge) -> None:
        match message:
            case Hello():
                log.info("edge %s joined", message.edge)
                link.send(await self._threads.read(gate_log.sources))
            case Redeem():
                await self._room.redeem(link, message, self._origins, self._snapshot)
            case Admit():
                self._ask(link, message)
            case Ended():
                self._ended(link, message)
            case ViewerGone():
                self._room.gone(message.viewer, "socket_closed")
            case Progress():
                self._room.progress(link, message)
            case Health():
                watch.health(message.cameras)
            case Misuse():
                self._room.misuse(message)

    def _ask(self, link: EdgeLink, message: Admit) -> None:
        viewer = self._room.viewers.get(message.viewer)
        if viewer is None or viewer.link is not link:
            link.send(Admitted(message.req, [], []))
            return
        cameras = tuple(dict.fromkeys(message.cameras[:MOST_CAMERAS]))
        if not self._cameras_left.take(viewer.bearer.person, len(cameras), clock.monotonic()):
            self._room.dismiss(viewer, Reason("too_many", words.too_many()))
            return
        self._asked.append(Ask(message.req, viewer, cameras))
        self._asking.set()

    def _ended(self, link: EdgeLink, message: Ended) -> None:
        done = self._room.ended(link, message)
        if done:
            watch.changed(self._snapshot, [stream.camera for stream in done])

    def _forget(self, streams: dict[tuple[int, str], Stream]) -> None:
        for stream in streams.values():
            self._registry.forget(stream)

    def _unwritable_soon(self) -> None:
        with contextlib.suppress(RuntimeError):  # the gate's loop is gone: so is every picture
            self._loop.call_soon_threadsafe(self._unwritable)


def _now_utc_ms() -> int:
    return int(clock.now().timestamp() * 1000)


def _until_ms(stream: Stream) -> int | None:
    until = stream.grant.until_utc
    return int(until.timestamp() * 1000) if until else None


def _lease(stream: Stream) -> Lease:
    return Lease(
        stream=stream.id,
        camera=stream.camera,
        lease_ms=int(stream.grant.lease_s * 1000),
        until_utc_ms=_until_ms(stream),
        clause=stream.grant.clause,
    )
