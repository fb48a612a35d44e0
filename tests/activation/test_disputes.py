"""Whose word was reported says "that was not me": it takes back that word, and nothing that stands on anything else."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string

from sightpact.access import facts, journal_replay, sharing, switch
from sightpact.access.offers import offers
from sightpact.activation import reads
from sightpact.activation.errors import TooLate
from sightpact.activation.reads import ActivationCard
from sightpact.ledger import reads as ledger
from sightpact.ledger.clock import SimulatedClock
from sightpact.people import reads as people
from sightpact.web.pages import switch_facts
from tests.activation.conftest import Both
from tests.lakeview import LIFE, Lakeview, build

pytestmark = pytest.mark.usefixtures("journal")


@pytest.fixture
def it(transactional_db: None, time_told: SimulatedClock) -> Lakeview:
    return build(**LIFE)


def _report(it: Lakeview, key: str, word_of: str = "") -> ActivationCard:
    why = "word" if word_of else "call_911"
    return sharing.report(it.people["omar"], (it.schools["lakeview-high"],), "intruder", key, why, word_of)


@pytest.mark.parametrize("first", ["911", "pia", "sam"])
def test_a_dispute_withdraws_that_persons_word_and_nothing_else(
    time_told: SimulatedClock, it: Lakeview, both_ways: Both, first: str
) -> None:
    pia, sam = it.people["pia"], it.people["sam"]
    words = {"911": "", "pia": pia, "sam": sam}
    others = [words[each] for each in words if each != first]
    with both_ways():
        begun = _report(it, "k0", words[first])
        time_told.advance(60)
        for number, word in enumerate(others, 1):
            assert _report(it, f"k{number}", word).id == begun.id
        sharing.take(it.people["omar"], begun.id)
        assert offers(facts.snapshot(), pia, facts.snapshot().live[0]).only_my_word
        for _twice in range(2):
            card = sharing.dispute(pia, begun.id)
            assert card.is_live and card.unverified == ("word" if first == "sam" else "call_911")
            assert (card.deadline_utc, card.own_utc) == (begun.deadline_utc, begun.deadline_utc)
            assert (card.words, card.disputed_names) == ({sam: "Sam Whitfield"}, "Pia Marsh")
            assert card.times_reported == 2
            assert {s.emergency for s in facts.snapshot().situations} == {"intruder"}
        assert (
            not offers(facts.snapshot(), pia, card).dispute and offers(facts.snapshot(), sam, card).is_my_word
        )
        alone = sharing.dispute(sam, begun.id)
        assert (alone.is_live, alone.unverified, alone.words, alone.word_of) == (True, "call_911", {}, None)
        time_told.advance(9 * 60 - 1)
        assert sharing.end_due() == []
        time_told.advance(1)
        assert sharing.end_due() == [begun.id], "its own few minutes, not more"
    journal_replay.replay()
    stored = reads.card(begun.id)
    assert stored is not None and (stored.end_reason, stored.unverified) == ("deadline", "call_911")
    assert [r.outcome for r in stored.reports].count("disputed") == 2 and stored.kinds == alone.kinds
    outcomes = [
        e.outcome
        for e in ledger.opened(ledger.Query(oldest_first=True, limit=500))
        if e.type == "activation_end"
    ]
    assert outcomes == ["word_disputed", "word_disputed", "ended"]


def test_it_ends_disputed_once_nothing_else_carries_it(
    time_told: SimulatedClock, it: Lakeview, both_ways: Both
) -> None:
    pia, sam, omar = it.people["pia"], it.people["sam"], it.people["omar"]
    with both_ways():
        words = _report(it, "k1", pia)
        _report(it, "k2", sam)
        assert sharing.dispute(pia, words.id).is_live
        asked = _report(it, "k3", pia)
        assert pia in asked.words and asked.deadline_utc == words.deadline_utc, (
            "reported anew, she is asked anew"
        )
        assert sharing.dispute(sam, words.id).words == {pia: "Pia Marsh"}
        assert sharing.dispute(pia, words.id).end_reason == "disputed"
        school = (it.schools["lakeview-high"],)
        alarm = sharing.report(omar, school, "intruder", "k4", "alarm")
        _report(it, "k5", pia)
        assert sharing.dispute(pia, alarm.id).unverified == "alarm"
        assert sharing.confirm(omar, alarm.id).verified
        with pytest.raises(TooLate):
            sharing.dispute(pia, alarm.id)
        sharing.close(omar, alarm.id, "hoax")
        call = _report(it, "k6")
        assert sharing.dispute(pia, call.id).end_reason == "disputed", (
            "nobody's word: the school says that it is not so"
        )
    journal_replay.replay()
    stored = [reads.card(each.id) for each in (words, alarm, call)]
    assert [c.end_reason for c in stored if c] == ["disputed", "hoax", "disputed"]


def test_both_pages_say_who_said_so_and_the_button_what_it_does(it: Lakeview) -> None:
    pia, sam, omar = it.people["pia"], it.people["sam"], it.people["omar"]
    about = _report(it, "k1").id
    for key, word in (("k2", pia), ("k3", sam)):
        _report(it, key, word)
    sharing.dispute(pia, about)
    card = facts.snapshot().live[0]
    said, only = "Pia Marsh said that it was not their word.", "takes your word back"
    for person, is_asked in ((sam, True), (pia, False)):
        who, ticks = people.person(person), switch.ticks(person, about)
        assert who and ticks
        page = render_to_string(
            "web/_switch_running.html", {"starter": who, **switch_facts.running(who, ticks)}
        )
        assert said in page and (only in page) is is_asked and ('value="dispute"' in page) is is_asked
    wall = {"sharing": {"card": card, "offers": offers(facts.snapshot(), omar, card)}, "card": card}
    assert said in render_to_string("live/_unverified.html", wall)
