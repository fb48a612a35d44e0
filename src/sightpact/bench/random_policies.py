"""Random policy sets in an agreement's vocabulary, for comparing the proof's evaluator with Cedar. All pass the strict check.

Used by the bench and, with hypothesis choosing, by the tests. The names are those of `tests/decide/policies.py` and of nobody.
"""

from __future__ import annotations

from random import Random

ACTIONS = {
    "Camera": ("view_live",),
    "School": ("start_sharing", "take_incident", "end_sharing"),
    "Party": ("stop_sharing", "see_watchers", "read_record", "manage"),
}
PARTIES = ('Party::"p-district"', 'Party::"p-lakeview-pd"', 'Party::"p-fairmont-pd"', 'Party::"nobody"')
ROLES = ('Role::"p-lakeview-pd/dispatcher"', 'Role::"p-district/principal"', 'Role::"p-district/nobody"')
ANNEXES = ('Annex::"a-mou"', 'Annex::"elsewhere"')
SCHOOLS = ('School::"s-high"', 'School::"s-middle"', 'School::"elsewhere"')
PERSONS = ('Person::"omar"', 'Person::"sam"', 'Person::"nobody"')
CAMERAS = ('Camera::"yard"', 'Camera::"hall"', 'Camera::"nothing"')
WORDS = ("exterior", "hallway", "lobby", "classroom", "rooftop", "unheard")
CONTEXT = ("in_force", "stopped", "drill", "emergency_armed_person", "emergency_fire")
FLAGS = ("classified", "private", "in_service", "drill_source")


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
            f"resource in {rng.choice(SCHOOLS + PARTIES)}",
            "principal in resource.owner",
            "resource in resource.school",
        ]
    if kind == "School":
        leaves += [f"(resource.owner {equal} {rng.choice(PARTIES)})", f"resource in [{', '.join(rng.sample(SCHOOLS, 2))}]",
                   "principal in resource.owner"]  # fmt: skip
    if kind == "Party":
        leaves += [f"(resource {equal} {rng.choice(PARTIES)})", "principal in resource"]
    return rng.choice(leaves)
