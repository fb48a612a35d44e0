"""The registry of streams: which are asked for, which hold a lease, which are being cut. A plain state machine.

No I/O, no clock, no threads: `gate.py` owns one and calls it from its one thread. Because every step is here, a property
test can interleave admissions and revocations in every order and show that none is left behind.

A stream's life:  pending -> leased -> ending -> (gone)      pending -> dropped (gone)
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from sightpact.decide.authorize import Ground
from sightpact.decide.facts import Answer, Grant, Refusal


class State(StrEnum):
    PENDING = "pending"  # decided, its entry not yet durable; nothing may be sent
    LEASED = "leased"  # its entry is durable; the edge may send while beats name it
    ENDING = "ending"  # cut; waits for the edge's last counts
    DROPPED = "dropped"  # refused again before it was leased


@dataclass(slots=True)
class Stream:
    """One viewer's one camera. Owned by the registry; only it changes `state`."""

    id: int
    viewer: str
    person: str
    camera: str
    grant: Grant
    state: State = State.PENDING
    entry: int | None = None  # ledger index of the admission
    began: float = 0.0  # wall time, seconds since 1970, UTC, as written in the admission
    frames: int = 0
    bytes: int = 0
    refused: bool = False  # DROPPED or ENDING since the law refuses it; else another ground covers it now
    end_code: str = ""
    cut_at: float = 0.0  # monotonic, when the cut was sent


@dataclass(slots=True)
class Registry:
    streams: dict[int, Stream] = field(default_factory=dict)
    _ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def ask(self, viewer: str, person: str, camera: str, grant: Grant) -> Stream:
        """A grant was decided: register it BEFORE its entry is written, so that a change meanwhile finds it."""
        stream = Stream(next(self._ids), viewer, person, camera, grant)
        self.streams[stream.id] = stream
        return stream

    def committed(self, stream: Stream, entry: int, began: float) -> bool:
        """Its entry is durable. Returns True when it may be leased now; False when it was dropped meanwhile."""
        stream.entry, stream.began = entry, began
        if stream.state is not State.PENDING:
            return False
        stream.state = State.LEASED
        return True

    def redecide(
        self, decide: Callable[[Stream], Answer], moved: Callable[[Stream], None] = lambda _stream: None
    ) -> list[Stream]:
        """The facts moved: ask the law for every stream again. Returns those that must be cut at the edge.

        A pending stream that is no longer covered is dropped, and a running one is cut. A running one that another ground
        alone would now cover is cut as well: its entry names the ground it was admitted on, and a new admission names the
        new one. Where the same ground lasts longer or shorter than it did, a running picture goes on.

        Args:
            moved: told of each running stream whose end is another one now.
        """
        cut = []
        for stream in list(self.streams.values()):
            if stream.state not in (State.PENDING, State.LEASED):
                continue
            answer = decide(stream)
            if isinstance(answer, Grant) and _same_ground(answer, stream.grant):
                later = answer.until_utc != stream.grant.until_utc
                stream.grant = answer
                if later and stream.state is State.LEASED:
                    moved(stream)
                continue
            stream.refused = isinstance(answer, Refusal)
            if stream.state is State.PENDING:
                stream.state = State.DROPPED
            else:
                stream.state = State.ENDING
                cut.append(stream)
        return cut

    def cut(self, stream: Stream, code: str) -> bool:
        """End one stream for another reason than the law. Returns True when the edge must be told."""
        stream.end_code = stream.end_code or code
        if stream.state is State.PENDING:
            stream.state = State.DROPPED
            return False
        if stream.state is State.LEASED:
            stream.state = State.ENDING
            return True
        return False

    def forget(self, stream: Stream) -> None:
        self.streams.pop(stream.id, None)

    def renewable(self) -> list[int]:
        """Exactly the streams that the next beat may name."""
        return [stream.id for stream in self.streams.values() if stream.state is State.LEASED]

    def of_viewer(self, viewer: str) -> list[Stream]:
        return [stream for stream in self.streams.values() if stream.viewer == viewer]

    def earliest_until(self) -> float | None:
        """Seconds since 1970 of the first deadline among live streams; None when none has one."""
        ends = [
            stream.grant.until_utc.timestamp()
            for stream in self.streams.values()
            if stream.grant.until_utc is not None and stream.state in (State.PENDING, State.LEASED)
        ]
        return min(ends, default=None)


def ground(grant: Grant) -> Ground:
    return grant.agreement, grant.clause, grant.situation


def _same_ground(a: Grant, b: Grant) -> bool:
    return (*ground(a), a.policy_hash) == (*ground(b), b.policy_hash)
