"""Who sees what when, under each template. The tables are written by hand; the law answers, with Cedar inside.

A table is: group of people -> when -> kind of area -> section. Everything that no table names must be closed.
"""

from __future__ import annotations

import pytest

from sightpact.agreements import madeup
from sightpact.agreements.clauses.situations import SituationView
from sightpact.agreements.templates import templates
from sightpact.decide.facts import (
    AREA_KINDS,
    COMMON_AREA_KINDS,
    EXTERIOR_AREA_KINDS,
    PRIVATE_AREA_KINDS,
    Action,
    Grant,
)

from .filled import HIGH, ask, document_of, may, section, situation, world_of

NAMED = ("pd.dispatcher.named", "pd.officer.named", "pd.chief.named", "pd.other.named")
OUTSIDE, COMMON = sorted(EXTERIOR_AREA_KINDS), sorted(COMMON_AREA_KINDS)
DOOR = "lobby+entrance_outside"
HALLS = ["lobby", "hallway", "stairwell", "cafeteria", "gymnasium", "library", "auditorium"]


def always(kinds: list[str], clause: str, emergencies: tuple[str, ...]) -> dict[tuple[str, str], str]:
    return {(when, kind): clause for when in ("", *emergencies) for kind in kinds}


def during(emergencies: tuple[str, ...], kinds: list[str], clause: str) -> dict[tuple[str, str], str]:
    return {(when, kind): clause for when in emergencies for kind in kinds}


LIFE = ("life_safety",)
DEARBORN = ("active_shooter", "explosion", "medical", "like_danger")
JERSEY = ("intruder", "bomb", "fire", "medical", "missing_student")

VIEW = {  # template -> person -> (when, camera) -> section
    "exterior-always": dict.fromkeys(
        NAMED, always(OUTSIDE, "3.1", LIFE) | during(LIFE, [*COMMON, DOOR], "3.2")
    ),
    "common-areas": {"pd.dispatcher.named": during(DEARBORN, [*HALLS, "entrance_outside", DOOR], "3.1")},
    "new-jersey": dict.fromkeys(
        ("pd.dispatcher.named", "pd.officer.named", "pd.chief.named"),
        during(JERSEY, [*OUTSIDE, *COMMON, DOOR], "3.1"),
    ),
    "when-invited": {"pd.dispatcher.named": during(("invitation",), [*OUTSIDE, *COMMON, DOOR], "3.1")},
    "on-request": {
        "pd.dispatcher.named": during(("request",), [*OUTSIDE, *COMMON, DOOR], "3.1")
        | during(("window",), OUTSIDE, "3.2"),
        "pd.officer.named": during(("request",), [*OUTSIDE, *COMMON, DOOR], "3.1"),
    },
    "public-places": dict.fromkeys(("pd.chief", "pd.dispatcher", "pd.detective"), always(OUTSIDE, "3.1", ())),
}
KINDS = {  # template -> emergencies, and which of SITUATIONS
    "exterior-always": LIFE,
    "common-areas": DEARBORN,
    "new-jersey": JERSEY,
    "when-invited": ("invitation",),
    "on-request": ("request", "window"),
    "public-places": (),
}
SITE = {"public-places": "harbor-square"}

