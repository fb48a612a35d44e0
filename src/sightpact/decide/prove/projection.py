"""Is the evaluator right? Cedar is asked once for every projected cell, and every cell of the world is compared with it.

Two persons, things or contexts that agree in everything a policy mentions cannot get different answers from Cedar: so one
of each class is asked, by `Law.ask_cedar`, and the answer must stand in the cube at each of the class. Where a policy
compares two things of the request with each other, nothing is projected.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import cedarpy
import numpy as np

from sightpact.decide.facts import Action, Agreement, Camera, Party, Person, School, aid_name
from sightpact.decide.prove import cube
from sightpact.decide.prove.policies import literals
from sightpact.decide.prove.table import Table
from sightpact.decide.world import Law, Told, World


@dataclass(frozen=True, slots=True)
class Difference:
    agreement: str
    action: Action
    person: str
    thing: str
    told: Told
    cedar: bool


@dataclass(frozen=True, slots=True)
class Compared:
    asked: int  # questions to Cedar
    cells: int  # of the world that they cover
    differences: tuple[Difference, ...]


def compare(world: World, agreements: Sequence[Agreement] = ()) -> Compared:
    """Compare the evaluator with Cedar over the whole world, for these agreements (none: all)."""
    entities = cube.table(world.inventory)
    asked = cells = 0
    found: list[Difference] = []
    for law in world.laws:
        if agreements and law.agreement not in agreements:
            continue
        for block in cube.blocks(world.inventory, law.agreement, entities):
            some, differing = _block(law, block, entities)
            asked += some
            cells += block.allowed.size
            found += differing
    return Compared(asked, cells, tuple(found))


def _block(law: Law, block: cube.Block, entities: Table) -> tuple[int, list[Difference]]:
    raw = mentioned_in(law.agreement.cedar)
    attributes, named = set(_attributes(raw)), set(literals(raw))
    if _relates(raw):
        attributes |= {"*"}
    persons = _classes([_shape(t, entities, attributes, named) for t in block.persons])
    things = _classes([_shape(t, entities, attributes, named) for t in block.things])
    told = _classes([_told(t, attributes) for t in block.contexts])
    asked = 0
    differing = []
    for p in persons:
        for t in things:
            for c in told:
                asked += 1
                outcome = law.ask_cedar(
                    block.action, block.persons[p[0]], block.things[t[0]], block.contexts[c[0]]
                )
                cells = block.allowed[np.ix_(p, t, c)]
                if (cells == outcome.allow).all() and not outcome.error:
                    continue
                first = np.argwhere(cells != outcome.allow)
                a, b, d = first[0] if len(first) else (0, 0, 0)
                differing.append(
                    Difference(law.agreement.id, block.action, block.persons[p[a]].id, block.things[t[b]].id,
                               block.contexts[c[d]], outcome.allow)
                )  # fmt: skip
    return asked, differing


def mentioned_in(cedar: str) -> Any:
    """Cedar's JSON form of a policy text, whole: what the evaluator's own reading of it forgot would hide here too."""
    return json.loads(cedarpy.policies_to_json_str(cedar))


def _classes(shapes: Sequence[Any]) -> list[list[int]]:
    """Indices by equal shape."""
    found: dict[Any, list[int]] = {}
    for index, shape in enumerate(shapes):
        found.setdefault(shape, []).append(index)
    return list(found.values())


def _shape(
    thing: Person | Camera | School | Party,
    entities: Table,
    attributes: set[str],
    named: set[tuple[str, str]],
) -> Any:
    """Everything about one person or thing that a policy mentioning only these could tell apart."""
    (row,) = entities.rows([thing])
    if "*" in attributes:
        return int(row)
    return _about(int(row), entities, attributes, sorted(entities.number(*uid) for uid in named), 0)


def _about(row: int, entities: Table, attributes: set[str], named: list[int], depth: int) -> Any:
    kind = str(entities.types[row])
    seen: list[Any] = [kind, row if row in named else -1, entities.within[row, named].tobytes()]
    if depth < 3 and row < entities.in_world:
        for name in sorted(attributes & _OF.get(kind, frozenset())):
            form, column = entities.column(kind, name)
            if form == "entity":
                seen.append(_about(int(column[row]), entities, attributes, named, depth + 1))
            else:
                seen.append(column[row].tobytes())
    return tuple(seen)


_OF = {
    "Person": frozenset({"active"}),
    "School": frozenset({"owner"}),
    "Camera": frozenset(
        {"area_kinds", "tags", "classified", "private", "in_service", "drill_source", "owner", "school"}
    ),
}
"""The attributes of the schema, by entity type; a test compares."""


def _told(told: Told, attributes: set[str]) -> Any:
    if "*" in attributes:
        return told
    emergency = told.emergency if f"emergency_{told.emergency}" in attributes else ""
    situation = told.situation if f"situation_{told.situation}" in attributes else ""
    flags = tuple(getattr(told, name) for name in ("in_force", "stopped", "drill") if name in attributes)
    hours = told.hours if told.hours in attributes else ""
    aid = told.aid if told.aid and aid_name(told.aid) in attributes else ""
    return emergency, situation, hours, aid, flags


def _attributes(node: Any) -> Iterator[str]:
    """Names of all attributes read anywhere, whosever they are."""
    if isinstance(node, dict):
        if "attr" in node:
            yield str(node["attr"])
        for below in node.values():
            yield from _attributes(below)
    elif isinstance(node, list | tuple):
        for below in node:
            yield from _attributes(below)


def _relates(node: Any) -> bool:
    """Whether two things of the request are compared by who they are, neither of them written out in the policy."""
    if isinstance(node, dict):
        for operator in ("==", "!=", "in", "contains", "containsAll", "containsAny"):
            sides = node.get(operator)
            if isinstance(sides, dict) and all(_asked_thing(sides.get(side)) for side in ("left", "right")):
                return True
        return any(_relates(below) for below in node.values())
    if isinstance(node, list):
        return any(_relates(below) for below in node)
    return False


def _asked_thing(node: Any) -> bool:
    """Whether an expression can be an entity that the request decides. Flags and sets of words are told apart by value."""
    if not isinstance(node, dict) or len(node) != 1:
        return False
    ((operator, inner),) = node.items()
    match operator:
        case "Var":
            return inner in ("principal", "resource")
        case ".":
            return inner["attr"] in ("owner", "school")
        case "Set":
            return any(map(_asked_thing, inner))
        case "if-then-else":
            return _asked_thing(inner["then"]) or _asked_thing(inner["else"])
    return False
