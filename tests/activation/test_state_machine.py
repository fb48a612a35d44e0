"""Whatever people, time, restarts and a database that refuses to be written do, in any order: no sharing outlives its end, none
that was acknowledged is lost, none that ended comes back. The database, the journal's file and the ledger are real.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from sightpact.access import emergency_journal, facts, journal_replay, sharing
from sightpact.activation.errors import TooLate
from sightpact.activation.models import Activation, Report
from sightpact.activation.reads import ActivationCard
from sightpact.ledger import actions
from sightpact.ledger import reads as ledger
from sightpact.ledger.clock import SimulatedClock
from tests.activation.unwritable import refuse, restart
from tests.lakeview import LIFE, Lakeview, build

MINUTES = {"intruder": 60, "medical": 30, "missing_child": 120}
CAPS = {"intruder": 120}
HEIGHT = {"intruder": 2, "medical": 1, "missing_child": 0}
REPORT, STEP = 10, 45
SCHOOLS = ("lakeview-high", "lakeview-middle")
PROPOSAL = timedelta(minutes=5)
EXAMPLES = int(os.environ.get("SIGHTPACT_EXAMPLES", "15"))


@dataclass
class Said:
    """One start as people were told of it."""

    kind: str
    until: datetime
    sure: bool
    cap: datetime | None


@dataclass
class Known:
    """What people were told of one sharing."""

    kind: str
    school: str
    deadline: datetime
    cap: datetime | None
    began: datetime  # of its kind
    sure: bool = True
    taken: bool = False
    proposed: datetime | None = None
    ended: str = ""
    stopped: datetime | None = None
    entries: list[str] = field(default_factory=list)  # as the record has them, oldest first
    said: list[Said] = field(default_factory=list)

    def kinds(self) -> dict[str, datetime]:
        """Until when each kind counts."""
        return {
            s.kind: min(self.deadline, max(t.until for t in self.said if t.kind == s.kind)) for s in self.said
        }

    @property
    def own(self) -> datetime:
        return self.kinds()[self.kind]

    def prolong(self, until: datetime) -> None:
        self.deadline = max(self.deadline, until)
        for said in self.said:
            if said.kind == self.kind:
                said.until = max(said.until, until)

    def lower(self, now: datetime, why: str) -> bool:
        """Its kind is over: whether it goes on as one that somebody surely started."""
        rest = [s for s in self.said if s.kind != self.kind and s.sure and s.until > now]
        if self.deadline <= now or not rest:
            return False
        for said in self.said:
            if said.kind == self.kind:
                said.until = min(said.until, now)
        highest = max(rest, key=lambda s: HEIGHT[s.kind])
        self.kind, self.sure, self.cap = highest.kind, True, highest.cap
        self.deadline = min(self.deadline, max(s.until for s in rest))
        self.entries.append(f"end lowered {why}")
        return True


class Sharings(RuleBasedStateMachine):
    it: ClassVar[Lakeview]
    time: ClassVar[SimulatedClock]

    def __init__(self) -> None:
        super().__init__()
        refuse(False)
        for record in emergency_journal.journal().pending():
            emergency_journal.journal().clear(record.slot)
        emergency_journal.use(emergency_journal.journal())
        Report.objects.all().delete()
        Activation.objects.all().delete()
        with transaction.atomic():
            actions.append([], bump="situation")
        self.known: dict[str, Known] = {}
        self.keys: dict[str, str] = {}
        self.first = ledger.head().size  # type: ignore[union-attr]
        self.refusing = False

    # what people do ---------------------------------------------------------------------------------------------

    @rule(kind=st.sampled_from(sorted(MINUTES)), school=st.sampled_from(SCHOOLS), key=st.integers(0, 5))
    def start(self, kind: str, school: str, key: int) -> None:
        name = f"{id(self)} {kind} {school} {key}"  # a page makes its key for one school and kind
        self._begun(
            sharing.start(self.it.people["pia"], (self.it.schools[school],), kind, name), kind, school, name
        )

    @rule(kind=st.sampled_from(sorted(MINUTES)), school=st.sampled_from(SCHOOLS), key=st.integers(0, 1))
    def report(self, kind: str, school: str, key: int) -> None:
        name = f"{id(self)} said {kind} {school} {key}"
        omar, where = self.it.people["omar"], (self.it.schools[school],)
        self._begun(sharing.report(omar, where, kind, name), kind, school, name, sure=False)

    def _begun(self, card: ActivationCard, kind: str, school: str, name: str, sure: bool = True) -> None:
        now = self.time.now()
        until = now + timedelta(minutes=MINUTES[kind] if sure else REPORT)
        cap = now + timedelta(minutes=CAPS[kind]) if kind in CAPS else None
        running = next((i for i, k in self._live() if k.school == school), None)
        if name in self.keys:
            assert card.id == self.keys[name], "the same press again"
            return
        self.keys[name] = card.id
        if running is None:
            assert card.id not in self.known
            said = [Said(kind, until, sure, cap)]
            self.known[card.id] = Known(kind, school, until, cap, now, sure, entries=["start"], said=said)
            return
        assert card.id == running, "one emergency is one sharing"
        known = self.known[running]
        known.proposed = None
        if known.own <= now:
            known.lower(now, "deadline")
        is_new = sure and not any(s.kind == kind and s.sure and s.until > now for s in known.said)
        higher = known.own <= now or HEIGHT[kind] > HEIGHT[known.kind]
        known.said.append(Said(kind, until, sure, cap))
        if higher:
            known.kind, known.sure, known.began, known.taken = kind, sure, now, False
            known.deadline, known.cap = max(known.deadline, until), cap
            known.entries.append("widened")
            return
        known.entries.append("joined")
        if kind == known.kind and sure and not known.sure:
            self._confirmed(known)
        elif is_new and kind != known.kind:
            known.deadline = max(known.deadline, until)

    def _confirmed(self, known: Known) -> None:
        known.sure = True
        known.prolong(max(known.own, known.began + timedelta(minutes=MINUTES[known.kind])))
        for said in known.said:
            said.sure = said.sure or said.kind == known.kind
        known.entries.append("confirmed")

    @precondition(lambda self: self._live())
    @rule(data=st.data(), who=st.sampled_from(["pia", "omar"]))
    def confirm(self, data: Any, who: str) -> None:
        activation, known = self._pick(data)
        assert sharing.confirm(self.it.people[who], activation).verified
        if not known.sure:
            self._confirmed(known)

    @precondition(lambda self: self._live())
    @rule(data=st.data())
    def dispute(self, data: Any) -> None:
        activation, known = self._pick(data)
        try:
            card = sharing.dispute(self.it.people["pia"], activation)
            assert not known.sure
            if known.lower(self.time.now(), "disputed"):
                assert card.is_live, "somebody else surely started a lower kind"
                return
            assert card.end_reason == "disputed"
            known.ended = "disputed"
        except TooLate:
            assert known.sure

    @precondition(lambda self: self._live())
    @rule(data=st.data())
    def extend(self, data: Any) -> None:
        activation, known = self._pick(data)
        may = known.taken and known.sure and known.cap is not None and known.own < known.cap
        try:
            card = sharing.extend(self.it.people["omar"], activation)
        except TooLate:
            assert not may
            return
        assert may and known.cap is not None
        known.prolong(min(known.own + timedelta(minutes=STEP), known.cap))
        known.entries.append("extended")
        assert (card.deadline_utc, card.own_utc) == (known.deadline, known.own)

    @rule()
    def undo(self) -> None:
        busy = {known.school for _activation, known in self._live()}
        stopped = [(i, k) for i, k in self.known.items() if k.ended == "stop" and k.school not in busy]
        now = self.time.now()
        for activation, known in stopped[-1:]:
            may = (
                known.stopped is not None
                and now - known.stopped < timedelta(seconds=10)
                and known.deadline > now
            )
            try:
                assert sharing.undo(self.it.people["sam"], activation).is_live and may
            except TooLate:
                assert not may
                continue
            known.ended, known.stopped = "", None
            known.entries += ["end stop", "undone"]

    @rule(seconds=st.sampled_from([1, 12]))
    def seconds_pass(self, seconds: int) -> None:
        self.time.advance(seconds)
        self._due()
        sharing.end_due()

    @precondition(lambda self: self._live())
    @rule(data=st.data())
    def take(self, data: Any) -> None:
        activation, known = self._pick(data)
        assert sharing.take(self.it.people["omar"], activation).taken_by == self.it.people["omar"]
        known.taken = True

    @precondition(lambda self: self._live())
    @rule(
        data=st.data(), who=st.sampled_from(["pia", "omar"]), reason=st.sampled_from(["all_clear", "mistake"])
    )
    def all_clear(self, data: Any, who: str, reason: str) -> None:
        activation, known = self._pick(data)
        card = sharing.all_clear(self.it.people[who], activation, reason)
        if known.taken and who == "pia":
            known.proposed = known.proposed or self.time.now() + PROPOSAL
            assert card.end_due_utc == known.proposed
        else:
            known.ended = reason
        assert card.is_live == (not known.ended)

    @precondition(lambda self: self._live())
    @rule(data=st.data())
    def keep_open(self, data: Any) -> None:
        activation, known = self._pick(data)
        assert sharing.keep_open(self.it.people["omar"], activation).end_due_utc is None
        known.proposed = None

    @precondition(lambda self: self._live())
    @rule(data=st.data())
    def stop(self, data: Any) -> None:
        activation, known = self._pick(data)
        assert not sharing.stop(self.it.people["sam"], activation).is_live
        known.ended, known.stopped = "stop", self.time.now()

    @precondition(lambda self: self._live())
    @rule(data=st.data(), reason=st.sampled_from(["hoax", "last_responder", "incident_closed"]))
    def close(self, data: Any, reason: str) -> None:
        activation, known = self._pick(data)
        assert sharing.close(self.it.people["omar"], activation, reason).end_reason == reason
        known.ended = reason

    # what happens -----------------------------------------------------------------------------------------------

    @rule(minutes=st.sampled_from([1, 4, 6, 20, 31, 90]))
    def time_passes(self, minutes: int) -> None:
        self.time.advance(minutes * 60)
        self._due()
        sharing.end_due()

    @rule(minutes=st.sampled_from([0, 3, 45]))
    def the_server_dies_and_comes_back(self, minutes: int) -> None:
        self.time.advance(minutes * 60)
        self._due()
        restart(read_all=False)

    @rule()
    def the_disk_is_full(self) -> None:
        self.refusing = True
        refuse(True)

    @rule()
    def the_disk_has_room(self) -> None:
        self.refusing = False
        refuse(False)

    @rule()
    def the_keeper_looks(self) -> None:
        journal_replay.replay()

    # what must hold ---------------------------------------------------------------------------------------------

    @invariant()
    def exactly_those_run_that_should(self) -> None:
        snapshot = facts.snapshot()
        assert {card.id for card in snapshot.live} == {activation for activation, _ in self._live()}
        assert {s.id for s in snapshot.situations} == {card.id for card in snapshot.live}
        for card in snapshot.live:
            known = self.known[card.id]
            assert card.deadline_utc == known.deadline > self.time.now()
            assert (card.taken_by is not None, card.end_due_utc) == (known.taken, known.proposed)
            assert (card.emergency, card.verified, card.cap_utc) == (known.kind, known.sure, known.cap)
            open_now = {s.emergency: s.deadline_utc for s in snapshot.situations if s.id == card.id}
            assert open_now == known.kinds(), "each kind by its own time"

    def teardown(self) -> None:
        """In the end there is room and time: everything is in the ledger, once, and nothing runs."""
        refuse(False)
        journal_replay.replay()
        assert emergency_journal.journal().empty
        self.time.advance(6 * 3600)
        self._due()
        restart(read_all=False)
        assert facts.snapshot().live == ()
        found: dict[str, list[str]] = {}
        steps = ("start", "joined", "widened", "confirmed", "extended", "undone", "end")
        types = tuple(f"activation_{step}" for step in steps)
        query = ledger.Query(types=types, after=self.first - 1, limit=10_000, oldest_first=True)
        for entry in ledger.opened(query):
            if entry.outcome not in ("proposed", "kept_open"):
                step = entry.type.removeprefix("activation_")
                step += " lowered" if entry.outcome == "lowered" else ""
                how = f" {entry.reason_code}" if step.startswith("end") else ""
                found.setdefault(entry.key("situation"), []).append(step + how)
        assert found == {i: [*known.entries, f"end {known.ended}"] for i, known in self.known.items()}

    def _due(self) -> None:
        now = self.time.now()
        for _activation, known in self._live():
            if known.deadline <= now:
                known.ended = "deadline"
            elif known.proposed is not None and known.proposed <= now:
                known.ended = "unanswered"
            elif known.own <= now:
                known.lower(now, "deadline")

    def _live(self) -> list[tuple[str, Known]]:
        return [(activation, known) for activation, known in self.known.items() if not known.ended]

    def _pick(self, data: Any) -> tuple[str, Known]:
        return data.draw(st.sampled_from(self._live()))  # type: ignore[no-any-return]


@pytest.mark.timeout(30 * EXAMPLES)
@pytest.mark.usefixtures("journal")
def test_no_sharing_is_found_without_an_end(transactional_db: None, time_told: SimulatedClock) -> None:
    Sharings.it, Sharings.time = build(**LIFE), time_told
    run_state_machine_as_test(
        Sharings,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
