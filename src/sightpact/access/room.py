"""Who is there: the edges, the viewers at them, and how their pictures ended. The gate's book; it decides nothing.

Runs on the gate's loop. A viewer comes in by a ticket; it goes with its socket, its sign-in, or its edge.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterable
from functools import partial

from django.db import Error

from sightpact.access import actions, gate_log, limits, tickets, watch, words
from sightpact.access.edge_link import EdgeLink
from sightpact.access.facts import Snapshot
from sightpact.access.streams import Registry, State, Stream
from sightpact.access.threads import Threads
from sightpact.access.viewers import Watching
from sightpact.ledger import clock
from sightpact.people import reads as people
from sightpact.wire.messages import CloseViewer, Ended, Misuse, NoViewer, Progress, Reason, Redeem, Viewer

log = logging.getLogger(__name__)
SETTLE_S = 1.0  # how long a cut stream may take to report its last counts


class Room:
    def __init__(self, registry: Registry, threads: Threads) -> None:
        self.links: set[EdgeLink] = set()
        self.viewers: dict[str, Watching] = {}
        self._registry, self._threads = registry, threads
        self._misuses = gate_log.Misuses()

    def link_of(self, stream: Stream) -> EdgeLink | None:
        viewer = self.viewers.get(stream.viewer)
        return viewer.link if viewer else None

    # coming and going -----------------------------------------------------------------------------------------

    async def redeem(
        self, link: EdgeLink, message: Redeem, origins: Iterable[str], snapshot: Snapshot
    ) -> None:
        """A ticket becomes a viewer: used whatever comes of it, for our own pages, for a sign-in that lives."""
        bearer = tickets.redeem(message.ticket)
        good = bearer is not None and message.origin in origins
        if bearer is None or not good or not await self._is_live(bearer.session):
            link.send(NoViewer(message.req, Reason("ticket", words.bad_ticket())))
            return
        if sum(viewer.bearer.person == bearer.person for viewer in self.viewers.values()) >= limits.SOCKETS:
            link.send(NoViewer(message.req, Reason("too_many", words.too_many_walls())))
            return
        viewer = Watching(secrets.token_hex(8), link, bearer)
        self.viewers[viewer.id] = viewer
        link.send(Viewer(message.req, viewer.id, words.watermark(snapshot, bearer.person)))

    async def _is_live(self, session: str) -> bool:
        try:
            return await self._threads.read(partial(people.session_is_live, session))
        except Error:
            log.exception("a sign-in cannot be looked up: its viewer is not let in")
            return False

    async def close_ended_sessions(self) -> None:
        """A viewer whose sign-in ended goes whole. One whose sign-in merely ran out keeps a running emergency to its end:
        signing in again is routine, and what is routine never cuts an incident.
        """
        keys = {viewer.bearer.session for viewer in self.viewers.values()}
        live = await self._threads.read(partial(people.live_sessions, keys)) if keys else frozenset()
        if keys == live:
            return
        run_out = await self._threads.read(partial(people.run_out_sessions, keys - live))
        for viewer in [v for v in self.viewers.values() if v.bearer.session in keys - live]:
            in_emergency = any(
                stream.grant.situation and stream.state is not State.ENDING
                for stream in self._registry.of_viewer(viewer.id)
            )
            if viewer.bearer.session not in run_out or not in_emergency:
                self.dismiss(viewer, Reason("signed_out", words.signed_out()))

    def left(self, link: EdgeLink) -> None:
        """The edge is gone: its pictures end by themselves within their leases; write the ends now."""
        self.links.discard(link)
        if not self.links:
            watch.forget_health()
        for viewer in [v for v in self.viewers.values() if v.link is link]:
            self.gone(viewer.id, "edge_lost")

    def dismiss(self, viewer: Watching, reason: Reason) -> None:
        """Close the whole socket, and say why."""
        viewer.link.send(CloseViewer(viewer.id, reason))
        self.gone(viewer.id, reason.code)

    def gone(self, viewer: str, code: str) -> None:
        """The viewer is not there any more: its pictures are over."""
        if self.viewers.pop(viewer, None) is None:
            return
        streams = self._registry.of_viewer(viewer)
        for stream in streams:
            self._registry.cut(stream, code)
        self.settle([stream for stream in streams if stream.entry is not None])

    def misuse(self, message: Misuse) -> None:
        """A socket was closed for what it sent."""
        entry = self._misuses.entry(message, self.viewers.get(message.viewer), clock.monotonic())
        if entry is not None:
            self._threads.submit(actions.note, [entry])

    # how pictures went ----------------------------------------------------------------------------------------

    def ended(self, link: EdgeLink, message: Ended) -> list[Stream]:
        """An edge reports final counts. Returns the streams that are over now."""
        done = []
        for end in message.streams:
            stream = self._registry.streams.get(end.stream)
            if stream is None or self.link_of(stream) is not link:
                continue
            stream.frames, stream.bytes = end.frames, end.bytes
            self._registry.cut(stream, end.code)
            done.append(stream)
        self.settle(done)
        return done

    def progress(self, link: EdgeLink, message: Progress) -> None:
        """Counts so far, kept so that a crash loses little of them."""
        counts = []
        for number, frames, size in message.streams:
            stream = self._registry.streams.get(number)
            if stream is None or self.link_of(stream) is not link:
                continue
            if stream.entry is not None and stream.state is State.LEASED:
                stream.frames, stream.bytes = frames, size
                counts.append((stream.entry, frames, size))
        if counts:
            self._threads.submit(actions.progress, counts)

    def settle(self, streams: list[Stream]) -> None:
        """Their pictures are over: write the ends (one commit) and forget them."""
        for stream in streams:
            self._registry.forget(stream)
        if streams:
            self._threads.submit(gate_log.close_all, streams, "")

    def settle_late(self) -> None:
        """A cut stream whose edge did not report its counts: write the end with what is known."""
        now = clock.monotonic()
        self.settle(
            [
                s
                for s in self._registry.streams.values()
                if s.state is State.ENDING and now - s.cut_at > SETTLE_S
            ]
        )
