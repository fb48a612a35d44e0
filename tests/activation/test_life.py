"""What a sharing can do between its start and its end: join, widen, be reported and confirmed, be extended, be taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from sightpact.access import facts, journal_replay, sharing, steps
from sightpact.access.errors import NotFound, Refused
from sightpact.access.offers import offers
from sightpact.access.waiting_causes import waiting_causes
from sightpact.activation import life, reads
from sightpact.activation.errors import AlreadyEnded, TooLate
from sightpact.activation.reads import ActivationCard
from sightpact.activation.wish import Start
from sightpact.decide.facts import Action, Grant, Refusal
from sightpact.ledger import reads as ledger
from sightpact.ledger.clock import SimulatedClock
from tests.activation.conftest import Both
from tests.activation.unwritable import restart, unwritable
from tests.lakeview import LIFE, Lakeview, build

pytestmark = pytest.mark.usefixtures("journal")


@pytest.fixture
def it(transactional_db: None, time_told: SimulatedClock) -> Lakeview:
    return build(**LIFE)


def _start(
    it: Lakeview, kind: str, key: str, school: str = "lakeview-high", who: str = "pia"
) -> ActivationCard:
    return sharing.start(it.people[who], (it.schools[school],), kind, key)


def _report(it: Lakeview, key: str, word_of: str = "", kind: str = "intruder") -> ActivationCard:
    why = "word" if word_of else "call_911"
    return sharing.report(it.people["omar"], (it.schools["lakeview-high"],), kind, key, why, word_of)


def _minutes(card: ActivationCard, until: datetime | None = None) -> float:
    return ((until or card.deadline_utc) - card.started_utc).total_seconds() / 60


def _said() -> list[str]:
    found = ledger.opened(ledger.Query(oldest_first=True, limit=500))
    return [f"{e.type[11:]} {e.reason_code}".strip() for e in found if e.type.startswith("activation_")]


def _kinds_now(time_told: SimulatedClock) -> set[str]:
    return {s.emergency for s in facts.snapshot().situations if s.deadline_utc > time_told.now()}


def _kinds() -> set[str]:
    return {s.emergency for s in facts.snapshot().situations}


def test_a_higher_kind_widens_and_an_equal_or_lower_one_joins(
    time_told: SimulatedClock, it: Lakeview
) -> None:
    first = _start(it, "medical", "k1")
    sharing.told(it.people["omar"], first.id)
    sharing.take(it.people["omar"], first.id)
    time_told.advance(10 * 60)
    widened = _start(it, "intruder", "k2", who="sam")
    assert (widened.id, widened.emergency, widened.level) == (first.id, "intruder", "life_safety")
    assert widened.widened_from == "medical" and widened.widened_utc == time_told.now()
    assert (widened.told_utc, widened.taken_by) == (None, None), "people are told, and asked to take it, anew"
    assert (_minutes(widened), widened.cap_utc and _minutes(widened, widened.cap_utc)) == (70, 130)
    assert _kinds() == {"intruder", "medical"}
    for key, kind in (("k3", "medical"), ("k4", "missing_child"), ("k5", "intruder")):
        same = _start(it, kind, key)
        assert (same.id, same.emergency, same.own_utc) == (first.id, "intruder", widened.deadline_utc)
        assert _minutes(same) == (70 if key == "k3" else 130), "a kind that is new there keeps its own time"
    assert [r.outcome for r in same.reports] == ["started", "widened", "joined", "joined", "joined"]
    assert [r.by_name for r in same.reports[:2]] == ["Pia Marsh", "Sam Whitfield"]
    time_told.advance(25 * 60)
    assert dict(same.kinds)["medical"] > time_told.now(), "what was reported again counts from then"
    fire = _start(it, "fire", "k6")
    assert (fire.emergency, _minutes(fire, fire.own_utc)) == ("fire", 35 + 90), (
        "an equal kind that lasts longer does widen"
    )
    assert _start(it, "intruder", "k2").id == first.id, "a press is remembered, also one that joined"
    sharing.stop(it.people["sam"], first.id)
    assert _start(it, "intruder", "k4").id == first.id
    assert _said() == [
        "start switch", "told", "take", "widened switch", "joined switch", "joined switch", "joined switch",
        "widened switch", "end stop",
    ]  # fmt: skip


def test_a_report_opens_for_minutes_until_it_is_confirmed(time_told: SimulatedClock, it: Lakeview) -> None:
    card = _report(it, "k1", it.people["pia"])
    assert (card.unverified, card.word_of_name, card.verified, _minutes(card)) == (
        "word",
        "Pia Marsh",
        False,
        10,
    )
    sharing.take(it.people["omar"], card.id)
    with pytest.raises(TooLate, match="not confirmed"):
        sharing.extend(it.people["omar"], card.id)
    time_told.advance(4 * 60)
    sure = sharing.confirm(it.people["pia"], card.id)
    assert (sure.unverified, sure.confirmed_by_name, _minutes(sure)) == ("", "Pia Marsh", 60)
    assert sharing.confirm(it.people["pia"], card.id).confirmed_utc == sure.confirmed_utc
    with pytest.raises(TooLate, match="Pia Marsh said"):
        sharing.dispute(it.people["pia"], card.id)
    assert _said() == ["start word", "take", "confirmed"]


def test_a_report_is_disputed_or_lapses_or_is_a_hoax(time_told: SimulatedClock, it: Lakeview) -> None:
    omar, pia = it.people["omar"], it.people["pia"]
    disputed = _report(it, "k1", pia)
    sharing.take(omar, disputed.id)
    assert "Pia Marsh says: this was not my word" in sharing.dispute(pia, disputed.id).end_sentence
    lapsed = _report(it, "k2")
    time_told.advance(10 * 60)
    assert sharing.end_due() == [lapsed.id]
    hoax = _report(it, "k3")
    assert sharing.close(omar, hoax.id, "hoax").end_reason == "hoax"
    district = it.parties["lakeview-usd"]
    counts = reads.outcomes(district, time_told.now() - timedelta(days=1))
    assert counts == {"disputed": 1, "deadline": 1, "hoax": 1}
    with pytest.raises(AlreadyEnded):
        sharing.confirm(pia, hoax.id)


def test_who_may_report_and_whose_word_counts(time_told: SimulatedClock, it: Lakeview) -> None:
    school = (it.schools["lakeview-high"],)
    with pytest.raises(Refused):
        sharing.report(it.people["rosa"], school, "intruder", "k1")
    with pytest.raises(Refused):
        sharing.start(it.people["omar"], school, "intruder", "k2")
    for why, word in (
        ("word", it.people["dana"]),
        ("word", ""),
        ("call_911", it.people["pia"]),
        ("idea", ""),
    ):
        with pytest.raises(NotFound):
            sharing.report(it.people["omar"], school, "intruder", "k3", why, word)
    card = _report(it, "k4")
    with pytest.raises(Refused):
        sharing.confirm(it.people["rosa"], card.id)
    with pytest.raises(Refused):
        sharing.dispute(it.people["omar"], card.id)
    pressed = _start(it, "intruder", "k5", who="sam")
    assert (pressed.id, pressed.unverified, pressed.confirmed_by_name) == (card.id, "", "Sam Whitfield")
    assert _minutes(pressed) == 60


def test_dispatch_extends_in_steps_up_to_the_cap(time_told: SimulatedClock, it: Lakeview) -> None:
    omar, card = it.people["omar"], _start(it, "intruder", "k1")
    with pytest.raises(TooLate, match="Nobody has taken"):
        sharing.extend(omar, card.id)
    sharing.take(omar, card.id)
    with pytest.raises(Refused):
        sharing.extend(it.people["pia"], card.id)
    assert not card.warns(time_told.now())
    time_told.advance(55 * 60)
    assert card.warns(time_told.now())
    longer = sharing.extend(omar, card.id)
    assert (
        _minutes(longer) == 105
        and longer.extended_by_name == "Omar Reyes"
        and not longer.warns(time_told.now())
    )
    assert _minutes(sharing.extend(omar, card.id)) == 120
    with pytest.raises(TooLate, match="as long as the agreement allows"):
        sharing.extend(omar, card.id)
    time_told.advance(60 * 60)
    assert sharing.end_due() == [] and dict(longer.kinds)["intruder"] == longer.deadline_utc
    time_told.advance(5 * 60)
    assert sharing.end_due() == [card.id]


def test_a_stop_is_taken_back_within_seconds(time_told: SimulatedClock, it: Lakeview) -> None:
    sam, card = it.people["sam"], _start(it, "intruder", "k1")
    stopped = sharing.stop(sam, card.id)
    assert stopped.ended_by_name == "Sam Whitfield" and stopped.ended_by_phone
    time_told.advance(9)
    with pytest.raises(Refused):
        sharing.undo(it.people["pia"], card.id)
    again = sharing.undo(sam, card.id)
    assert again.is_live and again.deadline_utc == card.deadline_utc and again.end_reason == ""
    sharing.stop(sam, card.id)
    time_told.advance(10)
    with pytest.raises(TooLate):
        sharing.undo(sam, card.id)
    assert _said() == ["start switch", "end stop", "undone", "end stop"]


def test_dispatch_closes_and_a_machine_proposes(time_told: SimulatedClock, it: Lakeview) -> None:
    omar, pia = it.people["omar"], it.people["pia"]
    card = _start(it, "intruder", "k1")
    with pytest.raises(Refused):
        sharing.close(pia, card.id, "incident_closed")
    assert not sharing.propose_by_machine(pia, card.id, "incident_closed").is_live, (
        "nobody had it: it was its own"
    )
    card = _start(it, "intruder", "k2")
    sharing.take(omar, card.id)
    proposed = sharing.propose_by_machine(it.people["sam"], card.id, "incident_closed")
    assert proposed.is_live and proposed.end_due_utc == time_told.now() + timedelta(minutes=5)
    assert sharing.close(omar, card.id, "last_responder").end_reason == "last_responder"


def test_a_mistake_is_said_at_once_and_dispatch_confirms_it(
    time_told: SimulatedClock, it: Lakeview, both_ways: Both
) -> None:
    omar, pia = it.people["omar"], it.people["pia"]
    card = _start(it, "intruder", "k1")
    sharing.take(omar, card.id)
    with both_ways():
        said = sharing.all_clear(pia, card.id, "mistake")
        assert said.is_live and said.end_proposed_reason == "mistake"
        assert facts.snapshot().live[0].end_proposed_reason == "mistake"
        assert sharing.keep_open(omar, card.id).end_proposed_reason == ""
        sharing.all_clear(pia, card.id, "mistake")
        ended = sharing.all_clear(omar, card.id, "mistake")
    assert ended.end_sentence == "Sent by mistake, says Omar Reyes. There is no emergency."
    journal_replay.replay()
    stored = reads.card(card.id)
    assert stored is not None and (stored.end_reason, stored.end_proposed_reason) == ("mistake", "mistake")
    assert _said()[2:] == ["end mistake", "end", "end mistake", "end mistake"]


def test_what_was_taken_once_is_never_ended_by_the_school_alone(
    time_told: SimulatedClock, it: Lakeview
) -> None:
    """A widening asks dispatch to take it anew; meanwhile an all clear still only proposes."""
    omar, pia = it.people["omar"], it.people["pia"]
    card = _start(it, "medical", "k1")
    sharing.take(omar, card.id)
    assert _start(it, "intruder", "k2", who="sam").taken_by is None
    for proposed in (
        sharing.all_clear(pia, card.id),
        sharing.propose_by_machine(pia, card.id, "incident_closed"),
    ):
        assert proposed.is_live and proposed.end_due_utc is not None


def test_the_whole_life_while_nothing_can_be_written(time_told: SimulatedClock, it: Lakeview) -> None:
    """Each step is a fact at once, survives a restart, and is in the ledger later as it was."""
    omar, pia, sam = (it.people[name] for name in ("omar", "pia", "sam"))
    before = _start(it, "medical", "k0")
    with unwritable():
        card = _report(it, "k1", pia)
        assert (card.id, card.unverified, card.widened_from) == (before.id, "word", "medical")
        assert sharing.confirm(pia, card.id).unverified == ""
        sharing.take(omar, card.id)
        assert _minutes(sharing.extend(omar, card.id)) == 105
        time_told.advance(60)
        assert not sharing.stop(sam, card.id).is_live
        time_told.advance(5)
        assert sharing.undo(sam, card.id).is_live
        restart()
        (kept,) = facts.snapshot().live
        assert (kept.emergency, kept.taken_by, _minutes(kept)) == ("intruder", omar, 105)
        other = sharing.report(omar, (it.schools["creekside"],), "fire", "k2", "call_911")
        assert other.unverified == "call_911"
    time_told.advance(30)
    journal_replay.replay()
    stored = reads.card(card.id)
    assert stored is not None and stored.is_live and facts.journalled.cards == ()
    assert (stored.emergency, stored.confirmed_by_name, _minutes(stored)) == ("intruder", "Pia Marsh", 105)
    assert (stored.kinds, stored.cap_utc) == (kept.kinds, kept.cap_utc)
    assert _said() == [
        "start switch", "widened word", "confirmed", "take", "extended", "end stop", "undone", "start call_911",
    ]  # fmt: skip
    assert _report(it, "k1", pia).id == card.id


def test_a_start_at_one_school_opens_nothing_at_the_others(
    time_told: SimulatedClock, it: Lakeview, both_ways: Both
) -> None:
    district = tuple(it.schools.values())
    notice = sharing.start(it.people["sam"], district, "missing_child", "k0")
    with both_ways():
        press = _start(it, "intruder", "k1", "lakeview-middle")
        assert press.id != notice.id and press.schools == (it.schools["lakeview-middle"],)
        assert not press.widened_from
        (open_there,) = [s for s in facts.snapshot().situations if s.emergency == "intruder"]
        assert open_there.schools == {it.schools["lakeview-middle"]}
        assert _start(it, "missing_child", "k2", "creekside").id == notice.id, "it adds nothing"
        time_told.advance(60)
        assert _start(it, "missing_child", "k3", "creekside").id not in (notice.id, press.id), "a minute"
    journal_replay.replay()
    assert {card.id: card.deadline_utc for card in reads.live()}[notice.id] == notice.deadline_utc


def test_each_kind_is_confirmed_and_extended_by_its_own_time(
    time_told: SimulatedClock, it: Lakeview, both_ways: Both
) -> None:
    omar = it.people["omar"]
    first = _start(it, "missing_child", "k1")
    time_told.advance(5 * 60)
    with both_ways():
        reported = _report(it, "k2")
        assert (_minutes(reported), _minutes(reported, reported.own_utc)) == (120, 15)
        time_told.advance(60)
        sure = sharing.confirm(it.people["pia"], first.id)
        assert (_minutes(sure), _minutes(sure, sure.own_utc)) == (120, 65), (
            "an intruder: an hour from its report"
        )
        sharing.take(omar, first.id)
        time_told.advance(55 * 60)
        assert sure.warns(time_told.now())
        longer = sharing.extend(omar, first.id)
        assert (_minutes(longer), _minutes(longer, longer.own_utc)) == (120, 110)
        assert offers(facts.snapshot(), omar, longer).extend_to == longer.cap_utc
        longest = sharing.extend(omar, first.id)
        assert longest.own_utc == longest.deadline_utc == longest.cap_utc and _minutes(longest) == 125
        with pytest.raises(TooLate, match="as long as the agreement allows"):
            sharing.extend(omar, first.id)
    journal_replay.replay()
    (stored,) = reads.live()
    assert (stored.kinds, stored.deadline_utc) == (longest.kinds, longest.deadline_utc)


def test_what_is_disputed_or_lapses_takes_nothing_from_what_somebody_surely_started(
    time_told: SimulatedClock, it: Lakeview, both_ways: Both
) -> None:
    pia = it.people["pia"]
    first = _start(it, "medical", "k1")
    time_told.advance(4 * 60)
    with both_ways():
        assert _report(it, "k2").unverified
        lower = sharing.dispute(pia, first.id)
        assert lower.is_live and lower.verified and _kinds_now(time_told) == {"medical"}
        assert (lower.emergency, lower.level, lower.clause) == ("medical", "urgent", first.clause)
        assert (_minutes(lower), lower.cap_utc, lower.unverified) == (30, None, "")
        again = _report(it, "k3")
        assert (again.id, again.emergency, again.unverified) == (first.id, "intruder", "call_911")
        time_told.advance(10 * 60)
        assert sharing.end_due() == []
        (lapsed,) = facts.snapshot().live
        assert (lapsed.emergency, lapsed.verified, _minutes(lapsed)) == ("medical", True, 30)
        time_told.advance(16 * 60)
        assert sharing.end_due() == [first.id]
    journal_replay.replay()
    stored = reads.card(first.id)
    assert stored is not None and stored.kinds == lapsed.kinds and not stored.unverified
    assert _said() == [
        "start switch", "widened call_911", "end disputed", "widened call_911", "end deadline", "end deadline",
    ]  # fmt: skip


def test_a_sure_start_outlives_an_unverified_higher_report(
    time_told: SimulatedClock, it: Lakeview, both_ways: Both
) -> None:
    with both_ways():
        reported = _report(it, "k1")
        time_told.advance(5 * 60)
        joined = _start(it, "medical", "k2")
        assert (joined.id, joined.emergency, _minutes(joined)) == (reported.id, "intruder", 35)
        time_told.advance(5 * 60)
        assert sharing.end_due() == []
        (card,) = facts.snapshot().live
        assert (card.emergency, card.verified, _minutes(card)) == ("medical", True, 35)
        assert _kinds_now(time_told) == {"medical"}
        sharing.take(it.people["omar"], card.id)
        anew = _start(it, "intruder", "k3")
        assert (anew.id, anew.emergency, anew.taken_by, _minutes(anew)) == (card.id, "intruder", None, 70)
    journal_replay.replay()
    (stored,) = reads.live()
    assert (stored.emergency, stored.kinds, stored.widened_from) == ("intruder", anew.kinds, "medical")


def test_a_kind_that_is_over_and_is_reported_again_alerts_anew(
    time_told: SimulatedClock, it: Lakeview
) -> None:
    card = _start(it, "intruder", "k1")
    sharing.take(it.people["omar"], card.id)
    over = replace(
        card, deadline_utc=card.deadline_utc + timedelta(hours=1)
    )  # as with another kind beside it
    wish = Start(
        id=card.id,
        key="k2",
        owner=card.owner,
        schools=card.schools,
        school_names=card.school_names,
        emergency="intruder",
        clause=card.clause,
        source="switch",
        minutes=60,
        started_utc=card.deadline_utc,
    )
    assert life.outcome(over, wish) == life.WIDENED
    anew = life.joined(over, wish, "Sam Whitfield")
    assert (anew.told_utc, anew.taken_by, anew.widened_from) == (None, None, "")
    assert anew.own_utc == wish.deadline_utc
    just_before = replace(wish, started_utc=card.deadline_utc - timedelta(seconds=1))
    assert life.outcome(over, just_before) == life.JOINED


def test_a_time_ends_only_what_is_still_due_also_in_the_reserved_journal(
    time_told: SimulatedClock, it: Lakeview
) -> None:
    omar, card = it.people["omar"], _start(it, "intruder", "k1")
    sharing.take(omar, card.id)
    with unwritable():
        proposed = sharing.all_clear(it.people["pia"], card.id)
        assert proposed.end_due_utc
        time_told.advance(5 * 60)
        sharing.keep_open(omar, card.id)
        assert steps.end(proposed, "unanswered", card.clause, None).is_live, "dispatch had answered"
        time_told.advance(55 * 60 - 1)
        longer = sharing.extend(omar, card.id)
        time_told.advance(1)
        assert steps.end(card, "deadline", card.clause, None).is_live, "it was extended"
        confirmed = steps.end(card, "disputed", card.clause, None)
        assert confirmed.is_live, "nobody disputes what is sure"
        assert confirmed.deadline_utc == longer.deadline_utc
    journal_replay.replay()
    (stored,) = reads.live()
    assert stored.deadline_utc == longer.deadline_utc and stored.end_due_utc is None
    assert "end unanswered" not in _said()


def test_a_term_that_ends_waits_for_the_emergency(transactional_db: None, time_told: SimulatedClock) -> None:
    it = build(**LIFE, s7_1={"ends": "2026-09-14"})  # in New York: until 04:00 UTC
    omar, inside, outside = it.people["omar"], it.inside[0], it.camera("north-lot")
    elsewhere = [c for slug, c in it.cameras.items() if slug.startswith("creekside")]
    time_told.advance(14 * 3600)
    card = _start(it, "intruder", "k1")
    assert waiting_causes(facts.snapshot()) == ()
    before = facts.snapshot().answer(omar, Action.VIEW_LIVE, inside)
    time_told.advance(45 * 60)
    snapshot = facts.snapshot()
    assert snapshot.answer(omar, Action.VIEW_LIVE, inside) == before, "nothing moves for who watches"
    assert isinstance(before, Grant) and before.until_utc == card.deadline_utc
    assert elsewhere
    for camera in elsewhere:
        assert isinstance(snapshot.answer(omar, Action.VIEW_LIVE, camera), Refusal), (
            "not there: nothing is shared"
        )
    (cause,) = waiting_causes(snapshot)
    assert cause.cause == "term" and "until that ends" in cause.text
    with pytest.raises(Refused):
        _start(it, "intruder", "k2", "lakeview-middle")
    sharing.take(omar, card.id)
    sharing.close(omar, card.id, "last_responder")
    for camera in (inside, outside):
        assert isinstance(facts.snapshot().answer(omar, Action.VIEW_LIVE, camera), Refusal)
