"""A sharing beyond the term of its agreement: what it opens goes on until its end, what was open anyway ends with the term."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta

from sightpact.decide.authorize import Ground, authorize
from sightpact.decide.cedar_schema import schema_for
from sightpact.decide.facts import Action, Answer, Grant, Refusal
from sightpact.decide.hours import Hours
from sightpact.decide.world import World
from tests.decide.policies import (
    EMERGENCIES,
    EXTERIOR,
    HIGH,
    MOU,
    MOU_TEXT,
    NOW,
    OMAR,
    PD,
    PIA,
    agreement,
    inventory,
    situation,
)

TERM, LATE = NOW + timedelta(minutes=20), NOW + timedelta(minutes=30)
RUNS = replace(situation(minutes=60), outlasts=MOU)
DAY = Hours("hours_3_9", "3.9", "UTC", time(13), time(17), frozenset(range(7)))
AT_HOURS = (
    f'@id("3.9") permit (principal, action == Action::"view_live", resource) when {{ context.hours_3_9'
    f' && principal in Role::"{PD}/school_resource_officer" && {EXTERIOR}.containsAll(resource.area_kinds) }};'
    f'@id("3.91") permit (principal, action == Action::"view_live", resource) when {{ context.emergency_armed_person'
    f' && principal in Role::"{PD}/school_resource_officer" && {EXTERIOR}.containsAll(resource.area_kinds) }};'
)


def world(text: str = MOU_TEXT, **changes: object) -> World:
    return World(inventory(agreement(text, **{"in_force_until": TERM, "term_ends": TERM, **changes})))


HOURLY = {
    "text": MOU_TEXT + AT_HOURS,
    "hours": (DAY,),
    "schema": schema_for(EMERGENCIES, more=(DAY.name,)),
}


def view(of: World, camera: str, now: datetime, who: str = OMAR, held: Ground | None = None) -> Answer:
    return authorize(of, who, Action.VIEW_LIVE, camera, (RUNS,), (), now, held=held)


def ends(answer: Answer) -> tuple[str, str | None, datetime | None]:
    assert isinstance(answer, Grant), answer
    return answer.clause, answer.situation, answer.until_utc


def test_what_the_emergency_opens_goes_on_and_what_is_open_anyway_ends_with_the_term() -> None:
    mou = world()
    assert ends(view(mou, "hall", NOW)) == ("3.2", RUNS.id, RUNS.deadline_utc)
    assert ends(view(mou, "hall", LATE)) == ("3.2", RUNS.id, RUNS.deadline_utc)
    # the emergency's section covers the yard as well, and so it goes on under that one
    assert ends(view(mou, "yard", NOW)) == ("3.2", RUNS.id, RUNS.deadline_utc)
    assert ends(view(mou, "yard", LATE)) == ("3.2", RUNS.id, RUNS.deadline_utc)
    alone = world(MOU_TEXT.replace("&& context.emergency_armed_person\n", "&& context.emergency_fire\n"))
    assert not alone.faults and ends(view(alone, "yard", NOW))[2] == TERM
    assert isinstance(view(alone, "yard", LATE), Refusal), "no section opens it for this emergency"
    held = (MOU, "3.1", RUNS.id)
    assert ends(view(mou, "yard", NOW, held=held)) == (*held[1:], TERM)
    assert isinstance(view(alone, "yard", LATE, held=held), Refusal)
    for now in (NOW, LATE):
        assert isinstance(authorize(mou, PIA, Action.END_SHARING, HIGH, (RUNS,), (), now), Grant)
        assert isinstance(authorize(mou, OMAR, Action.TAKE_INCIDENT, HIGH, (RUNS,), (), now), Grant)


def test_a_section_with_hours_ends_with_the_term_too() -> None:
    text = MOU_TEXT + AT_HOURS.partition('@id("3.91")')[0]
    mou = world(**{**HOURLY, "text": text})  # type: ignore[arg-type]
    assert not mou.faults and ends(view(mou, "yard", NOW, "rosa"))[2] == TERM
    assert isinstance(view(mou, "yard", LATE, "rosa"), Refusal)


def test_a_party_that_ends_it_ends_also_what_goes_on() -> None:
    at = NOW + timedelta(minutes=40)
    mou = world(terminated=at)
    assert ends(view(mou, "hall", LATE)) == ("3.2", RUNS.id, at)
    assert ends(view(mou, "hall", NOW)) == ("3.2", RUNS.id, at)
    assert isinstance(view(mou, "hall", at), Refusal)


def test_a_picture_of_a_section_with_hours_is_held_when_an_emergency_begins() -> None:
    mou = world(**HOURLY, in_force_until=None, term_ends=None)  # type: ignore[arg-type]
    held = (MOU, "3.9", None)
    assert not mou.faults and ends(view(mou, "yard", NOW, "rosa", held))[:2] == held[1:]
    assert ends(view(mou, "yard", NOW, "rosa"))[1] == RUNS.id, "who begins now begins under the emergency"
