"""The finite world as blocks: every person, every thing of an action's kind, every context, and what is allowed there.

A block is small enough for memory; a world is proven block by block. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from sightpact.decide.cedar_schema import actions_for, context_names
from sightpact.decide.facts import Action, Agreement, Camera, Inventory, Party, Person, School, aid_name
from sightpact.decide.prove import evaluate
from sightpact.decide.prove.policies import NotModelled, Policy, parse
from sightpact.decide.prove.table import Bools, Table
from sightpact.decide.world import RESOURCE_OF, Resource, Told

CELLS = 8_000_000  # of a block at most; one byte each, and a few such arrays at a time


@dataclass(frozen=True, slots=True)
class Block:
    """A part of the world under one agreement. `allowed` has the axes (person, thing, context)."""

    action: Action
    persons: Sequence[Person]
    things: Sequence[Resource]
    contexts: Sequence[Told]
    allowed: Bools


@dataclass(frozen=True, slots=True)
class Touched:
    """Ids of what changed: only cells with one of these are looked at again."""

    persons: frozenset[str] = frozenset()
    things: frozenset[str] = frozenset()  # cameras, schools, parties


def contexts(agreement: Agreement) -> tuple[Told, ...]:
    """Everything that the law can be told about the moment: in force or not, stopped or not, drill or not, which emergency
    or which other situation, at which section's hours, and which neighbour was called in the emergency. It is told one of
    each at a time (`authorize`)."""
    kinds = [("", "", ""), *(("", s, "") for s in agreement.situations)]
    kinds[1:1] = [(e, "", aid) for e in agreement.emergencies for aid in ("", *agreement.aid)]
    hours = ("", *(h.name for h in agreement.hours))
    yes_no = (True, False)
    return tuple(
        Told(*flags, emergency, situation, at, aid)
        for flags in product(yes_no, yes_no[::-1], yes_no[::-1])
        for emergency, situation, aid in kinds
        for at in hours
    )


def actions_of(agreement: Agreement) -> tuple[Action, ...]:
    """The actions that its sections can speak of at all; the others are always refused under it."""
    by_kind = actions_for(agreement.situations, agreement.more_told, agreement.acts)
    known = {name for names in by_kind.values() for name in names}
    return tuple(action for action in Action if action in known)


def things_of(inventory: Inventory, action: Action) -> tuple[Camera | School | Party, ...]:
    kind = RESOURCE_OF[action]
    if kind == "Camera":
        return tuple(inventory.cameras.values())
    return tuple((inventory.schools if kind == "School" else inventory.parties).values())


def policies_of(agreement: Agreement) -> tuple[Policy, ...]:
    return parse(agreement.cedar)


def table(inventory: Inventory) -> Table:
    """The arrays for all agreements of an inventory: make it once."""
    return Table(inventory, [p for agreement in inventory.agreements for p in policies_of(agreement)])


def blocks(
    inventory: Inventory, agreement: Agreement, entities: Table, touched: Touched | None = None
) -> Iterator[Block]:
    """The whole world under one agreement, or only what was touched.

    Args:
        inventory: without schools and cameras that belong to nobody (`world.World(...).inventory`).
        touched: None for everything. Else every cell with a touched person, then every cell with a touched thing.

    Raises:
        NotModelled: a policy holds what the evaluator does not know.
    """
    everybody = tuple(inventory.persons.values())
    for action in actions_of(agreement):
        things = things_of(inventory, action)
        if touched is None:
            yield from _blocks(agreement, entities, action, everybody, things)
            continue
        some = tuple(p for p in everybody if p.id in touched.persons)
        yield from _blocks(agreement, entities, action, some, things)
        yield from _blocks(
            agreement, entities, action, everybody, [t for t in things if t.id in touched.things]
        )


def _blocks(
    agreement: Agreement,
    entities: Table,
    action: Action,
    persons: Sequence[Person],
    things: Sequence[Camera | School | Party],
) -> Iterator[Block]:
    told = contexts(agreement)
    if not persons or not things:
        return
    at_once = max(1, CELLS // (len(things) * len(told)))
    for begin in range(0, len(persons), at_once):
        part = persons[begin : begin + at_once]
        yield Block(action, part, things, told, ask(agreement, entities, action, part, things, told))


def ask(
    agreement: Agreement,
    entities: Table,
    action: Action,
    persons: Sequence[Person],
    things: Sequence[Camera | School | Party],
    told: Sequence[Told],
) -> Bools:
    """What is allowed for these, on the axes (person, thing, context)."""
    return evaluate.allowed(policies_of(agreement), frame(agreement, entities, action, persons, things, told))


def sections(
    agreement: Agreement,
    entities: Table,
    action: Action,
    person: Person,
    thing: Camera | School | Party,
    told: Told,
) -> tuple[str, ...]:
    """The sections whose permits hold in one cell, in the order of the text."""
    one = frame(agreement, entities, action, [person], [thing], [told])
    held = [p.clause for p in policies_of(agreement) if p.permits and evaluate.applies(p, one).any()]
    return tuple(dict.fromkeys(held))


def frame(
    agreement: Agreement,
    entities: Table,
    action: Action,
    persons: Sequence[Person],
    things: Sequence[Camera | School | Party],
    told: Sequence[Told],
) -> evaluate.Frame:
    context = {
        "in_force": np.array([t.in_force for t in told], dtype=np.bool_),
        "stopped": np.array([t.stopped for t in told], dtype=np.bool_),
        "drill": np.array([t.drill for t in told], dtype=np.bool_),
    }
    for kind in agreement.emergencies:
        context[f"emergency_{kind}"] = np.array([t.emergency == kind for t in told], dtype=np.bool_)
    for kind in agreement.situations:
        context[f"situation_{kind}"] = np.array([t.situation == kind for t in told], dtype=np.bool_)
    for h in agreement.hours:
        context[h.name] = np.array([t.hours == h.name for t in told], dtype=np.bool_)
    for party in agreement.aid:
        context[aid_name(party)] = np.array([t.aid == party for t in told], dtype=np.bool_)
    if set(context) != set(context_names(agreement.emergencies, agreement.situations, agreement.more_told)):
        raise NotModelled("a context of other names")
    return evaluate.Frame(entities, action.value, entities.rows(persons), entities.rows(things), context)
