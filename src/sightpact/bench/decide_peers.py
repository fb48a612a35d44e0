"""The same question put to other engines: OPA's Rego (regopy) and casbin, over the same 46 rules and the same facts.

Their rules are written for each engine as its users would write them. Before anything is timed, each engine's answers are
compared with ours: a fast wrong answer is no peer. They are installed for the bench alone; the product has Cedar.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sightpact.bench.rows import percentile
from sightpact.decide.facts import PRIVATE_AREA_KINDS, Camera, Person


@dataclass(frozen=True, slots=True)
class Permit:
    """Who holds `role` sees cameras of only these kinds, always or (with `emergency`) in that emergency."""

    id: str
    role: str
    kinds: tuple[str, ...]
    emergency: str = ""


Question = tuple[Person, Camera, str]
"""Who asks for which camera, while which emergency is shared ("" for none)."""

Engine = Callable[[Question], bool]

REGO = """
package sightpact

default allow := false

allow if {
    input.context.in_force
    not input.context.stopped
    person := data.persons[input.person]
    camera := data.cameras[input.camera]
    person.active
    person.named
    camera.classified
    camera.in_service
    not camera.private
    not drill_of_real(camera)
    some permit in data.permits
    permit.role in person.roles
    now(permit)
    every kind in camera.area_kinds { kind in permit.kinds }
}

drill_of_real(camera) if {
    input.context.drill
    not camera.drill_source
}

now(permit) if permit.emergency == ""

now(permit) if permit.emergency == input.context.emergency
"""

CASBIN = """
[request_definition]
r = person, camera, context

[policy_definition]
p = id, role, kinds, emergency

[policy_effect]
e = some(where (p.eft == allow))

[matchers]
m = limits(r.person, r.camera, r.context) && holds(r.person, p.role) && now(r.context, p.emergency) && only(r.camera, p.kinds)
"""


def rego(people: Sequence[Person], cameras: Sequence[Camera], permits: Sequence[Permit]) -> Engine:
    """An interpreter that holds rules and facts; each question sets its input and runs the query."""
    from regopy import Input, Interpreter

    engine = Interpreter()
    engine.add_module("sightpact", REGO)
    engine.add_data(
        {
            "persons": {p.id: _person(p) for p in people},
            "cameras": {c.id: _camera(c) for c in cameras},
            "permits": [{"role": p.role, "kinds": list(p.kinds), "emergency": p.emergency} for p in permits],
        }
    )

    def ask(question: Question) -> bool:
        person, camera, emergency = question
        context = {"in_force": True, "stopped": False, "drill": False, "emergency": emergency}
        engine.set_input(Input({"person": person.id, "camera": camera.id, "context": context}))
        answer: dict[str, Any] = json.loads(str(engine.query("x := data.sightpact.allow")))
        return answer["bindings"]["x"] is True

    return ask


def casbin(people: Sequence[Person], cameras: Sequence[Camera], permits: Sequence[Permit]) -> Engine:
    """An enforcer with one policy line a permit; facts go in with the question, as attributes."""
    from casbin import Enforcer, Model

    model = Model()
    model.load_model_from_text(CASBIN)
    engine = Enforcer(model)
    engine.add_policies([[p.id, p.role, " ".join(p.kinds), p.emergency] for p in permits])
    person_facts = {p.id: _person(p) for p in people}
    camera_facts = {c.id: _camera(c) for c in cameras}
    kinds_of = {" ".join(p.kinds): frozenset(p.kinds) for p in permits}
    for name, rule in (
        ("limits", _limits),
        ("holds", lambda person, role: role in person["roles"]),
        ("now", lambda context, emergency: emergency in ("", context["emergency"])),
        ("only", lambda camera, kinds: kinds_of[kinds].issuperset(camera["area_kinds"])),
    ):
        engine.add_function(name, rule)

    def ask(question: Question) -> bool:
        person, camera, emergency = question
        context = {"in_force": True, "stopped": False, "drill": False, "emergency": emergency}
        return bool(engine.enforce(person_facts[person.id], camera_facts[camera.id], context))

    return ask


def median_us(engine: Engine, questions: Sequence[Question], ours: Engine) -> float:
    """Median microseconds of one question.

    Raises:
        AssertionError: the engine answers one of them otherwise than we do.
    """
    took = []
    for question in questions:
        begun = time.perf_counter()
        answer = engine(question)
        took.append(time.perf_counter() - begun)
        assert answer is ours(question), f"another answer than ours: {question}"
    return percentile(took, 0.5) * 1e6


def _person(person: Person) -> dict[str, Any]:
    return {
        "active": person.active,
        "named": bool(person.named_in),
        "roles": [role for _, role in sorted(person.roles)],
    }


def _camera(camera: Camera) -> dict[str, Any]:
    return {
        "area_kinds": sorted(camera.area_kinds),
        "classified": camera.classified,
        "private": bool(camera.area_kinds & PRIVATE_AREA_KINDS),
        "in_service": camera.in_service,
        "drill_source": camera.drill_source,
    }


def _limits(person: Mapping[str, Any], camera: Mapping[str, Any], context: Mapping[str, Any]) -> bool:
    open_now = context["in_force"] and not context["stopped"]
    real = camera["drill_source"] or not context["drill"]
    shown = camera["classified"] and camera["in_service"] and not camera["private"]
    return bool(open_now and real and shown and person["active"] and person["named"])
