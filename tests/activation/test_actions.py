"""A sharing's life, on the real database: each step once, whoever presses how often, and never without an end."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from sightpact.access import facts, journal_replay, sharing
from sightpact.access.errors import Refused
from sightpact.activation import reads
from sightpact.activation.errors import AlreadyEnded, UnknownActivation
from sightpact.ledger import reads as ledger
from sightpact.ledger.clock import SimulatedClock
from tests.activation.unwritable import restart, unwritable
from tests.lakeview import Lakeview

pytestmark = pytest.mark.usefixtures("journal")


def _start(
    it: Lakeview,
    key: str = "k1",
    emergency: str = "intruder",
    school: str = "lakeview-high",
    who: str = "pia",
) -> str:
    return sharing.start(it.people[who], (it.schools[school],), emergency, key).id


def _entries(*types: str) -> list[tuple[str, str, str]]:
    found = ledger.opened(ledger.Query(types=types, oldest_first=True, limit=500))
    return [(e.type, e.outcome, e.reason_code) for e in found]


def _steps() -> list[str]:
    return [
        outcome
        for _t, outcome, _r in _entries(
            "activation_start", "activation_take", "activation_end", "activation_told"
        )
    ]


def _at_once(jobs: list[Callable[[], Any]]) -> list[Any]:
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


def test_the_same_start_again_is_the_same_start(time_told: SimulatedClock, district: Lakeview) -> None:
    first = _start(district)
    assert _start(district) == first, "the same key"
    assert _start(district, "k2") == first, "a second presser joins the first"
    assert _start(district, "k3", who="sam") == first
    assert _start(district, "k4", "medical") == first, "nor does an equal or lower kind make a second one"
    assert _start(district, "k4", "medical", "lakeview-middle") == first, "a key is for one start"
    assert _start(district, "k6", "medical", "lakeview-middle") != first, "another school is another sharing"
    sharing.all_clear(district.people["pia"], first)
    assert _start(district) == first, "a late repetition of a press that has been ended starts nothing"
    assert _start(district, "k5") != first
    assert _steps() == ["started", "started", "ended", "started"]


def test_the_first_who_takes_has_it(time_told: SimulatedClock, district: Lakeview) -> None:
    activation = _start(district)
    sharing.told(district.people["omar"], activation)
    sharing.told(district.people["omar"], activation)
    assert sharing.take(district.people["omar"], activation).taken_by == district.people["omar"]
    again = sharing.take(district.people["omar"], activation)
    assert again.taken_by_name == "Omar Reyes"
    with pytest.raises(Refused):
        sharing.take(district.people["pia"], activation)
    assert _steps() == ["started", "told", "taken"]


def test_all_clear_before_it_is_taken_ends_it_and_after_that_proposes(
    time_told: SimulatedClock, district: Lakeview
) -> None:
    pia, omar = district.people["pia"], district.people["omar"]
    activation = _start(district)
    sharing.take(omar, activation)
    card = sharing.all_clear(pia, activation)
    assert card.is_live and card.end_proposed_by_name == "Pia Marsh"
    assert sharing.all_clear(pia, activation).end_due_utc == card.end_due_utc, (
        "a second proposal changes nothing"
    )
    assert sharing.keep_open(omar, activation).end_due_utc is None
    time_told.advance(3600 - 60)
    assert sharing.end_due() == []
    sharing.all_clear(pia, activation)
    assert sharing.all_clear(omar, activation).end_reason == "all_clear"
    other = _start(district, "k2")
    assert sharing.all_clear(pia, other).end_reason == "all_clear"
    assert _steps() == ["started", "taken", "proposed", "kept_open", "proposed", "ended", "started", "ended"]


def test_a_proposal_that_nobody_answers_ends_it(time_told: SimulatedClock, district: Lakeview) -> None:
    activation = _start(district)
    sharing.take(district.people["omar"], activation)
    sharing.all_clear(district.people["pia"], activation)
    time_told.advance(5 * 60 - 1)
    assert sharing.end_due() == []
    time_told.advance(1)
    assert sharing.end_due() == [activation]
    assert _entries("activation_end")[-1] == ("activation_end", "ended", "unanswered")


def test_mistake_and_stop_say_who(time_told: SimulatedClock, district: Lakeview) -> None:
    pia, sam = district.people["pia"], district.people["sam"]
    one, two = _start(district), _start(district, "k2", "medical", "lakeview-middle")
    assert "by mistake, says Pia Marsh" in sharing.all_clear(pia, one, "mistake").end_sentence
    assert "Sam Whitfield stopped" in sharing.stop(sam, two).end_sentence
    with pytest.raises(AlreadyEnded):
        sharing.stop(sam, two)
    with pytest.raises(UnknownActivation):
        sharing.stop(sam, "4a6c1f0e-0000-4000-8000-000000000000")
    with pytest.raises(Refused):
        sharing.stop(pia, _start(district, "k3"))


def test_what_fell_due_while_down_is_ended_at_the_start(
    time_told: SimulatedClock, district: Lakeview
) -> None:
    short, long = _start(district, "k1", "medical"), _start(district, "k2", school="lakeview-middle")
    deadline = reads.card(long).deadline_utc  # type: ignore[union-attr]
    time_told.advance(45 * 60)
    restart()
    assert [card.id for card in facts.snapshot().live] == [long]
    assert reads.card(short).end_reason == "deadline"  # type: ignore[union-attr]
    assert reads.card(long).deadline_utc == deadline  # type: ignore[union-attr]


def test_two_ends_at_once_are_one_end(time_told: SimulatedClock, district: Lakeview) -> None:
    activation = _start(district)
    pia, sam = district.people["pia"], district.people["sam"]
    results = _at_once(
        [lambda: sharing.all_clear(pia, activation), lambda: sharing.stop(sam, activation)] * 3
    )
    assert all(isinstance(r, AlreadyEnded) or not r.is_live for r in results), results
    assert len(_entries("activation_end")) == 1


def test_starts_from_many_hands_at_once_are_one_sharing(
    time_told: SimulatedClock, district: Lakeview
) -> None:
    results = _at_once([lambda n=n: _start(district, f"key {n % 4}") for n in range(8)])  # type: ignore[misc]
    assert len(set(results)) == 1 and isinstance(results[0], str), results
    assert _entries("activation_start") == [("activation_start", "started", "switch")]


def test_takes_at_once_have_one_winner(time_told: SimulatedClock, district: Lakeview) -> None:
    activation = _start(district)
    results = _at_once([lambda: sharing.take(district.people["omar"], activation).taken_by for _ in range(6)])
    assert set(results) == {district.people["omar"]}
    assert len(_entries("activation_take")) == 1


def test_everything_while_nothing_can_be_written(time_told: SimulatedClock, district: Lakeview) -> None:
    """Each step is a fact at once, survives a restart, and is in the ledger later with its own times."""
    pia, omar, sam = (district.people[name] for name in ("pia", "omar", "sam"))
    stored = _start(district, "k0", "medical", "lakeview-middle")
    with unwritable():
        activation = _start(district)
        assert _start(district) == _start(district, "k2") == activation
        assert _start(district, "k3", "medical", "lakeview-middle") == stored, (
            "it joins the one that is stored"
        )
        sharing.told(omar, activation)
        assert sharing.take(omar, activation).taken_by == omar
        assert sharing.all_clear(pia, activation).end_due_utc is not None
        assert _start(district, "k4") == activation
        assert facts.snapshot().live[-1].end_due_utc is None, "who presses again says that it is not over"
        assert sharing.all_clear(pia, activation).end_due_utc is not None
        assert sharing.stop(sam, stored).end_reason == "stop"
        time_told.advance(120)
        restart()
        (card,) = facts.snapshot().live
        assert (card.id, card.taken_by, card.end_proposed_by_name) == (activation, omar, "Pia Marsh")
        assert _start(district, "k4") == activation and card.end_due_utc, "the same press again says nothing"
        time_told.advance(200)
        assert sharing.end_due() == [activation]
        ended = time_told.now()
        assert facts.snapshot().live == ()
        time_told.advance(60)
    assert journal_replay.replay() == 10, "the presses that joined are in it too"
    assert facts.snapshot().live == () and facts.journalled.cards == ()
    card_after = reads.card(activation)
    assert card_after is not None and card_after.end_reason == "unanswered"
    assert card_after.ended_utc == ended and card_after.taken_by == omar and card_after.told_utc is not None
    assert _steps() == ["started", "started", "told", "taken", "proposed", "proposed", "ended", "ended"]
    assert _start(district) == activation, "its key is remembered"


def test_a_sharing_that_ended_in_the_reserve_is_not_joined(
    time_told: SimulatedClock, district: Lakeview
) -> None:
    """The end is not yet in the database, the database can be written again: a new press starts a new sharing."""
    first = _start(district)
    with unwritable():
        sharing.stop(district.people["sam"], first)
    second = _start(district, "k2")
    assert second != first
    assert [card.id for card in facts.snapshot().live] == [second]
    journal_replay.replay()
    assert [card.id for card in facts.snapshot().live] == [second]
    assert _steps() == ["started", "ended", "started"]
