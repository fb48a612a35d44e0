"""A drill by the real law: simulated pictures and nothing else, an end always, and a real emergency comes first."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from sightpact.access import (
    drill_sections,
    drilled,
    drills,
    facts,
    journal_replay,
    sharing,
    visible,
)
from sightpact.access.errors import LogUnwritable, Refused
from sightpact.activation.drills import DrillCard
from sightpact.activation.errors import AlreadyRunning, UnknownDrill
from sightpact.activation.models import Activation, Drill
from sightpact.agreements import proof
from sightpact.cameras.models import Camera
from sightpact.decide.facts import Action, Grant, Refusal
from sightpact.ledger import clock
from sightpact.ledger import reads as ledger
from sightpact.ledger.clock import SimulatedClock
from tests import lakeview
from tests.access.conftest import journal
from tests.activation.conftest import time_told
from tests.activation.unwritable import restart, unwritable
from tests.lakeview import Lakeview

__all__ = ["journal", "time_told"]


@pytest.fixture
def it(time_told: SimulatedClock, db: None) -> Lakeview:
    facts._latest = None
    return lakeview.build(drills=3)


def start(it: Lakeview, who: str = "pia", school: str = "lakeview-high", key: str = "") -> DrillCard:
    return drills.start(it.people[who], (it.schools[school],), "intruder", key or str(uuid.uuid4()))


def sees(it: Lakeview, who: str) -> set[str]:
    return {seen.camera.slug for seen in visible.cameras_for(it.people[who])}


def simulated(it: Lakeview) -> set[str]:
    return {slug for slug in it.cameras if "-drill-" in slug}


def real_inside(it: Lakeview) -> set[str]:
    return set(it.inside) - {it.cameras[slug] for slug in simulated(it)}


def test_it_opens_simulated_pictures_and_nothing_else(it: Lakeview) -> None:
    before = {who: sees(it, who) for who in it.people}
    assert not any(simulated(it) & seen for seen in before.values()), "nobody sees one without a drill"
    card = start(it)
    assert sees(it, "omar") == before["omar"] | simulated(it)
    assert sees(it, "rosa") == before["rosa"] | simulated(it), "whom the emergency would let in"
    for who in ("pia", "sam", "dana", "ines"):
        assert sees(it, who) == before[who], who
    snapshot = facts.snapshot()
    for slug, camera in it.cameras.items():
        answer = snapshot.answer(it.people["omar"], Action.VIEW_LIVE, camera)
        if isinstance(answer, Grant) and answer.situation:
            assert (
                slug in simulated(it)
                and answer.situation == card.id
                and answer.until_utc == card.deadline_utc
            )
    documents = {id: entry.document for id, entry in snapshot.names.running.items()}
    assert proof.prove(snapshot.world.inventory, documents).holds


def test_a_real_emergency_shows_no_simulated_picture(it: Lakeview) -> None:
    sharing.start(it.people["pia"], (it.schools["lakeview-high"],), "intruder", "k")
    now = sees(it, "omar")
    assert not simulated(it) & now and real_inside(it) <= {it.cameras[s] for s in now}


def test_who_may_start_take_and_end(it: Lakeview) -> None:
    for who in ("omar", "dana", "ines"):
        with pytest.raises(Refused):
            start(it, who)
    card = start(it, key="k1")
    assert start(it, key="k1") == card and start(it, "sam").id == card.id, "the second joins the first"
    with pytest.raises(AlreadyRunning):
        drills.start(it.people["sam"], (it.schools["lakeview-high"],), "medical", "k2")
    with pytest.raises(UnknownDrill):
        drills.take(it.people["ines"], card.id)
    for who in ("rosa", "pia"):
        with pytest.raises(Refused):
            drills.take(it.people[who], card.id)
    drills.told(it.people["pia"], card.id)
    assert not drilled.one(it.people["pia"], card.id).card.told_utc, "her own page is no dispatch"
    drills.told(it.people["omar"], card.id)
    taken = drills.take(it.people["omar"], card.id)
    assert taken.taken_by == it.people["omar"] and taken.told_utc
    with pytest.raises(Refused):
        drills.end(it.people["rosa"], card.id)
    over = drills.end(it.people["omar"], card.id)
    assert (over.end_reason, over.ended_by_name) == ("ended", "Omar Reyes")
    assert drills.end(it.people["pia"], card.id).end_sentence == over.end_sentence, "ending twice is well"
    assert not simulated(it) & sees(it, "omar")
    found = ledger.opened(ledger.Query(types=("drill_start", "drill_told", "drill_taken", "drill_end")))
    assert [e.type for e in reversed(found)] == ["drill_start", "drill_told", "drill_taken", "drill_end"]
    assert found[0].ref == card.entry and "dispatch told after" in found[0].shown("text")
    assert found[0].emergency == "intruder" and found[0].clause == "3.8"


def test_a_real_start_ends_it_at_once(it: Lakeview) -> None:
    card, pia = start(it), it.people["pia"]
    sharing.start(it.people["sam"], (it.schools["creekside"],), "medical", "elsewhere")
    assert simulated(it) <= sees(it, "omar"), "an emergency at another school ends no drill"
    sharing.start(pia, (it.schools["lakeview-high"],), "intruder", "real")
    over = drilled.one(pia, card.id).card
    assert over.end_reason == "pre_empted" and not over.is_live
    assert not simulated(it) & sees(it, "omar")
    with pytest.raises(AlreadyRunning):
        start(it)


def test_it_gives_way_also_while_its_end_cannot_be_written(it: Lakeview) -> None:
    """What counts are the facts: the drill opens nothing from the moment at which the emergency is one."""
    card = start(it)
    snapshot = facts.snapshot()
    assert {s.id for s in snapshot.situations} == {card.id}
    activation = sharing.start(it.people["pia"], (it.schools["lakeview-high"],), "intruder", "real")
    assert Activation.objects.filter(pk=activation.id).exists()
    Drill.objects.filter(pk=card.id).update(ended_utc=None, end_reason="")  # as if its end had failed
    facts._latest = None
    assert {s.id for s in facts.snapshot().situations} == {activation.id}
    assert drills.settle() == [card.id], "and the keeper writes it"


def test_its_deadline_ends_it_also_after_a_restart(it: Lakeview, time_told: SimulatedClock) -> None:
    card = start(it)
    time_told.advance(59 * 60)
    assert simulated(it) <= sees(it, "omar") and drills.settle() == []
    time_told.advance(61)
    assert not simulated(it) & sees(it, "omar"), "closed by its own deadline, before anybody wrote its end"
    drills.settle_the_past()
    over = drilled.one(it.people["pia"], card.id).card
    assert over.end_reason == "deadline" and over.ended_utc == over.deadline_utc
    assert over.deadline_utc - over.started_utc == timedelta(minutes=60)


@pytest.mark.django_db(transaction=True)  # a connection refuses at its next transaction
def test_a_full_disk_starts_no_drill_and_ends_every_one(it: Lakeview, journal: None) -> None:
    card = start(it)
    with unwritable():
        with pytest.raises(LogUnwritable):
            start(it, school="creekside")
        over = drills.end(it.people["pia"], card.id)
        assert over.end_reason == "ended" and not simulated(it) & sees(it, "omar"), (
            "closing is always possible"
        )
        restart(read_all=False)
        assert not simulated(it) & sees(it, "omar"), "also after a restart"
        assert drilled.everything(it.people["pia"]).running == ()
    assert journal_replay.replay() == 1
    (entry,) = ledger.opened(ledger.Query(types=("drill_end",)))
    assert (entry.reason_code, entry.shown("person").split(",")[0]) == ("ended", "Pia Marsh")


def test_owed_and_held(it: Lakeview, time_told: SimulatedClock) -> None:
    owner = it.parties["lakeview-usd"]
    high = next(o for o in drill_sections.owed(facts.snapshot(), owner) if o.school_name == "Lakeview High")
    assert (high.per_year, high.held, high.done) == (4, 0, False)
    for _n in range(2):
        card = start(it)
        time_told.advance(60)
        drills.end(it.people["pia"], card.id)
    start(it)
    sharing.start(it.people["pia"], (it.schools["lakeview-high"],), "intruder", "real")
    high = next(o for o in drill_sections.owed(facts.snapshot(), owner) if o.school_name == "Lakeview High")
    assert high.held == 2, "one that gave way does not count"
    assert high.due.year in (clock.now().year, clock.now().year + 1)


def test_the_real_cameras_are_told_to_the_owners_people_alone(it: Lakeview) -> None:
    card = start(it)
    wanted = drill_sections.real_cameras(facts.snapshot(), card.agreement, card.schools, card.emergency)
    assert real_inside(it) <= set(wanted) and not {it.cameras[s] for s in simulated(it)} & set(wanted)
    private = {str(c.pk) for c in Camera.objects.filter(slug__contains="guidance")}
    assert not private & set(wanted)
    drills.checked(card.id, len(wanted), [(it.camera("library"), "It did not answer.")])
    drills.checked(card.id, 1, [])
    mine = drilled.one(it.people["pia"], card.id).cameras
    assert mine is not None and (mine.asked - mine.showing, mine.dark[0].name) == (1, "Library")
    assert drilled.one(it.people["omar"], card.id).cameras is None


def test_the_law_without_such_a_section_knows_no_drill(db: None) -> None:
    facts._latest = None
    it = lakeview.build()
    assert drill_sections.options(it.people["pia"]) == ()
    answer = facts.snapshot().answer(it.people["pia"], Action.START_DRILL, it.schools["lakeview-high"])
    assert isinstance(answer, Refusal)


def test_end_all_of_the_superintendent_ends_drills_too(it: Lakeview) -> None:
    card = start(it)
    assert sharing.stop_all(it.people["omar"]) == 0, "only who may stop"
    assert sharing.stop_all(it.people["sam"]) == 1
    over = drilled.one(it.people["pia"], card.id).card
    assert (over.end_reason, over.ended_by_name) == ("stop", "Sam Whitfield")
