"""What is not read again is the same as what stands in the database: a start's card, and sharings that ended before."""

from __future__ import annotations

import pytest

from sightpact.access import facts, sharing
from sightpact.activation import reads
from sightpact.ledger import clock
from sightpact.ledger.clock import SimulatedClock
from sightpact.people import actions as people
from sightpact.people.models import Person
from tests.lakeview import LIFE, Lakeview, build

pytestmark = pytest.mark.usefixtures("journal")


@pytest.fixture
def it(transactional_db: None, time_told: SimulatedClock) -> Lakeview:
    return build(**LIFE)


def test_the_card_of_a_start_is_the_stored_one(it: Lakeview) -> None:
    everywhere = tuple(reversed(it.schools.values()))
    for who, schools in (("pia", (it.schools["lakeview-high"],)), ("sam", everywhere)):
        begun = sharing.start(it.people[who], schools, "intruder", who)
        assert begun == reads.card(begun.id)
        sharing.all_clear(it.people[who], begun.id)
    word = sharing.report(
        it.people["omar"], (it.schools["lakeview-high"],), "intruder", "k", "word", it.people["pia"]
    )
    assert word == reads.card(word.id)


def test_ended_sharings_are_as_stored_whatever_was_kept(time_told: SimulatedClock, it: Lakeview) -> None:
    pia, sam, high = it.people["pia"], it.people["sam"], (it.schools["lakeview-high"],)

    def ended() -> list[str]:
        """Who ended each of them and how, as the facts have it; the same as the database has."""
        seen = facts.snapshot().ended
        assert seen == reads.ended_since(clock.now() - facts.REMEMBER_ENDED)
        return [f"{card.end_reason} {card.ended_by_name}" for card in seen]

    first = sharing.start(pia, high, "intruder", "k1")
    sharing.all_clear(pia, first.id, "mistake")
    time_told.advance(60)
    second = sharing.start(pia, high, "intruder", "k2")
    sharing.stop(sam, second.id)
    assert ended() == ["mistake Pia Marsh", "stop Sam Whitfield"]
    sharing.undo(sam, second.id)
    assert ended() == ["mistake Pia Marsh"]
    time_told.advance(1)
    sharing.all_clear(pia, second.id)
    assert ended() == ["mistake Pia Marsh", "all_clear Pia Marsh"]
    assert facts.snapshot().ended[0] is facts.snapshot().ended[0]
    Person.objects.filter(pk=sam).update(name="Samuel Whitfield")
    facts._latest = None
    assert ended() == ["mistake Pia Marsh", "all_clear Pia Marsh"]
    time_told.advance(facts.REMEMBER_ENDED.total_seconds() - 30)
    sharing.start(pia, high, "intruder", "k3")
    assert ended() == ["all_clear Pia Marsh"]


def test_whom_to_call_after_a_stop_is_who_it_is_now(it: Lakeview) -> None:
    """His telephone number was wrong, and is put right while walls say whom to call."""
    begun = sharing.start(it.people["pia"], (it.schools["lakeview-high"],), "intruder", "k1")
    sharing.stop(it.people["sam"], begun.id)
    (over,) = facts.snapshot().ended
    people.alter_person(people.PersonSpec("sam", over.ended_by_name, "sam@lakeview.example", "+15550100777"))
    assert facts.snapshot().ended[0].ended_by_phone == "+15550100777" != over.ended_by_phone
