"""An alarm that nobody could place reaches a human with no page open: by the next channel, the next people, the telephone."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from sightpact.access import alarm_memory, facts, which_school
from sightpact.access.telling import Teller
from sightpact.activation import alarm_reads
from sightpact.activation import reads as activation
from sightpact.activation.actions import alarms
from sightpact.activation.actions.alarms import Heard
from sightpact.activation.alarms.message import Message
from sightpact.ledger import clock
from sightpact.ledger.clock import SimulatedClock
from sightpact.notices import reads
from sightpact.people import actions as people
from sightpact.people.actions import PersonSpec
from tests.access import alarming
from tests.access.alarming import Source
from tests.browser import as_person
from tests.lakeview import Lakeview

NOW = datetime(2026, 9, 14, 13, 30, tzinfo=UTC)
GATEWAY = {"sms_gateway_url": "https://bridge.lakeview.example/", "sms_gateway_secret": "s" * 32}


@pytest.fixture
def told() -> Iterator[SimulatedClock]:
    simulated = SimulatedClock(NOW)
    before = clock.use(simulated)
    yield simulated
    clock.use(before)


@pytest.fixture
def it(told: SimulatedClock, transactional_db: None, settings: Any) -> Lakeview:
    facts._latest = None
    settings.SIGHTPACT = dataclasses.replace(settings.SIGHTPACT, **GATEWAY)
    made = alarming.build()
    people.alter_person(PersonSpec("omar", "Omar Reyes", "", "+1 555 010 0101"))
    people.alter_person(PersonSpec("sam", "Sam Whitfield", "", "+1 555 010 0100"))
    return made


def rows(about: str, event: str) -> dict[tuple[str, str], str]:
    return {(d.name, d.channel): d.state for d in reads.deliveries(about) if d.event == event}


def test_nobody_has_a_page_open_so_the_next_channel_the_next_people_and_the_telephone_are_used(
    it: Lakeview, told: SimulatedClock
) -> None:
    alarm = alarming.source().send(place="Bus depot").alarm
    assert alarm is not None
    asked = rows(alarm, "which_school")
    assert asked[("Omar Reyes", "page")] == "queued", "no page of his is open"
    assert {("Omar Reyes", "sms"), ("Omar Reyes", "voice")} <= set(asked), "so his phone is used, and rings"
    assert not any(name == "Sam Whitfield" for name, _channel in asked)
    assert Teller().look() == 0, "told at once, and once"
    told.advance(10)
    assert Teller().look() == 1 and Teller().look() == 0, (
        "another process goes on where the first one stopped"
    )
    next_people = rows(alarm, "which_unanswered")
    assert {("Sam Whitfield", "sms"), ("Pia Marsh", "page")} <= set(next_people), "the school's own people"
    told.advance(10)
    assert Teller().look() == 1
    assert ("Lakeview Police Department", "voice") in rows(alarm, "which_unanswered"), (
        "the agency's telephone"
    )
    which_school.put_away(it.people["omar"], alarm)
    told.advance(1)
    assert Teller().look() == 1 and Teller().look() == 0
    assert ("Sam Whitfield", "page") not in rows(alarm, "which_answered"), "softly: no page is turned for it"
    assert rows(alarm, "which_school")[("Omar Reyes", "voice")] == "spared", "nobody is called any more"


def test_what_a_dead_process_kept_and_did_not_tell_is_told_and_where_no_agency_could_answer_the_owner_is(
    it: Lakeview, told: SimulatedClock
) -> None:
    source = alarming.source()
    message = Message("1", "actual", "alert", ("Bus depot",), ("PANIC",), clock.now())
    heard = Heard(source.id, "lakeview-usd", message, "m" * 64, clock.now(), "which_school", "place")
    alarms.keep(heard)
    assert Teller().look() == 1
    assert ("Omar Reyes", "sms") in rows(heard.id, "which_school")
    for name in ("omar", "rosa"):
        people.deactivate(name)
    lonely = alarming.source(name="Another button").send(id="2", place="Bus depot").alarm
    assert lonely is not None
    told.advance(1)
    assert Teller().look() >= 1
    assert ("Sam Whitfield", "sms") in rows(lonely, "which_unanswered"), "at once, not after ten seconds"


def test_the_card_stands_on_today_and_where_the_notice_leads_and_one_tap_answers_it(it: Lakeview) -> None:
    button: Source = alarming.source()
    alarm = button.send(place="Bus depot").alarm
    sam, pia = as_person("sam"), as_person("pia")
    for page in (sam.get("/today/"), pia.get("/alert/which-school/"), sam.get("/alert/which-school/state/")):
        assert "Which school?" in page.content.decode() and "Bus depot" in page.content.decode()
    sent = {"alarm": alarm, "choice": f"{it.schools['lakeview-high']}:intruder", "back": "/today/"}
    assert sam.post("/wall/which-school/", sent)["Location"] == "/today/"
    (card,) = activation.live()
    assert card.emergency == "intruder"
    assert "Bus depot" not in sam.get("/today/").content.decode()
    assert "No alarm waits" in pia.get("/alert/which-school/").content.decode()
    away = {**sent, "back": "https://elsewhere.example/"}
    assert sam.post("/wall/which-school/", away)["Location"] == "/wall/", "back to pages of ours only"
    answered = alarm_reads.alarm(str(alarm))
    assert answered is not None and answered.answered_by_name == "Sam Whitfield"
    assert alarm_memory.waiting_unkept() == ()


def test_who_could_answer_is_worked_out_once_for_all_that_wait(
    it: Lakeview, told: SimulatedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A source that asks without end delays no other telling."""
    button = alarming.source()
    for n in range(20):
        button.send(id=str(n), place=f"Depot {n}")
    told.advance(25)
    teller = Teller()
    teller.look()
    asked, answer = 0, facts.Snapshot.answer

    def counted(*given: Any, **named: Any) -> Any:
        nonlocal asked
        asked += 1
        return answer(*given, **named)

    monkeypatch.setattr(facts.Snapshot, "answer", counted)
    told.advance(2)
    assert teller.look() == 0 and asked == 0
