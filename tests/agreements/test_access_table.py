"""Who sees what when, under the demonstration's two texts: asked of the law itself, with Cedar inside."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sightpact.agreements.cedar import emergency_kinds, make
from sightpact.agreements.clauses.terms import Leases, LogUnwritable, Term
from sightpact.agreements.document import Document, parse
from sightpact.decide import facts
from sightpact.decide.authorize import authorize
from sightpact.decide.facts import Action, Grant, Situation
from sightpact.decide.world import World

from .conftest import raw_text

NOW = datetime(2026, 11, 21, 15, tzinfo=UTC)
USD, PD, FD = "p-usd", "p-pd", "p-fairmont"


def fact(document: Document, id: str, suspended: bool = False) -> facts.Agreement:
    made, leases = make(document), document.one(Leases)
    begins, ends = document.one(Term).in_force()
    return facts.Agreement(
        id=id,
        owner=USD,
        parties=frozenset({USD} if document.house else {USD, PD}),
        in_force_from=begins,
        in_force_until=ends,
        suspended=suspended,
        cedar=made.cedar,
        schema=made.schema,
        policy_hash=made.cedar_hash,
        emergencies=emergency_kinds(document),
        standing_lease_s=leases.standing_s,
        emergency_lease_s=leases.emergency_s,
        log_unwritable=document.one(LogUnwritable).then,
        is_house=document.house,
        slug=document.slug,
    )


def world(suspended: bool = False) -> World:
    def person(id: str, party: str, role: str, named: bool = False, active: bool = True) -> facts.Person:
        return facts.Person(id, frozenset({(party, role)}), frozenset({"mou"} if named else ()), active)

    def camera(
        id: str, school: str, *kinds: str, in_service: bool = True, drill: bool = False
    ) -> facts.Camera:
        return facts.Camera(id, USD, school, frozenset(kinds), frozenset(), in_service, drill)

    people = [
        person("sam", USD, "superintendent"),
        person("pia", USD, "principal"),
        person("dana", USD, "it"),
        person("omar", PD, "dispatcher", named=True),
        person("rosa", PD, "sro", named=True),
        person("chief", PD, "chief"),
        person("new", PD, "dispatcher"),
        person("left", PD, "dispatcher", named=True, active=False),
        person("ines", FD, "officer"),
    ]
    cameras = [
        camera("gate", "high", "parking"),
        camera("hall", "high", "hallway"),
        camera("hall2", "oak", "hallway"),
        camera("door", "high", "lobby", "entrance_outside"),
        camera("class", "high", "classroom"),
        camera("mixed", "high", "hallway", "nurse"),
        camera("blank", "high"),
        camera("broken", "high", "parking", in_service=False),
        camera("drill", "high", "hallway", drill=True),
    ]
    return World(
        facts.Inventory(
            epoch=1,
            parties={
                USD: facts.Party(USD, "District", "lakeview-usd"),
                PD: facts.Party(PD, "Department", "lakeview-pd"),
                FD: facts.Party(FD, "Fairmont", "fairmont-pd"),
            },
            persons={p.id: p for p in people},
            schools={s: facts.School(s, USD, f"lakeview-{s}") for s in ("high", "oak")},
            cameras={c.id: c for c in cameras},
            agreements=(
                fact(parse(raw_text("agreement")), "mou", suspended),
                fact(parse(raw_text("house_policy")), "house"),
            ),
        )
    )


WORLD = world()
NOTHING: tuple[Situation, ...] = ()
INTRUDER = (
    Situation("s1", "activation", frozenset({"high"}), "intruder", True, NOW + timedelta(minutes=60)),
)
MEDICAL = (Situation("s2", "activation", frozenset({"high"}), "medical", True, NOW + timedelta(minutes=30)),)
OTHER_KIND = (
    Situation("s3", "activation", frozenset({"high"}), "food_fight", True, NOW + timedelta(minutes=5)),
)
OVER = (Situation("s4", "activation", frozenset({"high"}), "intruder", True, NOW - timedelta(seconds=1)),)
DRILL = (
    Situation(
        "s5", "drill", frozenset({"high"}), "intruder", True, NOW + timedelta(minutes=5), is_drill=True
    ),
)
SITUATIONS = {
    "calm": NOTHING,
    "intruder": INTRUDER,
    "medical": MEDICAL,
    "unknown": OTHER_KIND,
    "over": OVER,
    "drill": DRILL,
}

VIEW = {  # camera -> person -> situations in which it is open, with the section
    "gate": {
        "omar": dict.fromkeys(SITUATIONS, "3.1"),
        "rosa": dict.fromkeys(SITUATIONS, "3.1"),
        "sam": dict.fromkeys(SITUATIONS, "2.1"),
    },
    "hall": {
        "omar": {"intruder": "3.2", "medical": "3.2"},
        "rosa": {"intruder": "3.2", "medical": "3.2"},
        "sam": dict.fromkeys(SITUATIONS, "2.1"),
    },
    "hall2": {"sam": dict.fromkeys(SITUATIONS, "2.1")},
    "door": {
        "omar": {"intruder": "3.2", "medical": "3.2"},
        "rosa": {"intruder": "3.2", "medical": "3.2"},
        "sam": dict.fromkeys(SITUATIONS, "2.1"),
    },
    "class": {},
    "mixed": {},
    "blank": {},
    "broken": {},
}
PEOPLE = ("sam", "pia", "dana", "omar", "rosa", "chief", "new", "left", "ines", "nobody")


@pytest.mark.parametrize("camera", list(VIEW))
@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("situation", list(SITUATIONS))
def test_who_sees_what_when(camera, person, situation):
    answer = authorize(WORLD, person, Action.VIEW_LIVE, camera, SITUATIONS[situation], (), NOW)
    section = VIEW[camera].get(person, {}).get(situation)
    if section is None:
        assert not isinstance(answer, Grant), answer
    else:
        assert isinstance(answer, Grant) and answer.clause == section
        assert answer.is_house == (person == "sam")
        assert answer.lease_s == (15 if answer.situation else 2)


def test_a_drill_opens_simulated_pictures_only():
    assert isinstance(authorize(WORLD, "omar", Action.VIEW_LIVE, "drill", DRILL, (), NOW), Grant)
    for person in PEOPLE:
        assert not isinstance(authorize(WORLD, person, Action.VIEW_LIVE, "drill", INTRUDER, (), NOW), Grant)


DO = {
    (Action.START_SHARING, "high"): {"sam": "3.3", "pia": "3.3"},
    (Action.TAKE_INCIDENT, "high"): {"omar": "3.4"},
    (Action.END_SHARING, "high"): {"sam": "3.4", "pia": "3.4", "omar": "3.4"},
    (Action.STOP_SHARING, USD): {"sam": "2.2"},
    (Action.SEE_WATCHERS, USD): {"sam": "2.2", "pia": "2.2", "dana": "2.2"},
    (Action.READ_RECORD, USD): {"sam": "2.2", "dana": "2.2"},
    (Action.READ_RECORD, PD): {"chief": "6.1"},
    (Action.MANAGE, USD): {"sam": "2.2", "dana": "2.2"},
    (Action.MANAGE, PD): {},
}


@pytest.mark.parametrize(("action", "resource"), list(DO))
@pytest.mark.parametrize("person", PEOPLE)
def test_who_may_do_what(action, resource, person):
    kind = "intruder" if action is Action.START_SHARING else None
    answer = authorize(WORLD, person, action, resource, INTRUDER, (), NOW, emergency=kind)
    section = DO[action, resource].get(person)
    if section is None:
        assert not isinstance(answer, Grant), answer
    else:
        assert isinstance(answer, Grant) and answer.clause == section, answer


def test_suspended_and_ended_open_nothing_but_can_still_be_stopped():
    shut = world(suspended=True)
    for camera in VIEW:
        assert not isinstance(authorize(shut, "omar", Action.VIEW_LIVE, camera, INTRUDER, (), NOW), Grant)
    assert isinstance(authorize(shut, "sam", Action.STOP_SHARING, USD, (), (), NOW), Grant)
    later = datetime(2031, 7, 1, 5, tzinfo=UTC)
    assert not isinstance(authorize(WORLD, "omar", Action.VIEW_LIVE, "gate", (), (), later), Grant)
    before = datetime(2026, 7, 1, 3, tzinfo=UTC)
    assert not isinstance(authorize(WORLD, "omar", Action.VIEW_LIVE, "gate", (), (), before), Grant)


def test_a_stopped_viewer_sees_nothing():
    stop = facts.Stop("omar", USD, None)
    assert not isinstance(authorize(WORLD, "omar", Action.VIEW_LIVE, "gate", (), (stop,), NOW), Grant)
    assert isinstance(authorize(WORLD, "rosa", Action.VIEW_LIVE, "gate", (), (stop,), NOW), Grant)
