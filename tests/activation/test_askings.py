"""Invitations, requests, event periods on the real database: each step once, by whom the section names, with an end."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from sightpact.access import asked, asking, asking_sections, facts, journal_replay, sharing
from sightpact.access.asking_fit import Wanted
from sightpact.access.errors import LogUnwritable, NotFound, Refused
from sightpact.activation.askings import AskingCard
from sightpact.activation.errors import BadAsking, TooLate, UnknownAsking
from sightpact.agreements import actions as agreements
from sightpact.decide.facts import Action, Grant
from sightpact.ledger import reads as ledger
from sightpact.ledger.clock import SimulatedClock
from sightpact.people import reads as people
from sightpact.people.reads import PersonCard
from tests import lakeview
from tests.activation.unwritable import restart, unwritable
from tests.lakeview import ASKING, Lakeview

pytestmark = pytest.mark.usefixtures("journal")


@pytest.fixture
def it(time_told: SimulatedClock, transactional_db: None) -> Lakeview:
    """Lakeview, with sections on invitations (3.5), requests (3.6) and events (3.7)."""
    facts._latest = None
    return lakeview.build(**ASKING)


def wanted(it: Lakeview, kind: str, key: str = "k1", school: str = "lakeview-high", **more: Any) -> Wanted:
    mou = it.agreements["lakeview-mou"]
    return Wanted(kind, mou, it.schools[school], more.pop("reason", "A door alarm, east side"), key, **more)


def ask(it: Lakeview, who: str, kind: str, key: str = "k1", **more: Any) -> AskingCard:
    return asking.ask(it.people[who], wanted(it, kind, key, **more))


def plan(it: Lakeview, opens: datetime, hours: float = 2, who: str = "omar", key: str = "w1") -> AskingCard:
    closes = opens + timedelta(hours=hours)
    return ask(it, who, "window", key, reason="Football final", opens_utc=opens, closes_utc=closes)


def sees(it: Lakeview, who: str = "omar", school: str = "lakeview-high") -> set[str]:
    """The cameras (ids) at a school that the person may watch now by something that was asked for."""
    snapshot = facts.snapshot()
    found = set()
    for camera in snapshot.names.cameras.values():
        answer = snapshot.answer(it.people[who], Action.VIEW_LIVE, camera.id)
        if camera.school_id == it.schools[school] and isinstance(answer, Grant) and answer.situation:
            assert answer.situation in {card.id for card in snapshot.askings}
            found.add(camera.id)
    return found


def steps(*kinds: str) -> list[tuple[str, str, str]]:
    types = kinds or ("invitation", "request", "window")
    found = ledger.opened(ledger.Query(types=types, oldest_first=True, limit=500))
    return [(e.type, e.outcome, e.reason_code) for e in found]


# invitations ------------------------------------------------------------------------------------------------


def test_the_school_invites_and_police_look_until_the_deadline(
    it: Lakeview, time_told: SimulatedClock
) -> None:
    assert sees(it) == set()
    card = ask(it, "pia", "invitation", minutes=10)
    assert (card.state, card.clause, card.deadline_utc) == (
        "open",
        "3.5",
        time_told.now() + timedelta(minutes=10),
    )
    assert sees(it) == set(it.inside)
    assert sees(it, school="lakeview-middle") == set(), "another school is not invited to"
    assert sees(it, "ines") == set()
    time_told.advance(599)
    assert sees(it) == set(it.inside) and asking.settle() == []
    time_told.advance(1)
    assert sees(it) == set(), "closed by its deadline, before anybody writes"
    assert asking.settle() == [card.id]
    assert steps() == [("invitation", "opened", ""), ("invitation", "ended", "deadline")]
    (past,) = facts.snapshot().past_askings
    assert past.ended_utc == card.deadline_utc
    assert asking.settle() == []


def test_only_the_cameras_that_were_picked(it: Lakeview) -> None:
    two = tuple(it.inside[:2])
    card = ask(it, "pia", "invitation", minutes=5, cameras=two)
    assert sees(it) == set(two) and set(card.cameras) == set(two)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"minutes": 31}, "1 to 30 minutes"),
        ({"minutes": -1}, "1 to 30 minutes"),
        ({"reason": "  "}, "reason"),
        ({"reason": "x" * 201}, "reason"),
        ({"incident": "9" * 41}, "incident number"),
    ],
)
def test_what_does_not_fit_the_section_is_not_asked(it: Lakeview, more: dict[str, Any], says: str) -> None:
    with pytest.raises(BadAsking) as fault:
        ask(it, "pia", "invitation", **more)
    assert says in str(fault.value)
    assert facts.snapshot().askings == () and steps() == []


def test_a_private_camera_cannot_be_picked(it: Lakeview) -> None:
    for camera in (it.camera("guidance"), it.camera("hallway", "lakeview-middle"), "no-camera"):
        with pytest.raises(BadAsking):
            ask(it, "pia", "invitation", cameras=(it.inside[0], camera))


@pytest.mark.parametrize("who", ["omar", "rosa", "dana", "ines"])
def test_whom_the_section_does_not_name_invites_nobody_and_that_is_in_the_record(
    it: Lakeview, who: str
) -> None:
    with pytest.raises(Refused):
        ask(it, who, "invitation")
    assert sees(it) == set()
    (refusal,) = ledger.opened(ledger.Query(types=("refusal",)))
    assert refusal.key("person") == it.people[who] and refusal.shown("text") == "invite"


def test_either_side_ends_it_at_once(it: Lakeview) -> None:
    for number, (who, reason) in enumerate({"omar": "ended", "pia": "ended", "sam": "stop"}.items()):
        card = ask(it, "pia", "invitation", key=f"k{number}")
        assert sees(it)
        ended = asking.end(it.people[who], card.id)
        assert (ended.end_reason, sees(it)) == (reason, set())
        assert asking.end(it.people["pia"], card.id).end_reason == reason, "the second learns how it ended"
    assert [step for step in steps() if step[1] == "ended"] == [
        ("invitation", "ended", reason) for reason in ("ended", "ended", "stop")
    ]


def test_the_superintendents_stop_of_everything_ends_it_too(it: Lakeview) -> None:
    ask(it, "pia", "invitation")
    sharing.start(it.people["pia"], (it.schools["lakeview-middle"],), "intruder", "s1")
    assert sharing.stop_all(it.people["pia"]) == 0
    assert sharing.stop_all(it.people["sam"]) == 2
    assert sees(it) == set() and facts.snapshot().situations == ()


def test_the_same_press_again_is_the_same_invitation(it: Lakeview) -> None:
    assert ask(it, "pia", "invitation").id == ask(it, "pia", "invitation").id
    with pytest.raises(BadAsking):
        ask(it, "sam", "invitation")
    assert steps() == [("invitation", "opened", "")]


def test_a_suspension_closes_it_and_an_end_is_still_possible(it: Lakeview) -> None:
    card = ask(it, "pia", "invitation")
    agreements.suspend("lakeview-mou", head(it))
    assert sees(it) == set()
    (shown,) = asked.everything(it.people["pia"]).open
    assert shown.dark
    with pytest.raises(Refused):
        ask(it, "pia", "invitation", key="k2")
    assert asking.end(it.people["pia"], card.id).end_reason == "ended"


# requests ---------------------------------------------------------------------------------------------------


def test_a_request_opens_by_an_approval_for_its_minutes(it: Lakeview, time_told: SimulatedClock) -> None:
    card = ask(it, "omar", "request", incident="26-1183")
    assert (card.state, sees(it)) == ("asked", set())
    assert card.answer_due_utc == time_told.now() + timedelta(minutes=5)
    snapshot = facts.snapshot()
    assert [c.id for c in asked.to_answer(it.people["pia"], snapshot)] == [card.id]
    assert asked.to_answer(it.people["omar"], snapshot) == ()
    time_told.advance(60)
    approved = asking.answer(it.people["pia"], card.id, True)
    assert (approved.state, approved.decided_by_name) == ("open", "Pia Marsh")
    assert approved.deadline_utc == time_told.now() + timedelta(minutes=20)
    assert sees(it) == set(it.inside) == sees(it, "rosa")
    time_told.advance(20 * 60)
    assert sees(it) == set() and asking.settle() == [card.id]
    assert steps() == [
        ("request", "asked", ""),
        ("request", "approved", ""),
        ("request", "ended", "deadline"),
    ]
    shown = asked.one(it.people["omar"], card.id)
    assert shown is not None and [step.text for step in shown.steps] == [
        "Omar Reyes asked", "Pia Marsh approved", "Opened", "Its time, 20 minutes, is over.",
    ]  # fmt: skip


def test_a_refusal_is_its_end(it: Lakeview) -> None:
    card = ask(it, "omar", "request")
    refused = asking.answer(it.people["sam"], card.id, False)
    assert (refused.state, refused.end_reason, sees(it)) == ("ended", "refused", set())
    assert steps() == [("request", "asked", ""), ("request", "ended", "refused")]


def test_the_first_answer_counts(it: Lakeview) -> None:
    card = ask(it, "omar", "request")
    asking.answer(it.people["pia"], card.id, True)
    with pytest.raises(TooLate) as fault:
        asking.answer(it.people["sam"], card.id, False)
    assert "Pia Marsh approved it before you" in str(fault.value)
    assert sees(it) == set(it.inside)


def test_answers_at_once_have_one_winner(it: Lakeview) -> None:
    card = ask(it, "omar", "request")
    pia, sam = it.people["pia"], it.people["sam"]
    results = at_once(
        [lambda: asking.answer(pia, card.id, True), lambda: asking.answer(sam, card.id, False)] * 2
    )
    assert [type(r) for r in results].count(TooLate) in (2, 3), results
    assert len([step for step in steps() if step[1] in ("approved", "ended")]) == 1


def test_unanswered_it_stays_closed_and_says_so(it: Lakeview, time_told: SimulatedClock) -> None:
    card = ask(it, "omar", "request")
    time_told.advance(5 * 60)
    with pytest.raises(TooLate) as late:
        asking.answer(it.people["pia"], card.id, True)
    assert "The time for an answer is over" in str(late.value)
    assert asking.settle() == [card.id]
    with pytest.raises(TooLate) as fault:
        asking.answer(it.people["pia"], card.id, True)
    assert "Nobody answered in time" in str(fault.value)
    assert sees(it) == set()
    assert steps() == [("request", "asked", ""), ("request", "ended", "unanswered")]


def test_unanswered_it_opens_where_the_section_says_so(
    time_told: SimulatedClock, transactional_db: None
) -> None:
    it = lakeview.build(**{**ASKING, "s3_6": {**ASKING["s3_6"], "unanswered": "opens"}})
    card = ask(it, "omar", "request")
    time_told.advance(5 * 60 - 1)
    assert asking.settle() == [] and sees(it) == set()
    time_told.advance(31)  # the keeper looked a little late
    assert asking.settle() == [card.id]
    assert sees(it) == set(it.inside)
    (now_open,) = facts.snapshot().askings
    assert now_open.decision == "unanswered"
    assert now_open.deadline_utc == card.asked_utc + timedelta(minutes=5 + 20), (
        "from its right, not from the look"
    )
    time_told.advance(20 * 60)
    asking.settle()
    assert steps() == [
        ("request", "asked", ""), ("request", "opened", "unanswered"), ("request", "ended", "deadline"),
    ]  # fmt: skip


def test_nobody_approves_their_own(time_told: SimulatedClock, transactional_db: None) -> None:
    """Also where the section names the same office for both."""
    school = ASKING["s3_6"]["approve"]
    it = lakeview.build(**{**ASKING, "s3_6": {**ASKING["s3_6"], "ask": school}})
    card = ask(it, "pia", "request")
    with pytest.raises(Refused) as fault:
        asking.answer(it.people["pia"], card.id, True)
    assert "somebody else must approve it" in str(fault.value)
    assert sees(it) == set()
    (refusal,) = ledger.opened(ledger.Query(types=("refusal",)))
    assert refusal.reason_code == "own_request"
    assert asking.answer(it.people["sam"], card.id, True).state == "open"


@pytest.mark.parametrize("who", ["rosa", "dana"])
def test_who_may_know_of_it_but_not_answer_is_refused(it: Lakeview, who: str) -> None:
    card = ask(it, "omar", "request")
    with pytest.raises(Refused):
        asking.answer(it.people[who], card.id, True)
    assert facts.snapshot().askings[0].state == "asked"


def test_a_stranger_learns_nothing(it: Lakeview) -> None:
    card = ask(it, "omar", "request")
    ines = it.people["ines"]
    for act in (lambda: asking.answer(ines, card.id, True), lambda: asking.end(ines, card.id)):
        with pytest.raises(UnknownAsking):
            act()
    assert asked.one(ines, card.id) is None
    assert not asked.everything(ines).any and asking_sections.options(ines) == ()
    with pytest.raises(NotFound):
        asking.ask(ines, replace(wanted(it, "request"), agreement="another"))


def test_whoever_asked_takes_it_back(it: Lakeview) -> None:
    card = ask(it, "omar", "request")
    assert asking.end(it.people["omar"], card.id).end_reason == "called_off"
    with pytest.raises(TooLate):
        asking.answer(it.people["pia"], card.id, True)


def test_police_learn_no_count_of_inside_cameras_before_it_opens(it: Lakeview) -> None:
    card = ask(it, "omar", "request")
    his, hers = asked.one(it.people["omar"], card.id), asked.one(it.people["pia"], card.id)
    assert his is not None and hers is not None
    assert (his.cameras, his.inside, hers.cameras, hers.inside) == (None, None, 8, 8)
    assert all(option.cameras == () for option in asking_sections.options(it.people["omar"]))
    asking.answer(it.people["pia"], card.id, True)
    opened = asked.one(it.people["omar"], card.id)
    assert opened is not None and opened.inside == 8


def test_one_person_cannot_flood_the_approvers(it: Lakeview) -> None:
    for number in range(asking.MOST_WAITING):
        ask(it, "omar", "request", key=f"k{number}")
    with pytest.raises(BadAsking):
        ask(it, "omar", "request", key="one too many")


# event periods ----------------------------------------------------------------------------------------------


def test_an_event_opens_and_closes_by_itself(it: Lakeview, time_told: SimulatedClock) -> None:
    opens = time_told.now() + timedelta(days=3)
    card = plan(it, opens)
    assert asking.answer(it.people["pia"], card.id, True).state == "coming"
    assert sees(it) == set() and asking.settle() == []
    (coming,) = asked.everything(it.people["omar"]).coming
    assert coming.card.opens_utc == opens
    time_told.advance(3 * 86400)
    assert asking.settle() == [card.id]
    gym, lobby = it.camera("gymnasium"), it.camera("lobby")
    assert sees(it) == {gym, lobby}, "what its section names, and no more"
    time_told.advance(2 * 3600)
    assert sees(it) == set() and asking.settle() == [card.id]
    assert steps() == [
        ("window", "asked", ""), ("window", "approved", ""), ("window", "opened", ""), ("window", "ended", "deadline"),
    ]  # fmt: skip


def test_an_event_that_nobody_approved_does_not_open(it: Lakeview, time_told: SimulatedClock) -> None:
    card = plan(it, time_told.now() + timedelta(hours=1))
    time_told.advance(3600)
    with pytest.raises(TooLate):
        asking.answer(it.people["pia"], card.id, True)
    assert asking.settle() == [card.id] and sees(it) == set()
    assert steps()[-1] == ("window", "ended", "unanswered")


def test_an_event_is_called_off(it: Lakeview, time_told: SimulatedClock) -> None:
    card = plan(it, time_told.now() + timedelta(hours=1), who="pia")
    asking.answer(it.people["sam"], card.id, True)
    assert asking.end(it.people["omar"], card.id).end_reason == "called_off"
    time_told.advance(3600)
    assert asking.settle() == [] and sees(it) == set()


@pytest.mark.parametrize(
    ("hours", "opens_in_h", "says"),
    [(7, 1, "1 to 360 minutes"), (-1, 1, "an end after it"), (1, -1, "past"), (1, 24 * 400, "a year")],
)
def test_an_event_that_does_not_fit_is_not_asked(
    it: Lakeview, time_told: SimulatedClock, hours: float, opens_in_h: float, says: str
) -> None:
    with pytest.raises(BadAsking) as fault:
        plan(it, time_told.now() + timedelta(hours=opens_in_h), hours)
    assert says in str(fault.value)


def test_while_the_server_is_down(it: Lakeview, time_told: SimulatedClock) -> None:
    """One begins meanwhile and opens at the start; one passes altogether and has its end; one invitation is over."""
    begun = plan(it, time_told.now() + timedelta(hours=1), 6, key="w1")
    passed = plan(it, time_told.now() + timedelta(hours=1), 1, key="w2")
    for card in (begun, passed):
        asking.answer(it.people["pia"], card.id, True)
    invited = ask(it, "pia", "invitation", key="k9", minutes=10)
    time_told.advance(3 * 3600)
    facts._latest = None
    asking.settle_the_past()
    assert [card.id for card in facts.snapshot().askings] == [begun.id]
    assert {card.id: card.end_reason for card in facts.snapshot().past_askings} == {
        passed.id: "missed",
        invited.id: "deadline",
    }
    assert sees(it)


def test_an_event_under_a_suspended_agreement_does_not_open_until_it_is_resumed(
    it: Lakeview, time_told: SimulatedClock
) -> None:
    card = plan(it, time_told.now() + timedelta(hours=1))
    asking.answer(it.people["pia"], card.id, True)
    agreements.suspend("lakeview-mou", head(it))
    time_told.advance(3600)
    assert asking.settle() == []
    agreements.resume("lakeview-mou", head(it))
    assert asking.settle() == [card.id] and sees(it)


# purposes ---------------------------------------------------------------------------------------------------


def test_a_text_that_lists_purposes_takes_no_other(time_told: SimulatedClock, transactional_db: None) -> None:
    allowed = [{"purpose": "welfare", "says": "A report of a person in danger"}]
    it = lakeview.build(**ASKING, s3_8={"heading": "What for", "kind": "purposes", "allowed": allowed})
    for purpose in ("", "protest"):
        with pytest.raises(BadAsking) as fault:
            ask(it, "omar", "request", purpose=purpose)
        assert "Section 3.8 lists the purposes" in str(fault.value)
    card = ask(it, "omar", "request", purpose="welfare", reason="")
    assert (card.purpose, card.reason) == ("welfare", "A report of a person in danger")
    (entry,) = ledger.opened(ledger.Query(types=("request",)))
    assert "purpose welfare" in entry.shown("text")


# the record -------------------------------------------------------------------------------------------------


def test_nothing_is_asked_that_cannot_be_written_and_deadlines_close_all_the_same(
    it: Lakeview, time_told: SimulatedClock
) -> None:
    card = ask(it, "pia", "invitation", minutes=5)
    with unwritable():
        with pytest.raises(LogUnwritable):
            ask(it, "pia", "invitation", key="k2")
        time_told.advance(300)
        assert sees(it) == set()
        asking.settle_the_past()
    assert asking.settle() == [card.id]
    assert steps() == [("invitation", "opened", ""), ("invitation", "ended", "deadline")]


def test_closing_works_while_nothing_can_be_written(it: Lakeview, time_told: SimulatedClock) -> None:
    """The end is a fact at once, survives a restart, and is in the record later with its own time."""
    card, waits = ask(it, "pia", "invitation"), ask(it, "omar", "request", key="k2")
    with unwritable():
        assert asking.end(it.people["omar"], card.id).end_reason == "ended"
        assert asking.end(it.people["omar"], waits.id).end_reason == "called_off"
        ended = time_told.now()
        assert sees(it) == set()
        assert asking.end(it.people["pia"], card.id).ended_by_name == "Omar Reyes", "the second learns how"
        time_told.advance(60)
        restart()
        assert sees(it) == set() and facts.snapshot().askings == ()
    with pytest.raises(TooLate):
        asking.answer(it.people["pia"], waits.id, True)
    assert asking.settle() == []
    assert journal_replay.replay() == 2
    assert {c.id: (c.end_reason, c.ended_utc) for c in facts.snapshot().past_askings} == {
        card.id: ("ended", ended),
        waits.id: ("called_off", ended),
    }
    assert facts.journalled.ended_askings == ()
    assert sorted(steps()) == [
        ("invitation", "ended", "ended"), ("invitation", "opened", ""),
        ("request", "asked", ""), ("request", "ended", "called_off"),
    ]  # fmt: skip


def test_what_the_record_says_of_it(it: Lakeview) -> None:
    card = ask(it, "omar", "request", incident="26-1183")
    (entry,) = ledger.opened(ledger.Query(types=("request",)))
    assert entry.key("situation") == card.id and entry.key("school") == it.schools["lakeview-high"]
    assert entry.shown("text") == "A door alarm, east side; incident 26-1183; 20 minutes"
    assert (entry.clause, entry.party, entry.agreement) == ("3.6", "lakeview-pd", "lakeview-mou")


def head(it: Lakeview) -> PersonCard:
    found = people.person(it.people["sam"])
    assert found is not None
    return found


def at_once(jobs: list[Callable[[], Any]]) -> list[Any]:
    """Run all of them at the same moment, each on a thread of its own with its own connection."""
    barrier, results = threading.Barrier(len(jobs)), [None] * len(jobs)

    def run(number: int) -> None:
        try:
            barrier.wait(10)
            results[number] = jobs[number]()
        except Exception as fault:
            results[number] = fault
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results
