"""ADMIT and CUT. Every picture that leaves was admitted here, and every picture that ends by law is cut here.

The gate runs on its own thread with its own event loop; decisions are read and made on that thread, entries are written
on one writer thread beside it. It owns the registry of streams. There is no other way to a picture:

  admit   a viewer asks -> the law answers (decide.authorize) -> pending -> the entry is durable -> the lease leaves
  renew   a beat every 0.5 s names exactly the streams that still hold; who is not named goes dark by itself
  cut     the facts moved, or a deadline passed -> the law is asked again for every stream -> what it refuses is cut
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from sightpact.access import actions, facts, gate_log, tickets, watch, words
from sightpact.access.edge_link import EdgeLink, listen
from sightpact.access.errors import LogUnwritable
from sightpact.access.facts import Snapshot
from sightpact.access.streams import Registry, State, Stream
from sightpact.decide.facts import Action, Answer, Grant
from sightpact.ledger import clock, epoch
from sightpact.ledger.errors import EpochMoved
from sightpact.wire.messages import (
    Admit,
    Admitted,
    Beat,
    CloseViewer,
    Cut,
    Ended,
    FromEdge,
    Health,
    Hello,
    Lease,
    Misuse,
    NoViewer,
    Progress,
    Reason,
    Redeem,
    Refused,
    Viewer,
    Welcome,
)

log = logging.getLogger(__name__)
T = TypeVar("T")

BEAT_S = 0.5
LOOK_S = 0.025  # how often commits of other processes and deadlines are looked for
SETTLE_S = 1.0  # how long a cut stream may take to report its last counts
MOST_CAMERAS = 64  # per request


@dataclass(slots=True)
class Watching:
    """One viewer socket at an edge."""

    id: str
    link: EdgeLink
    bearer: tickets.Bearer
    refusals: int = 0  # in this minute; too many close the socket


@dataclass(frozen=True, slots=True)
class Ask:
    link: EdgeLink
    req: int
    viewer: Watching
    cameras: tuple[str, ...]


class Gate:
    """One per records process. `start` and `stop` are called from outside; everything else runs on its thread."""

    def __init__(self, socket: Path, origins: Sequence[str]) -> None:
        self._socket, self._origins = socket, list(origins)
        self._session = secrets.token_hex(8)
        self._registry = Registry()
        self._viewers: dict[str, Watching] = {}
        self._links: set[EdgeLink] = set()
        self._asked: list[Ask] = []
        self._version: tuple[int, int, int] | None = None
        self._beats = 0
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="gate-writer")
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="gate", daemon=True)

    # from outside ---------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Close what a dead gateway left open, then listen for edges. Returns when an edge may connect."""
        self._thread.start()
        if not self._ready.wait(30):
            raise RuntimeError("the gate did not start within 30 s")

    def stop(self) -> None:
        """End all streams with a written end, then go."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join(10)

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    def _news(self, _value: epoch.EpochValue) -> None:
        self._loop.call_soon_threadsafe(self._wake.set)

    # its thread -----------------------------------------------------------------------------------------------

    def _run(self) -> None:
        asyncio.run(self._main())

    async def _main(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopping, self._wake, self._asking = asyncio.Event(), asyncio.Event(), asyncio.Event()
        gate_log.close_left_over()
        server = await listen(self._socket, self._joined, self._heard, self._left)
        quiet = epoch.subscribe(self._news)
        tasks = [asyncio.create_task(job()) for job in (self._looking, self._beating, self._admitting)]
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
        left = list(self._registry.streams.values())
        await self._write(partial(gate_log.close_all, left, "gateway_stopped"))
        self._writer.shutdown(wait=True)

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
            await self._admit_many([ask for ask in asked if ask.viewer.id in self._viewers])

    async def _admit_many(self, asks: list[Ask]) -> None:
        """Decide, register as pending, write; then lease what is still pending. Decide again if the facts moved."""
        while asks:
            snapshot = facts.snapshot()
            answers, pending = self._decide(asks, snapshot)
            plans, refusals = gate_log.entries(snapshot, asks, answers, pending)
            try:
                receipts = await self._write(partial(actions.admit, plans, refusals, snapshot.epoch))
                entries: list[int | None] = [receipt.index for receipt in receipts]
            except EpochMoved:
                self._forget(pending)
                continue
            except LogUnwritable as fault:
                entries = await self._write(partial(gate_log.without_log, pending.values(), plans, refusals, fault))
            self._answer(snapshot, asks, answers, pending, entries)
            return

    def _decide(
        self, asks: list[Ask], snapshot: Snapshot
    ) -> tuple[dict[tuple[int, str], Answer], dict[tuple[int, str], Stream]]:
        """The law's answer for each camera asked for; a grant is registered at once, so that a change finds it."""
        answers: dict[tuple[int, str], Answer] = {}
        pending: dict[tuple[int, str], Stream] = {}
        for number, ask in enumerate(asks):
            for camera in ask.cameras:
                answer = snapshot.answer(ask.viewer.bearer.person, Action.VIEW_LIVE, camera)
                answers[number, camera] = answer
                if isinstance(answer, Grant):
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
                    refused.append(Refused(camera, words.refusal_reason(snapshot, ask.viewer.bearer.person, camera, answer)))
                    ask.viewer.refusals += 1
                    continue
                entry = written[number, camera]
                if entry is not None and ask.viewer.id in self._viewers and self._registry.committed(
                    stream, entry, began
                ):
                    leases.append(_lease(stream))
                else:
                    stream.entry, stream.began = entry, began
                    dropped.append(stream)
                    refused.append(Refused(camera, words.end_reason(snapshot, stream)))
            ask.link.send(Admitted(ask.req, leases, refused))
        self._settle(dropped)
        watch.changed(snapshot, [stream.person for stream in pending.values()])

    # renew ----------------------------------------------------------------------------------------------------

    async def _beating(self) -> None:
        """Every 0.5 s: look at the facts first; only then name the streams that hold. No facts, no beat, no picture."""
        while True:
            self._redecide()
            self._beats += 1
            for link in self._links:
                mine = [s for s in self._registry.renewable() if self._link_of(self._registry.streams[s]) is link]
                link.send(Beat(self._beats, mine))
            self._settle_late()
            await asyncio.sleep(BEAT_S)

    # cut ------------------------------------------------------------------------------------------------------

    async def _looking(self) -> None:
        """At once when this process commits, within 25 ms when another does, and when a deadline passes."""
        while True:
            try:
                await asyncio.wait_for(self._wake.wait(), LOOK_S)
            except TimeoutError:
                pass
            self._wake.clear()
            self._redecide()

    def _redecide(self) -> None:
        """If the facts moved or a deadline passed: ask the law again for every stream, and cut what it refuses."""
        snapshot = facts.snapshot()
        until = self._registry.earliest_until()
        if snapshot.version == self._version and (until is None or clock.now().timestamp() < until):
            return
        moved_world = self._version is None or self._version[0] != snapshot.epoch.world
        self._version = snapshot.version
        self._cut(
            self._registry.redecide(lambda s: snapshot.answer(s.person, Action.VIEW_LIVE, s.camera)), snapshot
        )
        self._close_ended_sessions()
        if moved_world:
            for link in self._links:
                link.send(gate_log.sources())
        watch.sharing_changed(snapshot)

    def _cut(self, streams: list[Stream], snapshot: Snapshot) -> None:
        """Tell the edges, grouped by reason: the touched tiles end within milliseconds."""
        groups: dict[tuple[EdgeLink, Reason], list[int]] = {}
        for stream in streams:
            reason = words.end_reason(snapshot, stream)
            stream.end_code, stream.cut_at = reason.code, clock.monotonic()
            link = self._link_of(stream)
            if link is not None:
                groups.setdefault((link, reason), []).append(stream.id)
        for (link, reason), ids in groups.items():
            link.send(Cut(ids, reason))
        if streams:
            watch.changed(snapshot, [stream.person for stream in streams])

    def _cut_all(self, reason: Reason) -> None:
        for link in self._links:
            link.send(Cut([s.id for s in self._registry.streams.values() if self._registry.cut(s, reason.code)], reason))

    def _close_ended_sessions(self) -> None:
        """A viewer whose sign-in ended goes whole."""
        for viewer in [v for v in self._viewers.values() if not gate_log.session_is_live(v.bearer)]:
            viewer.link.send(CloseViewer(viewer.id, Reason("signed_out", words.signed_out())))
            self._gone(viewer, "signed_out")

    # what edges say -------------------------------------------------------------------------------------------

    def _joined(self, link: EdgeLink) -> None:
        self._links.add(link)
        link.send(Welcome(self._session, self._origins))
        link.send(gate_log.sources())

    def _left(self, link: EdgeLink) -> None:
        """The edge is gone: its pictures end by themselves within their leases; write the ends now."""
        self._links.discard(link)
        for viewer in [v for v in self._viewers.values() if v.link is link]:
            self._gone(viewer, "edge_lost")

    async def _heard(self, link: EdgeLink, message: FromEdge) -> None:
        match message:
            case Hello():
                log.info("edge %s joined", message.edge)
            case Redeem():
                self._redeem(link, message)
            case Admit():
                self._ask(link, message)
            case Ended():
                self._ended(message)
            case Progress():
                self._progress(message)
            case Health():
                watch.health(message.cameras)
            case Misuse():
                self._submit(actions.note, [gate_log.misuse(message, self._viewers.get(message.viewer))])

    def _redeem(self, link: EdgeLink, message: Redeem) -> None:
        bearer = tickets.redeem(message.ticket)
        if bearer is None or message.origin not in self._origins or not gate_log.session_is_live(bearer):
            link.send(NoViewer(message.req, Reason("ticket", words.bad_ticket())))
            return
        viewer = Watching(secrets.token_hex(8), link, bearer)
        self._viewers[viewer.id] = viewer
        link.send(Viewer(message.req, viewer.id, words.watermark(facts.snapshot(), bearer.person)))

    def _ask(self, link: EdgeLink, message: Admit) -> None:
        viewer = self._viewers.get(message.viewer)
        if viewer is None or viewer.link is not link:
            link.send(Admitted(message.req, [], []))
            return
        if viewer.refusals > gate_log.MOST_REFUSALS:
            link.send(CloseViewer(viewer.id, Reason("too_many", words.too_many())))
            self._gone(viewer, "too_many_refusals")
            return
        self._asked.append(Ask(link, message.req, viewer, tuple(dict.fromkeys(message.cameras[:MOST_CAMERAS]))))
        self._asking.set()

    def _ended(self, message: Ended) -> None:
        done = []
        for end in message.streams:
            stream = self._registry.streams.get(end.stream)
            if stream is None:
                continue
            stream.frames, stream.bytes = end.frames, end.bytes
            self._registry.cut(stream, end.code)
            done.append(stream)
        self._settle(done)
        if done:
            watch.changed(facts.snapshot(), [stream.person for stream in done])

    def _progress(self, message: Progress) -> None:
        counts = []
        for number, frames, size in message.streams:
            stream = self._registry.streams.get(number)
            if stream is not None and stream.entry is not None and stream.state is State.LEASED:
                stream.frames, stream.bytes = frames, size
                counts.append((stream.entry, frames, size))
        if counts:
            self._submit(actions.progress, counts)

    # ends -----------------------------------------------------------------------------------------------------

    def _gone(self, viewer: Watching, code: str) -> None:
        self._viewers.pop(viewer.id, None)
        streams = self._registry.of_viewer(viewer.id)
        for stream in streams:
            self._registry.cut(stream, code)
        self._settle([stream for stream in streams if stream.entry is not None])

    def _settle(self, streams: list[Stream]) -> None:
        """Their pictures are over: write the ends (one commit) and forget them."""
        self._forget({stream.id: stream for stream in streams})
        if streams:
            self._submit(gate_log.close_all, streams, "")

    def _settle_late(self) -> None:
        """A cut stream whose edge did not report its counts: write the end with what is known."""
        now = clock.monotonic()
        late = [s for s in self._registry.streams.values() if s.state is State.ENDING and now - s.cut_at > SETTLE_S]
        self._settle(late)

    def _forget(self, streams: dict[tuple[int, str], Stream] | dict[int, Stream]) -> None:
        for stream in streams.values():
            self._registry.forget(stream)

    def _link_of(self, stream: Stream) -> EdgeLink | None:
        viewer = self._viewers.get(stream.viewer)
        return viewer.link if viewer else None

    async def _write(self, job: Callable[[], T]) -> T:
        """On the writer thread, in turn; the gate goes on meanwhile."""
        return await self._loop.run_in_executor(self._writer, job)

    def _submit(self, job: Callable[..., object], *given: object) -> None:
        """The same, without waiting; a failure is logged."""
        self._writer.submit(gate_log.quietly, job, *given)


def _lease(stream: Stream) -> Lease:
    until = stream.grant.until_utc
    return Lease(
        stream=stream.id,
        camera=stream.camera,
        lease_ms=int(stream.grant.lease_s * 1000),
        until_utc_ms=int(until.timestamp() * 1000) if until else None,
        clause=stream.grant.clause,
    )

