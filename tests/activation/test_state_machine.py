"""Whatever people, time, restarts and a database that refuses to be written do, in any order: no sharing outlives its end, none
that was acknowledged is lost, none that ended comes back. The database, the journal's file and the ledger are real.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
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
from sightpact.activation.models import Activation
from sightpact.ledger import actions
from sightpact.ledger import reads as ledger
from sightpact.ledger.clock import SimulatedClock
from tests.activation.unwritable import refuse, restart
from tests.lakeview import Lakeview

MINUTES = {"intruder": 60, "medical": 30}
SCHOOLS = ("lakeview-high", "lakeview-middle")
PROPOSAL = timedelta(minutes=5)
EXAMPLES = int(os.environ.get("SIGHTPACT_EXAMPLES", "15"))


@dataclass
class Known:
    """What people were told of one sharing."""

    kind: str
    school: str
    deadline: datetime
    taken: bool = False
    proposed: datetime | None = None
    ended: str = ""


class Sharings(RuleBasedStateMachine):
    it: ClassVar[Lakeview]
    time: ClassVar[SimulatedClock]

    def __init__(self) -> None:
        super().__init__()
        refuse(False)
        for record in emergency_journal.journal().pending():
            emergency_journal.journal().clear(record.slot)
        emergency_journal.use(emergency_journal.journal())
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
        card = sharing.start(self.it.people["pia"], (self.it.schools[school],), kind, name)
        joined = self.keys.get(name) or next(
            (i for i, k in self._live() if (k.kind, k.school) == (kind, school)), None
        )
        if joined is not None:
            assert card.id == joined
        else:
            assert card.id not in self.known
            self.known[card.id] = Known(kind, school, self.time.now() + timedelta(minutes=MINUTES[kind]))
            self.keys[name] = card.id
        assert card.deadline_utc == self.known[card.id].deadline, "one absolute deadline, whatever happens"

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
        known.ended = "stop"

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

    def teardown(self) -> None:
        """In the end there is room and time: everything is in the ledger, once, and nothing runs."""
        refuse(False)
        journal_replay.replay()
        assert emergency_journal.journal().empty
        self.time.advance(2 * 3600)
        self._due()
        restart(read_all=False)
        assert facts.snapshot().live == ()
        found: dict[str, list[str]] = {}
        for entry in ledger.opened(
            ledger.Query(types=("activation_start", "activation_end"), after=self.first - 1, limit=10_000)
        ):
            if entry.outcome in ("started", "ended"):
                found.setdefault(entry.key("situation"), []).append(entry.reason_code)
        assert found == {i: [known.ended, "switch"] for i, known in self.known.items()}, (
            "newest first: its end, its start"
        )

    def _due(self) -> None:
        now = self.time.now()
        for _activation, known in self._live():
            if known.deadline <= now:
                known.ended = "deadline"
            elif known.proposed is not None and known.proposed <= now:
                known.ended = "unanswered"

    def _live(self) -> list[tuple[str, Known]]:
        return [(activation, known) for activation, known in self.known.items() if not known.ended]

    def _pick(self, data: Any) -> tuple[str, Known]:
        return data.draw(st.sampled_from(self._live()))  # type: ignore[no-any-return]


@pytest.mark.timeout(30 * EXAMPLES)
@pytest.mark.usefixtures("journal")
def test_no_sharing_is_found_without_an_end(time_told: SimulatedClock, district: Lakeview) -> None:
    Sharings.it, Sharings.time = district, time_told
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
