"""A request that nobody of the first line answers goes to the second: once, at its time, also after a restart; told, recorded."""

from __future__ import annotations

from typing import Any

import pytest

from sightpact.access import asked, asking, facts
from sightpact.access.asking_fit import Wanted
from sightpact.access.errors import Refused
from sightpact.access.telling import Teller
from sightpact.activation.actions import askings as actions
from sightpact.activation.askings import AskingCard
from sightpact.activation.errors import TooLate
from sightpact.agreements import actions as agreements
from sightpact.ledger import reads as ledger
from sightpact.ledger.clock import SimulatedClock
from sightpact.notices import reads as notices
from sightpact.people import actions as people
from sightpact.record.sentences import said
from tests import lakeview
from tests.activation.test_askings import at_once, head, sees, steps
from tests.lakeview import ASKING, Lakeview

pytestmark = pytest.mark.usefixtures("journal")

DISTRICT = {"party": "lakeview-usd"}
FIRST, SECOND = [{**DISTRICT, "roles": ["principal"]}], [{**DISTRICT, "roles": ["superintendent"]}]
ESCALATES = {"approve": FIRST, "escalate_minutes": 2, "escalate_to": SECOND}


def build(**section: Any) -> Lakeview:
    facts._latest = None
    return lakeview.build(**{**ASKING, "s3_6": {**ASKING["s3_6"], **ESCALATES, **section}})


@pytest.fixture
def it(time_told: SimulatedClock, transactional_db: None) -> Lakeview:
    """Lakeview: the principal answers a request; after two minutes the superintendent may as well."""
    return build()


def ask(it: Lakeview, who: str = "omar", key: str = "k1") -> AskingCard:
    mou, school = it.agreements["lakeview-mou"], it.schools["lakeview-high"]
    return asking.ask(it.people[who], Wanted("request", mou, school, "A door alarm", key))


def told_of(about: str) -> list[tuple[str, str]]:
    return list(dict.fromkeys((d.event, d.name) for d in notices.deliveries(about)))


def says(it: Lakeview, who: str, card: AskingCard) -> list[str]:
    shown = asked.one(it.people[who], card.id)
    assert shown is not None
    return [step.text for step in shown.steps]


def test_the_second_line_is_asked_when_the_first_is_silent_and_may_then_approve(
    it: Lakeview, time_told: SimulatedClock
) -> None:
    card, sam, pia = ask(it), it.people["sam"], it.people["pia"]
    teller = Teller()
    assert teller.look() == 1 and told_of(card.id) == [("asked", "Pia Marsh")]
    shown = asked.one(it.people["omar"], card.id)
    assert shown is not None and (shown.answerers, shown.next_line) == (("Pia Marsh",), ("Sam Whitfield",))

    time_told.advance(119)
    assert asking.settle() == [] and asked.to_answer(sam, facts.snapshot()) == ()
    for approve in (True, False):
        with pytest.raises(Refused, match="once this was escalated"):
            asking.answer(sam, card.id, approve)
    found = ledger.opened(ledger.Query(types=("refusal",)))
    assert [(e.reason_code, e.clause, e.key("person")) for e in found] == [("not_escalated", "3.6", sam)] * 2

    time_told.advance(1)
    with pytest.raises(Refused):
        asking.answer(sam, card.id, True)  # its minute has come, but it was not escalated yet
    assert asking.settle() == [card.id] and asking.settle() == []
    assert teller.look() == 1 and teller.look() == 0
    assert told_of(card.id) == [("asked", "Pia Marsh"), ("escalated", "Sam Whitfield")]
    assert [c.id for c in asked.to_answer(sam, facts.snapshot())] == [card.id]
    assert [c.id for c in asked.to_answer(pia, facts.snapshot())] == [card.id], "the first line still may"
    assert sees(it) == set()

    time_told.advance(30)
    assert asking.answer(sam, card.id, True).decided_by_name == "Sam Whitfield"
    with pytest.raises(TooLate, match="Sam Whitfield approved it before you"):
        asking.answer(pia, card.id, True)
    assert sees(it) == set(it.inside)
    ended = asking.end(it.people["omar"], card.id)
    for who in ("omar", "pia", "sam"):
        assert says(it, who, card) == [
            "Omar Reyes asked", "Told: Pia Marsh", "Escalated to Sam Whitfield", "Told: Sam Whitfield",
            "Sam Whitfield approved", "Opened", "Omar Reyes ended it.",
        ]  # fmt: skip
    assert (ended.asked_utc, ended.escalated_utc) == (card.asked_utc, card.escalate_utc)
    assert steps() == [
        ("request", "asked", ""), ("request", "escalated", ""), ("request", "approved", ""), ("request", "ended", "ended"),
    ]  # fmt: skip
    (entry,) = [e for e in ledger.opened(ledger.Query(types=("request",))) if e.outcome == "escalated"]
    assert entry.shown("text") == "Sam Whitfield" and entry.shown("person") == ""
    assert said(entry) == "The request to look at Lakeview High was escalated to Sam Whitfield"


