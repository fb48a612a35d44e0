"""A drill is told off the page as a DRILL, softly, on the channels of a real emergency; exercise alarms begin or ask for one."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from sightpact.access import drilled, drills, facts, sharing
from sightpact.access.telling import Teller
from sightpact.activation import alarm_reads
from sightpact.activation import drills as drill_reads
from sightpact.activation import reads as activation
from sightpact.ledger import clock
from sightpact.ledger.clock import SimulatedClock
from sightpact.notices import actions, reads
from sightpact.notices.models import Notice
from sightpact.people import actions as people
from sightpact.people.actions import PersonSpec
from tests import lakeview
from tests.access import alarming
from tests.browser import as_person
from tests.lakeview import Lakeview

NOW = datetime(2026, 9, 14, 13, 30, tzinfo=UTC)
GATEWAY = {"sms_gateway_url": "https://bridge.lakeview.example/", "sms_gateway_secret": "s" * 32}
NAMED = [{"party": "lakeview-usd", "roles": ["principal", "superintendent", "alarm"]}]


@pytest.fixture
def told(settings: Any) -> Iterator[SimulatedClock]:
    facts._latest = None
    settings.SIGHTPACT = dataclasses.replace(settings.SIGHTPACT, **GATEWAY)
    simulated = SimulatedClock(NOW)
    before = clock.use(simulated)
    yield simulated
    clock.use(before)


def with_phones(made: Lakeview) -> Lakeview:
    people.alter_person(PersonSpec("omar", "Omar Reyes", "", "+1 555 010 0101"))
    people.alter_person(PersonSpec("sam", "Sam Whitfield", "sam@lakeview.example", "+1 555 010 0100"))
    return made


def start(it: Lakeview) -> str:
    return drills.start(it.people["pia"], (it.schools["lakeview-high"],), "intruder", "k1").id


def test_participants_hear_of_it_softly_and_once_and_of_its_end(
    told: SimulatedClock, transactional_db: None
) -> None:
    it = with_phones(lakeview.build(drills=2))
    drill = start(it)
    assert Teller().look() == 1 and Teller().look() == 0, "also by another process: once"
    rows = reads.deliveries(drill)
    assert {("Omar Reyes", "sms"), ("Sam Whitfield", "sms"), ("Omar Reyes", "page")} <= {
        (d.name, d.channel) for d in rows
    }
    assert "Pia Marsh" not in {d.name for d in rows}, "who started it knows"
    assert not any(d.channel == "voice" or d.must_acknowledge for d in rows), "nobody is called or pressed"
    told.advance(3)
    for job in actions.claim("sms", 8):
        actions.sent(job.delivery)
    page = drilled.one(it.people["sam"], drill)
    step = next(s for s in page.steps if s.name.startswith("Told by text message"))
    assert step.seconds == 3.0 and step.name.endswith("2 of 2")
    assert next(s for s in page.steps if s.name.startswith("Told by open page")).at is None
    assert {each.name for each in page.told} >= {"Omar Reyes", "Sam Whitfield"}
    assert drilled.one(it.people["omar"], drill).told == (), "the names are the district's"
    assert "text message sent 3 s" in as_person("sam").get(f"/drills/{drill}/").content.decode()
    drills.end(it.people["pia"], drill)
    assert Teller().look() == 1 and Teller().look() == 0
    began, over = Notice.objects.filter(about=drill).order_by("made_utc", "-event")
    assert {began.event, over.event} == {"drill", "drill_over"}
    for notice in (began, over):
        assert notice.title.startswith("DRILL") and notice.text.startswith("DRILL")
        assert (notice.level, notice.topic) == ("notice", drill.replace("-", ""))


def test_a_real_start_that_pre_empts_says_so_to_whoever_drilled(
    told: SimulatedClock, transactional_db: None
) -> None:
    it = with_phones(lakeview.build(drills=2))
    drill = start(it)
    Teller().look()
    real = sharing.start(it.people["pia"], (it.schools["lakeview-high"],), "intruder", "k2").id
    Teller().look()
    over = Notice.objects.get(about=drill, event="drill_over")
    assert over.title == "DRILL is over: a real emergency is shared"
    assert {d.name for d in reads.deliveries(drill) if d.event == "drill_over"} >= {"Omar Reyes"}
    loud = Notice.objects.filter(about=real)
    assert loud.exists() and not any(n.topic == over.topic or "DRILL" in n.title for n in loud)


def test_an_exercise_alarm_begins_a_drill_only_where_the_text_names_it(
    told: SimulatedClock, transactional_db: None
) -> None:
    it = alarming.build(drills=2)
    button = alarming.source()
    outcome = button.send(status="exercise")
    assert (outcome.state, outcome.says) == ("drill_waits", "not_named")
    assert button.send(id="2", status="test").state == "tested", "a test starts and asks nothing"
    assert drill_reads.live() == () and activation.live() == ()
    assert Teller().look() == 1 and Teller().look() == 0
    asked = [(d.name, d.event) for d in reads.deliveries(str(outcome.alarm))]
    assert ("Pia Marsh", "exercise") in asked and ("Omar Reyes", "exercise") not in asked
    pia = as_person("pia")
    assert "An exercise alarm came" in pia.get("/drills/").content.decode()
    assert "An exercise alarm came" in as_person("sam").get("/today/").content.decode()
    mou, high = it.agreements["lakeview-mou"], it.schools["lakeview-high"]
    sent = {"alarm": outcome.alarm, "choice": f"{mou}:{high}:intruder"}
    first = pia.post("/drills/exercise/", sent)
    (card,) = drill_reads.live()
    assert first["Location"] == f"/drills/{card.id}/" and card.started_by == it.people["pia"]
    assert as_person("sam").post("/drills/exercise/", sent)["Location"] == "/drills/", "answered: told so"
    kept = alarm_reads.alarm(str(outcome.alarm))
    assert kept is not None and (kept.state, kept.answered_by_name) == ("answered", "Pia Marsh")


def test_an_exercise_alarm_that_the_text_names_drills_by_itself_when_it_is_fresh(
    told: SimulatedClock, transactional_db: None
) -> None:
    it = alarming.build(drills=2, s3_8={"start": NAMED})
    button = alarming.source()
    late = button.send(id="old", status="exercise", late_s=301)
    assert (late.state, late.says) == ("drill_waits", "stale"), "an old one never begins by itself"
    assert button.send(status="exercise").state == "drill_started"
    assert button.send(status="exercise").is_new is False
    (card,) = drill_reads.live()
    assert (card.started_by_name, card.emergency) == ("Panic button, Lakeview High", "intruder")
    assert card.schools == (it.schools["lakeview-high"],) and activation.live() == ()
    assert button.send(id="3", status="exercise", place="Bus depot").says == "place"
    Teller().look()
    assert {"Omar Reyes", "Pia Marsh"} <= {d.name for d in reads.deliveries(card.id)}


def test_a_drill_that_gave_way_before_it_was_told_is_not_told(
    told: SimulatedClock, transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its end is not written yet; nobody hears "DRILL started" in a real emergency."""
    it = with_phones(lakeview.build(drills=2))
    monkeypatch.setattr(drills, "pre_empt", lambda _schools: [])
    drill = start(it)
    sharing.start(it.people["pia"], (it.schools["lakeview-high"],), "intruder", "k2")
    assert Teller().look() > 0 and not Notice.objects.filter(about=drill).exists()
    drills.settle()
    assert not Notice.objects.filter(about=drill).exists()
