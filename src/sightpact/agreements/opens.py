"""What a text lets whom see and do: the law asked for every person, camera and situation of a world. Pure.

People and cameras that are alike in everything that a policy can read are asked for once; policies name neither.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from functools import partial
from itertools import product
from typing import Any

from sightpact.agreements.as_facts import agreement_fact
from sightpact.agreements.cedar import emergency_kinds, further_acts, make, situation_kinds
from sightpact.agreements.clauses.aid import MutualAid
from sightpact.agreements.document import Document
from sightpact.agreements.scopes import told_apart
from sightpact.decide.authorize import authorize
from sightpact.decide.cedar_schema import actions_for
from sightpact.decide.facts import Action, Grant, Inventory, Situation
from sightpact.decide.world import World

ALWAYS = ""
"""The situation in which there is none."""

_NOW = datetime(2020, 1, 1, 12, tzinfo=UTC)  # any instant: the text is asked as if it were in force then
_HOUR = timedelta(hours=1)
_WHOLE_DAY: Mapping[str, Any] = {"opens": time(0), "closes": time(0), "days": frozenset(range(7))}
"""A section with hours is asked as at an hour at which it counts; the sentence says which."""
_DUTIES = (
    (Action.START_SHARING, "School"),
    (Action.REPORT, "School"),
    (Action.TAKE_INCIDENT, "School"),
    (Action.END_SHARING, "School"),
    (Action.START_DRILL, "School"),
    (Action.TAKE_DRILL, "School"),
    (Action.STOP_SHARING, "Party"),
    (Action.SEE_WATCHERS, "Party"),
    (Action.READ_RECORD, "Party"),
    (Action.MANAGE, "Party"),
)


@dataclass(frozen=True, slots=True)
class Alike:
    """People, and cameras, that no policy can tell apart: one of each stands for all. Rows of (first id, all ids)."""

    people: tuple[tuple[str, tuple[str, ...]], ...]
    cameras: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Opens:
    """What one text opens. Keys begin with the first of the people who are alike; values are sections.

    When, and about what: ALWAYS, a kind of emergency, or `key` of an invitation, a request or a planned event.
    """

    views: Mapping[tuple[str, str, str], str]  # (person, first of the cameras alike, when)
    duties: Mapping[tuple[str, Action, str, str], str]  # (person, action, id of school or party, about what)


def key(situation: str) -> str:
    """How an invitation, a request or a planned event is told apart from a kind of emergency of that name."""
    return f"@{situation}"


def aid_key(emergency: str, party: str) -> str:
    """A kind of emergency in which this neighbour (slug) has been called for aid."""
    return f"{emergency}+{party}"


def alike(inventory: Inventory, *documents: Document) -> Alike:
    """Group the people and the cameras of a world, as far as these texts can tell them apart.

    A text either covers a school or does not: schools that each text treats the same are one. Drill sources are left out:
    they show no school.
    """
    covered = [document.names.schools for document in documents]
    schools = {
        s.id: (s.owner, *(listed is None or s.slug in listed for listed in covered))
        for s in inventory.schools.values()
    }
    people: dict[object, list[str]] = {}
    for p in inventory.persons.values():
        if p.active:
            people.setdefault((p.roles, p.named_in), []).append(p.id)
    cameras: dict[object, list[str]] = {}
    for c in inventory.cameras.values():
        if not c.drill_source:
            place = c.owner, schools.get(c.school)
            shape = (*place, c.area_kinds, c.tags, c.in_service, told_apart(c, *documents))
            cameras.setdefault(shape, []).append(c.id)
    return Alike(
        tuple((ids[0], tuple(ids)) for ids in people.values()),
        tuple((ids[0], tuple(ids)) for ids in cameras.values()),
    )


def opens(document: Document, inventory: Inventory, id: str, groups: Alike) -> Opens:
    """Ask one text, as if it were in force and alone.

    Args:
        inventory: people, schools and cameras; agreements in it are left aside.
        id: of the agreement, as the persons' `named_in` has it.
    Raises:
        decide.cedar_schema.DecideError: the facts cannot be told to Cedar.
    """
    ids = {p.slug or p.id: p.id for p in inventory.parties.values()}
    ids = {p.slug: ids.get(p.slug, p.slug) for p in document.parties}
    fact = agreement_fact(document, make(document), ids, id, _NOW - _HOUR, None)
    fact = replace(fact, hours=tuple(replace(h, **_WHOLE_DAY) for h in fact.hours))
    world = World(replace(inventory, agreements=(fact,)))
    schools = frozenset(inventory.schools)
    situations = {
        kind: (Situation(kind, "activation", schools, kind, True, _NOW + _HOUR),)
        for kind in emergency_kinds(document)
    }
    others = situation_kinds(document)
    situations |= {key(k): (Situation(k, k, schools, "", True, _NOW + _HOUR),) for k in others}
    calls = {(e, call.party) for call in document.all(MutualAid) for e in call.emergencies}
    for kind, party in sorted(calls):
        called = replace(situations[kind][0], aid=frozenset({(id, party)}))
        situations[aid_key(kind, party)] = (called,)
    ask = partial(authorize, explained=False)  # which section opens it is wanted, not why nothing does
    views: dict[tuple[str, str, str], str] = {}
    duties: dict[tuple[str, Action, str, str], str] = {}
    things = {"School": tuple(inventory.schools), "Party": tuple(inventory.parties)}
    for person, _same in groups.people:
        if not world.has_any_law(world.inventory.persons[person]):
            continue
        for camera, _alike in groups.cameras:
            standing = ask(world, person, Action.VIEW_LIVE, camera, (), (), _NOW)
            if isinstance(standing, Grant):
                views |= {(person, camera, kind): standing.clause for kind in (ALWAYS, *situations)}
                continue
            for kind, now in situations.items():
                if (person, camera, kind.partition("+")[0]) in views:
                    continue  # open in that emergency anyhow, called or not
                answer = ask(world, person, Action.VIEW_LIVE, camera, now, (), _NOW)
                if isinstance(answer, Grant):
                    views[person, camera, kind] = answer.clause
        for action, about in _DUTIES:
            for thing in things[about]:
                answer = ask(world, person, action, thing, (), (), _NOW)
                if isinstance(answer, Grant):
                    duties[person, action, thing, ALWAYS] = answer.clause
        for (action, kind), thing in product(_acts(others, further_acts(document)), inventory.schools):
            answer = ask(world, person, action, thing, (), (), _NOW, situation=kind)
            if isinstance(answer, Grant):
                duties[person, action, thing, key(kind)] = answer.clause
        for (kind, party), thing in product(sorted(calls), inventory.schools):
            answer = ask(world, person, Action.CALL_AID, thing, situations[kind], (), _NOW, aid=party)
            if isinstance(answer, Grant):
                duties[person, Action.CALL_AID, thing, aid_key(kind, party)] = answer.clause
    return Opens(views, duties)


def _acts(situations: Sequence[str], further: Sequence[str]) -> list[tuple[Action, str]]:
    """What may be done about each of these."""
    known = {k: {name for names in actions_for((k,)).values() for name in names} for k in situations}
    if "request" in known:
        known["request"] |= {Action.APPROVE_ESCALATED} & set(further)
    return [
        (action, kind)
        for kind in situations
        for action in (
            Action.INVITE,
            Action.ASK,
            Action.APPROVE,
            Action.APPROVE_ESCALATED,
            Action.END_SHARING,
        )
        if action in known[kind]
    ]
