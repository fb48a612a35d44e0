"""Whatever people, time, suspensions and restarts do, in any order: nothing that was asked for is found without an end, nothing
is open that nobody allowed, and each has exactly one entry `ended`. The database and the ledger are real.
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

from sightpact.access import asking, facts
from sightpact.access.asking_fit import Wanted
from sightpact.access.errors import Refused
from sightpact.activation.errors import TooLate, UnknownAsking
from sightpact.activation.models import Asking
from sightpact.agreements import actions as agreements
from sightpact.ledger import actions
from sightpact.ledger import reads as ledger
from sightpact.ledger.clock import SimulatedClock
from sightpact.people import reads as people
from tests import lakeview
from tests.lakeview import ASKING, Lakeview

EXAMPLES = int(os.environ.get("SIGHTPACT_EXAMPLES", "12"))
SILENCE, FIRST_LINE = timedelta(minutes=5), timedelta(minutes=2)
LENGTH = {"invitation": timedelta(minutes=10), "request": timedelta(minutes=20), "window": timedelta(hours=2)}


@dataclass
class Known:
    """What must be true of one asking, worked out without the code that is tested."""

    kind: str
    asked: datetime
    opens: datetime | None  # an event period
    approved: datetime | None = None
    ended: bool = False
    approved_by: str = ""
    silence_opens: bool = False  # a request that nobody answers
    escalated: bool = False

    def settle(self, now: datetime) -> None:
        """What time does to it."""
        if self.approved is None:
            due = self.opens if self.kind == "window" else self.asked + SILENCE
            over = due is not None and due <= now and not self.ended
            if over and self.silence_opens:
                self.approved = due
            elif over:
                self.ended = True
        if self.approved is not None:
            self.ended = self.ended or self.until <= now

    @property
    def until(self) -> datetime:
        assert self.approved is not None
        return (self.opens or self.approved) + LENGTH[self.kind]

    def is_open(self, now: datetime) -> bool:
        return (
            not self.ended and self.approved is not None and (self.opens or self.approved) <= now < self.until
        )


class Askings(RuleBasedStateMachine):
    it: ClassVar[Lakeview]
    time: ClassVar[SimulatedClock]
    silence_opens: ClassVar[bool]
    escalates: ClassVar[
        bool
    ]  # the superintendent answers requests only after two minutes of the principal's silence

    def __init__(self) -> None:
        super().__init__()
        for row in Asking.objects.all():
            row.delete()
        with transaction.atomic():
            actions.append([], bump="situation")
        self.known: dict[str, Known] = {}
        self.count = 0
        self.suspended = False
        self.first = ledger.head().size  # type: ignore[union-attr]

    def drawn(self, data: Any) -> tuple[str, Known]:
        """One of them, by the order in which they were asked: ids differ from run to run."""
        return data.draw(st.sampled_from([*self.known.items()]))

    # what people do -----------------------------------------------------------------------------------------

    @rule(kind=st.sampled_from(sorted(LENGTH)), ahead=st.sampled_from([3, 60]))
    def ask(self, kind: str, ahead: int) -> None:
        now, who = self.time.now(), "pia" if kind == "invitation" else "omar"
        opens = now + timedelta(minutes=ahead) if kind == "window" else None
        self.count += 1
        wanted = Wanted(
            kind,
            self.it.agreements["lakeview-mou"],
            self.it.schools["lakeview-high"],
            "a test",
            f"{id(self)} {self.count}",
            minutes=10 if kind == "invitation" else 0,
            opens_utc=opens,
            closes_utc=opens + LENGTH["window"] if opens else None,
        )
        waiting = [k for k in self.known.values() if k.approved is None and not k.ended]
        if self.suspended or (kind != "invitation" and len(waiting) >= asking.MOST_WAITING):
            with pytest.raises(Exception, match=r"suspended|not in force|wait for an answer"):
                asking.ask(self.it.people[who], wanted)
            return
        card = asking.ask(self.it.people[who], wanted)
        self.known[card.id] = Known(
            kind,
            now,
            opens,
            approved=now if kind == "invitation" else None,
            silence_opens=self.silence_opens and kind == "request",
        )

    @precondition(lambda self: self.known)
    @rule(data=st.data(), who=st.sampled_from(["pia", "sam", "omar", "ines"]), yes=st.booleans())
    def answer(self, data: Any, who: str, yes: bool) -> None:
        number, known = self.drawn(data)
        now = self.time.now()
        known.settle(now)
        may = who in ("pia", "sam") and known.kind != "invitation" and not self.suspended
        if who == "sam" and known.kind == "request" and self.escalates:
            may = may and known.escalated
        if may and known.approved is None and not known.ended:
            asking.answer(self.it.people[who], number, yes)
            known.approved, known.ended = (now, False) if yes else (None, True)
            known.approved_by = who if yes else ""
            return
        if may and yes and not known.ended and known.approved_by == who:
            again = asking.answer(self.it.people[who], number, yes)  # a second tap changes nothing
            assert again.opened_utc == (None if known.opens else known.approved)
            return
        with pytest.raises((Refused, TooLate, UnknownAsking)):
            asking.answer(self.it.people[who], number, yes)

    @precondition(lambda self: self.known)
    @rule(data=st.data(), who=st.sampled_from(["pia", "sam", "omar"]))
    def end(self, data: Any, who: str) -> None:
        number, known = self.drawn(data)
        asking.end(self.it.people[who], number)  # either side may, also while it is suspended
        known.ended = True

    @rule()
    def suspend_or_resume(self) -> None:
        sam = people.person(self.it.people["sam"])
        assert sam is not None
        (agreements.resume if self.suspended else agreements.suspend)("lakeview-mou", sam)
        self.suspended = not self.suspended

    # what happens -------------------------------------------------------------------------------------------

    @rule(minutes=st.sampled_from([1, 4, 11, 45, 130]))
    def time_passes(self, minutes: int) -> None:
        self.time.advance(minutes * 60)
        asking.settle()

    @rule(minutes=st.sampled_from([0, 6, 200]))
    def the_server_dies_and_comes_back(self, minutes: int) -> None:
        self.time.advance(minutes * 60)
        facts._latest = None
        asking.settle_the_past()

    # what must hold -----------------------------------------------------------------------------------------

    @invariant()
    def exactly_those_are_open_that_should(self) -> None:
        now = self.time.now()
        for known in self.known.values():
            known.settle(now)
            waits = known.kind == "request" and known.approved is None and not known.ended
            if self.escalates and waits and not self.suspended and now >= known.asked + FIRST_LINE:
                known.escalated = True
        asking.settle()
        snapshot = facts.snapshot()
        assert {card.id for card in snapshot.askings} == {n for n, k in self.known.items() if not k.ended}
        is_open = {s.id for s in snapshot.situations if now < s.deadline_utc}
        should = {n for n, k in self.known.items() if k.is_open(now)}
        if (
            self.suspended
        ):  # an event that begins meanwhile waits; nothing is open by any, since the law says no
            assert is_open <= should
        else:
            assert is_open == should

    def teardown(self) -> None:
        """In the end everything is over, and each has its one end."""
        if self.suspended:
            self.suspend_or_resume()
        self.time.advance(24 * 3600)
        facts._latest = None
        asking.settle_the_past()
        assert facts.snapshot().askings == () and facts.snapshot().situations == ()
        ended: list[str] = []
        escalated: list[str] = []
        query = ledger.Query(types=("invitation", "request", "window"), after=self.first - 1, limit=10_000)
        for entry in ledger.opened(query):
            if entry.outcome == "ended":
                ended.append(entry.key("situation"))
            elif entry.outcome == "escalated":
                escalated.append(entry.key("situation"))
        assert sorted(escalated) == sorted(number for number, k in self.known.items() if k.escalated)
        assert sorted(ended) == sorted(self.known)


@pytest.mark.timeout(30 * EXAMPLES)
@pytest.mark.usefixtures("journal")
@pytest.mark.parametrize("unanswered", ["stays_closed", "opens"])
def test_nothing_that_was_asked_for_is_found_without_an_end(
    time_told: SimulatedClock, transactional_db: None, unanswered: str
) -> None:
    facts._latest = None
    escalates = unanswered == "stays_closed"
    second = {
        "approve": [{"party": "lakeview-usd", "roles": ["principal"]}],
        "escalate_minutes": 2,
        "escalate_to": [{"party": "lakeview-usd", "roles": ["superintendent"]}],
    }
    asks = {**ASKING["s3_6"], "unanswered": unanswered, **(second if escalates else {})}
    sections = {**ASKING, "s3_6": asks}
    Askings.escalates = escalates
    Askings.it, Askings.time, Askings.silence_opens = (
        lakeview.build(**sections),
        time_told,
        unanswered == "opens",
    )
    run_state_machine_as_test(
        Askings,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