DO = {  # template -> (action, thing, in which situation it is done or about which) -> who, with the section
    "exterior-always": {
        (Action.START_SHARING, HIGH): {
            "usd.principal": "3.4",
            "usd.superintendent": "3.4",
        },
        (Action.REPORT, HIGH): {"pd.dispatcher.named": "3.4"},
        (Action.TAKE_INCIDENT, HIGH): {"pd.dispatcher.named": "3.5"},
        (Action.END_SHARING, HIGH): {
            "usd.principal": "3.5",
            "usd.superintendent": "3.5",
            "pd.dispatcher.named": "3.5",
        },
        (Action.STOP_SHARING, "usd"): {"usd.superintendent": "3.5"},
        (Action.READ_RECORD, "pd"): {"pd.chief": "6.1", "pd.chief.named": "6.1"},
    },
    "common-areas": {
        (Action.START_SHARING, HIGH): {
            "usd.principal": "3.3",
            "usd.superintendent": "3.3",
            "pd.dispatcher.named": "3.3",
        },
        (Action.TAKE_INCIDENT, HIGH): {"pd.dispatcher.named": "3.4"},
        (Action.END_SHARING, HIGH): {
            "usd.principal": "3.4",
            "usd.superintendent": "3.4",
            "pd.dispatcher.named": "3.4",
        },
        (Action.STOP_SHARING, "usd"): {"usd.superintendent": "3.4"},
        (Action.READ_RECORD, "pd"): {"pd.chief": "6.1", "pd.chief.named": "6.1"},
    },
    "new-jersey": {
        (Action.START_SHARING, HIGH): {
            "pd.dispatcher.named": "3.2",
            "pd.chief.named": "3.2",
            "usd.principal": "3.2",
            "usd.superintendent": "3.2",
        },
        (Action.TAKE_INCIDENT, HIGH): {"pd.dispatcher.named": "3.3"},
        (Action.END_SHARING, HIGH): {
            "usd.principal": "3.3",
            "usd.superintendent": "3.3",
            "pd.dispatcher.named": "3.3",
        },
        (Action.STOP_SHARING, "usd"): {"usd.superintendent": "3.3"},
        (Action.READ_RECORD, "pd"): {"pd.chief": "6.1", "pd.chief.named": "6.1"},
    },
    "when-invited": {
        (Action.INVITE, HIGH, "invitation"): {"usd.principal": "3.1", "usd.superintendent": "3.1"},
        (Action.END_SHARING, HIGH, "invitation"): {
            "usd.principal": "3.1",
            "usd.superintendent": "3.1",
            "pd.dispatcher.named": "3.1",
        },
        (Action.ASK, HIGH, "request"): {},
        (Action.START_SHARING, HIGH): {},
        (Action.END_SHARING, HIGH): {},
        (Action.READ_RECORD, "pd"): {"pd.chief": "6.1", "pd.chief.named": "6.1"},
    },
    "on-request": {
        (Action.ASK, HIGH, "request"): {"pd.dispatcher.named": "3.1"},
        (Action.APPROVE, HIGH, "request"): {"usd.principal": "3.1", "usd.superintendent": "3.1"},
        (Action.END_SHARING, HIGH, "request"): {
            "usd.principal": "3.1",
            "usd.superintendent": "3.1",
            "pd.dispatcher.named": "3.1",
            "pd.officer.named": "3.1",
        },
        (Action.ASK, HIGH, "window"): {"usd.principal": "3.2", "pd.chief.named": "3.2"},
        (Action.APPROVE, HIGH, "window"): {"usd.superintendent": "3.2"},
        (Action.END_SHARING, HIGH, "window"): {
            "usd.principal": "3.2",
            "usd.superintendent": "3.2",
            "pd.dispatcher.named": "3.2",
            "pd.chief.named": "3.2",
        },
        (Action.INVITE, HIGH, "invitation"): {},
        (Action.START_SHARING, HIGH): {},
        (Action.READ_RECORD, "pd"): {"pd.chief": "6.1", "pd.chief.named": "6.1"},
    },
    "public-places": {
        (Action.START_SHARING, "harbor-square"): {},
        (Action.SEE_WATCHERS, "pd"): {"pd.chief": "3.2", "pd.records_commander": "3.2"},
        (Action.READ_RECORD, "pd"): {"pd.chief": "3.2", "pd.records_commander": "3.2"},
        (Action.STOP_SHARING, "pd"): {"pd.chief": "3.2"},
        (Action.MANAGE, "pd"): {"pd.it": "3.2"},
    },
}


def test_every_template_has_its_table():
    assert set(VIEW) == set(DO) == set(KINDS) == {t.name for t in templates()}


@pytest.mark.parametrize("name", list(VIEW))
def test_who_sees_what_when(name):
    site = SITE.get(name, HIGH)
    wrong = []
    for person in world_of(name).inventory.persons:
        for when in ("", *KINDS[name]):
            for kind in (
                *sorted(AREA_KINDS),
                *("+".join(k) for k in madeup.SEVERAL),
                "unclassified",
                "broken",
            ):
                told = section(ask(name, person, Action.VIEW_LIVE, f"{site}.{kind}", when, site))
                wanted = VIEW[name].get(person, {}).get((when, kind), "")
                if told != wanted:
                    wrong.append((person, when or "always", kind, told, wanted))
    assert wrong == []


@pytest.mark.parametrize("name", list(DO))
def test_who_may_do_what(name):
    people = world_of(name).inventory.persons
    for (action, thing, *about), who in DO[name].items():
        told = {person: section(may(name, person, action, thing, *about)) for person in people}
        assert {person: clause for person, clause in told.items() if clause} == who, (action, thing, about)


@pytest.mark.parametrize("name", [name for name in KINDS if KINDS[name]])
def test_a_situation_opens_its_own_school_alone(name):
    kind = KINDS[name][0]
    for school in ("oak", madeup.ELSEWHERE):
        answer = ask(name, "pd.dispatcher.named", Action.VIEW_LIVE, f"{school}.hallway", kind, HIGH)
        assert not isinstance(answer, Grant)
    assert isinstance(ask(name, "pd.dispatcher.named", Action.VIEW_LIVE, "oak.hallway", kind, "oak"), Grant)
    elsewhere = ask(
        name, "pd.dispatcher.named", Action.VIEW_LIVE, f"{madeup.ELSEWHERE}.hallway", kind, madeup.ELSEWHERE
    )
    assert not isinstance(elsewhere, Grant)  # not covered


@pytest.mark.parametrize("name", list(VIEW))
def test_private_places_stay_closed_to_everybody(name):
    site = SITE.get(name, HIGH)
    for person in world_of(name).inventory.persons:
        for when in ("", *KINDS[name]):
            for kind in sorted(PRIVATE_AREA_KINDS):
                assert not isinstance(
                    ask(name, person, Action.VIEW_LIVE, f"{site}.{kind}", when, site), Grant
                )


def test_the_kinds_of_the_tables_are_those_of_the_texts():
    for name, kinds in KINDS.items():
        clauses = document_of(name).clauses
        defined = {e.kind for clause in clauses for e in getattr(clause, "emergencies", ())}
        defined |= {clause.situation for clause in clauses if isinstance(clause, SituationView)}
        assert defined == set(kinds)
        assert all(situation(kind, HIGH) for kind in kinds)
