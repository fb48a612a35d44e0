"""Whom a sharing is told to, and when: start, first watcher, nobody takes it, five minutes left, the end. Once each."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from sightpact.access import asking, facts, news, offers, sharing, switch, telling
from sightpact.access.asking_fit import Wanted
from sightpact.access.telling import Teller
from sightpact.activation.errors import TooLate
from sightpact.ledger import clock, steps
from sightpact.ledger.clock import SimulatedClock
from sightpact.notices import actions, reads
from tests import lakeview
from tests.lakeview import Lakeview

NOW = datetime(2026, 9, 14, 13, 30, tzinfo=UTC)
GATEWAY = {"sms_gateway_url": "https://bridge.lakeview.example/", "sms_gateway_secret": "s" * 32}


@pytest.fixture
def told() -> Iterator[SimulatedClock]:
    simulated = SimulatedClock(NOW)
    before = clock.use(simulated)
    steps.forget()
    yield simulated
    clock.use(before)
    steps.forget()


@pytest.fixture
def plain(told: SimulatedClock, transactional_db: None, settings: Any) -> Lakeview:
    facts._latest = None
    settings.SIGHTPACT = dataclasses.replace(settings.SIGHTPACT, **GATEWAY)
    return lakeview.build()


def start(district: Lakeview, emergency: str = "intruder") -> str:
    return sharing.start(district.people["pia"], (district.schools["lakeview-high"],), emergency, "k").id


def told_of(about: str) -> list[tuple[str, str]]:
    return list(dict.fromkeys((d.event, d.name) for d in reads.deliveries(about)))


def test_the_district_knows_at_once_and_the_agency_is_pressed_until_somebody_takes_it(
    plain: Lakeview, told: SimulatedClock
) -> None:
    teller, about = Teller(), start(plain)
    assert teller.look() == 2 and teller.look() == 0, "the district, and whoever is let in: once"
    assert {("alert", "Omar Reyes"), ("alert", "Rosa Delgado")} <= set(told_of(about))
    assert ("started", "Sam Whitfield") in told_of(about)
    assert ("started", "Pia Marsh") not in told_of(about), "who started it knows"
    assert telling.trying(about) == ""
    told.advance(10)
    assert Teller().look() == 1, "another process goes on where the first one stopped"
    assert ("untaken", "Omar Reyes") in told_of(about) and "Omar Reyes" in telling.trying(about)
    told.advance(10)
    assert teller.look() == 1
    assert ("untaken", "Lakeview Police Department") in told_of(about), "then its telephone rings"
    assert "is being called" in telling.trying(about)
    sharing.take(plain.people["omar"], about)
    told.advance(30)
    assert teller.look() == 0, "nobody is pressed any more"


def test_five_minutes_before_and_at_the_end_whoever_was_told_is_told_again(
    plain: Lakeview, told: SimulatedClock
) -> None:
    teller, about = Teller(), start(plain)
    sharing.take(plain.people["omar"], about)
    teller.look()
    card = next(c for c in facts.snapshot().live if c.id == about)
    told.advance((card.deadline_utc - clock.now()).total_seconds() - 300)
    teller.look()
    assert {("ending", "Omar Reyes"), ("ending", "Pia Marsh")} <= set(told_of(about))
    sharing.all_clear(plain.people["omar"], about)
    assert teller.look() == 1
    assert {("ended", "Sam Whitfield"), ("ended", "Omar Reyes"), ("ended", "Pia Marsh")} <= set(
        told_of(about)
    )


def test_a_stop_that_is_taken_back_is_told_too_and_so_are_who_answers_and_who_is_invited(
    told: SimulatedClock, transactional_db: None
) -> None:
    facts._latest = None
    made = lakeview.build(**lakeview.ASKING)
    teller, about = Teller(), start(made)
    teller.look()
    sharing.stop(made.people["sam"], about)
    teller.look()
    sharing.undo(made.people["sam"], about)
    teller.look()
    assert {("ended", "Omar Reyes"), ("resumed", "Omar Reyes")} <= set(told_of(about))
    told.advance(1)
    sharing.all_clear(made.people["pia"], about)
    mou, high = made.agreements["lakeview-mou"], made.schools["lakeview-high"]
    asked = asking.ask(made.people["omar"], Wanted("request", mou, high, "A door alarm", "r1"))
    invited = asking.ask(
        made.people["pia"], Wanted("invitation", mou, high, "A door alarm", "i1", minutes=10)
    )
    teller.look()
    assert {("asked", "Sam Whitfield"), ("asked", "Pia Marsh")} == set(told_of(asked.id))
    assert {("invited", "Omar Reyes"), ("invited", "Rosa Delgado")} == set(told_of(invited.id))
    assert len([d for d in reads.deliveries(about) if (d.event, d.name) == ("ended", "Rosa Delgado")]) >= 2


def test_a_mistake_is_told_to_everybody_who_was_told_while_dispatch_has_it(
    told: SimulatedClock, transactional_db: None
) -> None:
    facts._latest = None
    made = lakeview.build()
    teller, about = Teller(), start(made)
    teller.look()
    sharing.take(made.people["omar"], about)
    sharing.all_clear(made.people["pia"], about, "mistake")
    teller.look()
    teller.look()
    assert {("mistake", "Omar Reyes"), ("mistake", "Rosa Delgado"), ("mistake", "Sam Whitfield")} <= set(
        told_of(about)
    )


def test_each_whose_word_is_reported_is_asked_and_all_hear_when_a_higher_kind_is_over(
    told: SimulatedClock, transactional_db: None
) -> None:
    facts._latest = None
    made = lakeview.build(**lakeview.LIFE)
    pia, sam, omar = (made.people[name] for name in ("pia", "sam", "omar"))
    school, teller = (made.schools["lakeview-high"],), Teller()
    about = sharing.report(omar, school, "medical", "k1", "word", pia).id
    teller.look()
    sharing.confirm(pia, about)
    told.advance(60)
    assert sharing.report(omar, school, "intruder", "k2", "word", sam).id == about
    teller.look()
    assert {("word", "Pia Marsh"), ("word", "Sam Whitfield")} <= set(told_of(about))
    assert ("resumed", "Omar Reyes") not in told_of(about)
    assert sharing.dispute(sam, about).emergency == "medical"
    assert teller.look() == 1 and teller.look() == 0
    assert {("resumed", "Omar Reyes"), ("resumed", "Pia Marsh")} <= set(told_of(about))
    told.advance(24 * 60)
    teller.look()
    assert ("ending", "Pia Marsh") in told_of(about), "five minutes before the time of what goes on"


def test_a_second_word_that_joins_is_asked_too_and_the_first_confirmation_confirms(
    told: SimulatedClock, transactional_db: None
) -> None:
    facts._latest = None
    made = lakeview.build(**lakeview.LIFE)
    pia, sam, omar = (made.people[name] for name in ("pia", "sam", "omar"))
    school, teller = (made.schools["lakeview-high"],), Teller()
    first = sharing.report(omar, school, "intruder", "k1", "word", pia)
    about = first.id
    teller.look()
    told.advance(5)
    joined = sharing.report(omar, school, "intruder", "k2", "word", sam)
    assert joined.id == about and joined.words == {pia: "Pia Marsh", sam: "Sam Whitfield"}
    assert joined.deadline_utc == first.deadline_utc, "a report moves no deadline"
    teller.look()
    words = [d.name for d in reads.deliveries(about) if d.event == "word"]
    assert {"Pia Marsh", "Sam Whitfield"} == set(words), "each is asked"
    offered = switch.running(sam)
    assert offered is not None and offers.offers(facts.snapshot(), sam, offered).is_my_word
    sharing.confirm(sam, about)
    with pytest.raises(TooLate):
        sharing.dispute(pia, about)  # as with every sharing that is sure: an all clear ends it
    assert switch.running(pia) is None, "she is asked no more"


def test_a_word_that_is_withdrawn_is_told_at_once_and_the_call_goes_on(
    told: SimulatedClock, transactional_db: None
) -> None:
    facts._latest = None
    made = lakeview.build(**lakeview.LIFE)
    pia, sam, omar = (made.people[name] for name in ("pia", "sam", "omar"))
    school, teller = (made.schools["lakeview-high"],), Teller()
    about = sharing.report(omar, school, "intruder", "k1").id
    for key, word in (("k2", pia), ("k3", sam)):
        told.advance(1)
        sharing.report(omar, school, "intruder", key, "word", word)
    teller.look()
    assert sharing.dispute(pia, about).is_live
    assert teller.look() == 1 and teller.look() == 0
    assert {("disputed", "Omar Reyes"), ("disputed", "Sam Whitfield")} <= set(told_of(about))
    told.advance(1)
    sharing.report(omar, school, "intruder", "k4", "word", pia)
    assert teller.look() == 1, "her word anew: she is asked anew"


def test_a_section_says_who_and_who_is_next_when_nobody_answers(
    told: SimulatedClock, transactional_db: None
) -> None:
    facts._latest = None
    district = {"party": "lakeview-usd"}
    rows = [
        {
            "event": "started",
            "who": [{**district, "roles": ["superintendent"]}],
            "within_seconds": 15,
            "or_else": [{**district, "roles": ["principal"]}],
        }
    ]
    made = lakeview.build(s3_5={"heading": "Who is told", "kind": "notices", "rows": rows})
    teller, about = Teller(), start(made)
    teller.look()
    assert [name for event, name in told_of(about) if event == "started"] == ["Sam Whitfield"]
    (waiting,) = reads.waiting_for(made.people["sam"], clock.now())
    told.advance(15)
    teller.look()
    assert ("started", "Pia Marsh") in told_of(about), "nobody acknowledged"
    assert actions.acknowledge_notice(waiting.notice, made.people["sam"])


def test_an_open_page_counts_as_a_channel_and_what_cannot_be_kept_is_sent_all_the_same(
    plain: Lakeview, told: SimulatedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import OperationalError

    from sightpact.notices import outbox

    monkeypatch.setattr(news, "listening_persons", lambda: {plain.people["sam"]})
    teller, about = Teller(), start(plain)
    teller.look()
    page = next(d for d in reads.deliveries(about) if d.name == "Sam Whitfield" and d.channel == "page")
    assert page.state == "delivered"

    sent: list[str] = []

    def unwritable(*_given: Any) -> bool:
        raise OperationalError("database is locked")

    monkeypatch.setattr(actions, "tell", unwritable)
    monkeypatch.setattr(outbox, "_in_the_open", lambda _key, jobs: sent.extend(job.kind for job in jobs))
    told.advance(10)
    assert teller.look() == 1 and "sms" in sent