def test_an_answer_in_time_is_never_escalated(it: Lakeview, time_told: SimulatedClock) -> None:
    yes, no = ask(it), ask(it, key="k2")
    asking.answer(it.people["pia"], yes.id, True)
    asking.answer(it.people["pia"], no.id, False)
    time_told.advance(150)
    assert asking.settle() == []
    for card in (yes, no):
        assert actions.escalate(card.id, {}).escalated_utc is None


def test_it_lapses_at_its_deadline_all_the_same(it: Lakeview, time_told: SimulatedClock) -> None:
    card = ask(it)
    time_told.advance(120)
    asking.settle()
    time_told.advance(180)
    for who in ("pia", "sam"):
        with pytest.raises(TooLate, match="The time for an answer is over"):
            asking.answer(it.people[who], card.id, True)
    late = ledger.opened(ledger.Query(types=("refusal",)))
    assert {(e.reason_code, e.clause, e.shown("text")) for e in late} == {("too_late", "3.6", "approve")}
    assert {e.key("person") for e in late} == {it.people["pia"], it.people["sam"]}
    assert asking.settle() == [card.id] and sees(it) == set()
    assert steps()[-1] == ("request", "ended", "unanswered")


def test_once_also_by_many_at_once_and_after_a_restart(it: Lakeview, time_told: SimulatedClock) -> None:
    """Down over its minute: escalated at the start. Down over its deadline: ended, and never escalated."""
    card = ask(it)
    time_told.advance(200)
    facts._latest = None
    asking.settle_the_past()
    (live,) = facts.snapshot().askings
    assert live.escalated_utc == time_told.now() and live.escalated_to == ("Sam Whitfield",)
    late = ask(it, key="k2")
    time_told.advance(400)
    facts._latest = None
    asking.settle_the_past()
    assert [s for s in steps() if s[1] == "escalated"] == [("request", "escalated", "")]
    third = ask(it, key="k3")
    time_told.advance(120)
    assert {type(r) for r in at_once([asking.settle] * 4)} == {list}
    escalated = [
        e.key("situation")
        for e in ledger.opened(ledger.Query(types=("request",)))
        if e.outcome == "escalated"
    ]
    assert sorted(escalated) == sorted([card.id, third.id]) and late.id not in escalated


def test_nobody_to_escalate_to_is_said_and_it_runs_out(
    time_told: SimulatedClock, transactional_db: None
) -> None:
    """The one superintendent asked: nobody answers what they asked for, so nobody of the second line is left."""
    it = build(ask=[*ASKING["s3_6"]["ask"], *SECOND])
    card = ask(it, "sam")
    shown = asked.one(it.people["sam"], card.id)
    assert shown is not None and shown.next_line == ()
    time_told.advance(120)
    assert asking.settle() == [card.id]
    assert Teller().look() == 1 and told_of(card.id) == [("asked", "Pia Marsh")]
    assert says(it, "pia", card)[1:] == ["Told: Pia Marsh", "Escalated, but nobody is left to ask"] or says(
        it, "pia", card
    )[1:] == ["Escalated, but nobody is left to ask", "Told: Pia Marsh"]
    with pytest.raises(Refused, match="somebody else must approve it"):
        asking.answer(it.people["sam"], card.id, True)
    time_told.advance(180)
    assert asking.settle() == [card.id] and steps()[-1] == ("request", "ended", "unanswered")


def test_under_a_suspended_agreement_it_waits(it: Lakeview, time_told: SimulatedClock) -> None:
    card = ask(it)
    agreements.suspend("lakeview-mou", head(it))
    time_told.advance(120)
    assert asking.settle() == []
    agreements.resume("lakeview-mou", head(it))
    assert asking.settle() == [card.id]


def test_a_second_line_longer_than_an_entry_keeps_nothing_else_from_its_end(
    it: Lakeview, time_told: SimulatedClock
) -> None:
    """All principals of a county: the entry names as many as it holds, and how many more; each of them may answer."""
    for n in range(200):
        role = people.Role("lakeview-usd", "superintendent")
        people.add_person(people.PersonSpec(f"one-{n:03}", f"Superintendent Number {n:03}"), [role])
    facts._latest = None
    card, other = ask(it), ask(it, key="k2")
    time_told.advance(120)
    assert sorted(asking.settle()) == sorted([card.id, other.id])
    (live, _other) = facts.snapshot().askings
    assert len(live.escalated_to) == 201
    entries = [e for e in ledger.opened(ledger.Query(types=("request",))) if e.outcome == "escalated"]
    assert {len(e.shown("text")) < 2100 and e.shown("text").endswith(" more") for e in entries} == {True}


def test_the_same_answer_twice_is_one_answer(it: Lakeview) -> None:
    """A double tap is told nothing of coming too late, and the record says no such thing of it."""
    card, pia = ask(it), it.people["pia"]
    for _tap in range(2):
        assert asking.answer(pia, card.id, False).decision == "refused"
    assert steps() == [("request", "asked", ""), ("request", "ended", "refused")]
    assert not ledger.opened(ledger.Query(types=("refusal",)))
