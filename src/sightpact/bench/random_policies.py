"""Random policy sets in an agreement's vocabulary, for comparing the proof's evaluator with Cedar. All pass the strict check.

Used by the bench and, with hypothesis choosing, by the tests.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from random import Random

from sightpact.decide.cedar_schema import schema_for
from sightpact.decide.facts import Agreement, Camera, Inventory, Party, Person, School
from sightpact.decide.prove import cube
from sightpact.decide.world import World

ACTIONS = {
    "Camera": ("view_live",),
    "School": ("start_sharing", "take_incident", "end_sharing", "invite", "ask", "approve"),
    "Party": ("stop_sharing", "see_watchers", "read_record", "manage"),
}
PARTIES = ('Party::"p-district"', 'Party::"p-lakeview-pd"', 'Party::"p-fairmont-pd"', 'Party::"nobody"')
ROLES = ('Role::"p-lakeview-pd/dispatcher"', 'Role::"p-district/principal"', 'Role::"p-district/nobody"')
ANNEXES = ('Annex::"a-mou"', 'Annex::"elsewhere"')
SCHOOLS = ('School::"s-high"', 'School::"s-middle"', 'School::"elsewhere"')
LISTS = ('CameraList::"a-mou/2.9"', 'CameraList::"a-mou/3.1"', 'CameraList::"a-mou/unknown"')
PERSONS = ('Person::"omar"', 'Person::"sam"', 'Person::"nobody"')
CAMERAS = ('Camera::"yard"', 'Camera::"hall"', 'Camera::"nothing"')
WORDS = ("exterior", "hallway", "lobby", "classroom", "rooftop", "unheard")
CONTEXT = (
    "in_force",
    "stopped",
    "drill",
    "emergency_armed_person",
    "emergency_fire",
    "situation_invitation",
    "situation_window",
)
FLAGS = ("classified", "private", "in_service", "drill_source")


def differences(rng: Random, cells: int) -> list[str]:
    """Evaluate one random policy set over a small world, and ask Cedar in some cells of each action: what differs."""
    text = policy_set(rng)
    world = World(small_world(text))
    if world.faults:
        return [f"does not pass the check: {world.faults}\n{text}"]
    (law,) = world.laws
    entities = cube.table(world.inventory)
    found = []
    for block in cube.blocks(world.inventory, law.agreement, entities):
        for _ in range(cells):
            p, t, c = (rng.randrange(n) for n in block.allowed.shape)
            said = law.ask_cedar(block.action, block.persons[p], block.things[t], block.contexts[c])
            if said.allow != block.allowed[p, t, c] or said.error:
                asked = f"{block.action} {block.persons[p].id} {block.things[t].id} {block.contexts[c]}"
                found.append(f"{asked}: Cedar says {said}\n{text}")
    return found


def small_world(text: str) -> Inventory:
    """A few people and cameras that differ in everything that a policy can mention."""
    district, pd, fairmont = "p-district", "p-lakeview-pd", "p-fairmont-pd"
    people = (
        ("sam", district, "superintendent", True, True),
        ("pia", district, "principal", True, True),
        ("omar", pd, "dispatcher", True, True),
        ("unnamed", pd, "dispatcher", False, True),
        ("gone", pd, "dispatcher", True, False),
        ("ines", fairmont, "dispatcher", False, True),
    )
    cameras = (
        ("yard", {"exterior"}, {"hallway"}, "s-high", True, False),
        ("hall", {"hallway"}, set(), "s-high", True, False),
        ("door", {"exterior", "lobby"}, {"lobby"}, "s-middle", True, False),
        ("class", {"classroom"}, set(), "s-high", True, False),
        ("new", set(), set(), "s-high", True, False),
        ("broken", {"exterior"}, set(), "s-middle", False, False),
        ("drill", {"hallway"}, {"exterior"}, "s-high", True, True),
    )
    kinds, situations = ("armed_person", "fire"), ("invitation", "request", "window")
    agreement = Agreement(
        id="a-mou",
        owner=district,
        parties=frozenset({district, pd}),
        in_force_from=datetime(2026, 7, 1, tzinfo=UTC),
        in_force_until=None,
        suspended=False,
        cedar=text,
        schema=schema_for(kinds, situations, lists=True),
        policy_hash=hashlib.sha256(text.encode()).hexdigest(),
        emergencies=kinds,
        standing_lease_s=2,
        emergency_lease_s=15,
        log_unwritable="continue",
        is_house=False,
        situations=situations,
        lists=(("2.9", frozenset({"hall", "door", "drill"})), ("3.1", frozenset({"yard"}))),
    )
    return Inventory(
        epoch=1,
        parties={p: Party(p, p) for p in (district, pd, fairmont)},
        persons={
            id: Person(id, frozenset({(at, role)}), frozenset({"a-mou"} if named else ()), active)
            for id, at, role, named, active in people
        },
        schools={s: School(s, district) for s in ("s-high", "s-middle")},
        cameras={
            id: Camera(id, district, school, frozenset(sees), frozenset(tags), in_service, drill)
            for id, sees, tags, school, in_service, drill in cameras
        },
        agreements=(agreement,),
    )


def policy_set(rng: Random) -> str:
    """One to eight policies, permits and forbids."""
    return "\n".join(_policy(rng, number) for number in range(rng.randint(1, 8)))


def _policy(rng: Random, number: int) -> str:
    kind = rng.choice(sorted(ACTIONS))
    actions = ACTIONS[kind]
    effect = "permit" if rng.random() < 0.7 else "forbid"
    if len(actions) > 1 and rng.random() < 0.5:
        scope = "action in [" + ", ".join(f'Action::"{a}"' for a in rng.sample(actions, 2)) + "]"
    else:
        scope = f'action == Action::"{rng.choice(actions)}"'
    if effect == "forbid" and rng.random() < 0.3:
        scope, kind = "action", ""
    parts = [
        f"{'when' if rng.random() < 0.8 else 'unless'} {{ {_expression(rng, kind, 3)} }}"
        for _ in range(rng.randint(0, 2))
    ]
    return f'@id("{number}") {effect} ({_principal(rng)}, {scope}, {_resource(rng, kind)}) {" ".join(parts)};'


def _principal(rng: Random) -> str:
    return rng.choice(
        (
            "principal",
            "principal",
            f"principal in {rng.choice(PARTIES + ROLES + ANNEXES)}",
            f"principal is Person in {rng.choice(PARTIES)}",
            f"principal == {rng.choice(PERSONS)}",
        )
    )


def _resource(rng: Random, kind: str) -> str:
    named = {"Camera": CAMERAS, "School": SCHOOLS, "Party": PARTIES}.get(kind)
    if named is None:
        return "resource"
    return rng.choice(("resource", "resource", f"resource is {kind}", f"resource in {rng.choice(PARTIES)}",
                       f"resource == {rng.choice(named)}"))  # fmt: skip


def _expression(rng: Random, kind: str, depth: int) -> str:
    shape = rng.random() if depth else 1.0
    if shape < 0.2:
        return f"({_expression(rng, kind, depth - 1)} && {_expression(rng, kind, depth - 1)})"
    if shape < 0.4:
        return f"({_expression(rng, kind, depth - 1)} || {_expression(rng, kind, depth - 1)})"
    if shape < 0.5:
        return f"!({_expression(rng, kind, depth - 1)})"
    if shape < 0.6:
        parts = [_expression(rng, kind, depth - 1) for _ in range(3)]
        return f"(if {parts[0]} then {parts[1]} else {parts[2]})"
    return _leaf(rng, kind)


def _leaf(rng: Random, kind: str) -> str:
    equal = rng.choice(("==", "!="))
    leaves = [
        f"context.{rng.choice(CONTEXT)}",
        f"(context.{rng.choice(CONTEXT)} {equal} context.{rng.choice(CONTEXT)})",
        "principal.active",
        f"principal in {rng.choice(PARTIES + ROLES + ANNEXES)}",
        f"principal in [{', '.join(rng.sample(ROLES, 2))}]",
        f"(principal {equal} {rng.choice(PERSONS)})",
        f"resource is {rng.choice(('Camera', 'School', 'Party'))}",
        f"principal is Person in {rng.choice(PARTIES)}",
        f'action in [Action::"view_live", Action::"{rng.choice(ACTIONS["School"])}"]',
        f'(action {equal} Action::"{rng.choice(ACTIONS["Party"])}")',
    ]
    if kind == "Camera":
        words = ", ".join(f'"{w}"' for w in rng.sample(WORDS, rng.randint(1, 4)))
        field = rng.choice(("area_kinds", "tags"))
        leaves += [
            f"resource.{rng.choice(FLAGS)}",
            f"(resource.{rng.choice(FLAGS)} {equal} context.{rng.choice(CONTEXT)})",
            f"[{words}].containsAll(resource.{field})",
            f"resource.{field}.containsAll([{words}])",
            f"resource.{field}.containsAny([{words}])",
            f'resource.{field}.contains("{rng.choice(WORDS)}")',
            f"resource.{field}.isEmpty()",
            f"(resource.area_kinds {equal} [{words}])",
            f"(resource.school {equal} {rng.choice(SCHOOLS)})",
            f"[{', '.join(rng.sample(SCHOOLS, 2))}].contains(resource.school)",
            f"(resource.school.owner {equal} {rng.choice(PARTIES)})",
            f"resource in {rng.choice(SCHOOLS + PARTIES + LISTS)}",
            f"resource in [{', '.join(rng.sample(LISTS, 2))}]",
            f"resource in {rng.choice(LISTS)}",
            "principal in resource.owner",
            "resource in resource.school",
        ]
    if kind == "School":
        leaves += [f"(resource.owner {equal} {rng.choice(PARTIES)})", f"resource in [{', '.join(rng.sample(SCHOOLS, 2))}]",
                   "principal in resource.owner"]  # fmt: skip
    if kind == "Party":
        leaves += [f"(resource {equal} {rng.choice(PARTIES)})", "principal in resource"]
    return rng.choice(leaves)
