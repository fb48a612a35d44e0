"""Revocation races admission, in every order that a scheduler could choose: no stream is ever left behind.

The registry is the gate's own. The scheduler (hypothesis) interleaves the gate's steps: decide, commit, notice, revoke, allow.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from sightpact.access.streams import Registry, State, Stream
from sightpact.decide.facts import Answer, Grant, Refusal

CAMERAS = ("a", "b", "c")
GRANT = Grant("agreement", "3.2", "hash", None, 15.0, "situation", "close", False)


@dataclass
class World:
    """The committed facts, as the database holds them: what is allowed, and the epoch."""

    allowed: set[str] = field(default_factory=lambda: set(CAMERAS))
    epoch: int = 0

    def answer(self, camera: str) -> Answer:
        return GRANT if camera in self.allowed else Refusal("closed")


@dataclass
class Writing:
    """An admission between its decision and its commit."""

    stream: Stream
    expect: int


class Run:
    """The gate's steps, each atomic as on its one thread; `commit` is atomic as in the database."""

    def __init__(self) -> None:
        self.world, self.registry = World(), Registry()
        self.writing: list[Writing] = []
        self.committed: list[Stream] = []
        self.sent: dict[int, str] = {}  # what the edge holds a lease for
        self.noticed = 0

    def decide(self, camera: str) -> None:
        answer = self.world.answer(camera)
        if isinstance(answer, Grant):
            self.writing.append(Writing(self.registry.ask("v", "p", camera, answer), self.world.epoch))

    def commit(self, which: int) -> None:
        """The transaction: it fails when the epoch moved, and the gate decides again."""
        if not self.writing:
            return
        job = self.writing.pop(which % len(self.writing))
        if job.expect != self.world.epoch:
            self.registry.forget(job.stream)
            self.decide(job.stream.camera)
            return
        assert job.stream.camera in self.world.allowed, "an entry was written for what was not allowed"
        self.committed.append(job.stream)

    def answer(self, which: int) -> None:
        """Back on the gate's thread after the commit: the lease leaves, unless a change came between."""
        if not self.committed:
            return
        stream = self.committed.pop(which % len(self.committed))
        if self.registry.committed(stream, stream.id, 0.0):
            self.sent[stream.id] = stream.camera
        else:
            self.registry.forget(stream)

    def notice(self) -> None:
        """The gate sees that the epoch moved and asks the law for every stream."""
        for stream in self.registry.redecide(lambda s: self.world.answer(s.camera)):
            self.sent.pop(stream.id, None)
            self.registry.forget(stream)
        self.noticed = self.world.epoch

    def revoke(self, camera: str) -> None:
        self.world.allowed.discard(camera)
        self.world.epoch += 1

    def allow(self, camera: str) -> None:
        self.world.allowed.add(camera)
        self.world.epoch += 1


steps = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["decide", "revoke", "allow"]), st.sampled_from(CAMERAS)),
        st.tuples(st.sampled_from(["commit", "answer"]), st.integers(0, 9)),
        st.tuples(st.just("notice"), st.none()),
    ),
    max_size=60,
)


@settings(max_examples=600, deadline=None)
@given(steps)
def test_no_stream_outlives_its_ground(plan: list[tuple[str, object]]) -> None:
    run = Run()
    for name, given_value in plan:
        getattr(run, name)(*([] if given_value is None else [given_value]))
        if run.noticed == run.world.epoch:
            assert set(run.sent.values()) <= run.world.allowed
    run.notice()
    while run.writing:
        run.commit(0)
    while run.committed:
        run.answer(0)
    assert set(run.sent.values()) <= run.world.allowed
    assert set(run.registry.renewable()) == set(run.sent), "a beat names exactly what was leased"


def test_a_change_between_commit_and_lease_drops_the_stream() -> None:
    run = Run()
    run.decide("a")
    run.commit(0)
    run.revoke("a")
    run.notice()
    run.answer(0)
    assert run.sent == {}
    assert run.registry.renewable() == []


def test_a_cut_stream_is_never_renewed() -> None:
    run = Run()
    run.decide("a")
    run.commit(0)
    run.answer(0)
    (number,) = run.sent
    stream = run.registry.streams[number]
    assert run.registry.cut(stream, "closed") is True
    assert stream.state is State.ENDING
    assert run.registry.renewable() == []
    assert run.registry.cut(stream, "closed") is False, "it is told once"
