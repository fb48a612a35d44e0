"""How long a decision takes: 400 cameras, 10 schools, 300 people, 45 policies, parsed handles; and naive cedarpy beside it.

The memo is emptied before each measured decision, except in the row that measures the memo.
"""

from __future__ import annotations

import hashlib
import json
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import cedarpy

from sightpact.bench import decide_peers, decide_proof, decide_stall, decide_sweep
from sightpact.bench.decide_peers import Permit, Question
from sightpact.bench.rows import Progress, percentile, row
from sightpact.decide.authorize import authorize
from sightpact.decide.cedar_schema import schema_for
from sightpact.decide.entities import cedar_entities
from sightpact.decide.facts import (
    Action,
    Agreement,
    Camera,
    Grant,
    Inventory,
    Party,
    Person,
    School,
    Situation,
)
from sightpact.decide.world import World

REPEATS = 5
SAMPLES = 1000  # decisions measured in each repeat
PEER_SAMPLES = 200
NOW = datetime(2026, 11, 21, 14, 0, tzinfo=UTC)
KINDS = ("armed_person", "fire", "explosion", "medical", "missing_child", "hazard")
ROLES = ("dispatcher", "shift_lead", "watch_commander", "officer", "sro", "analyst")
OUTSIDE = ("exterior", "entrance_outside", "parking", "field", "bus_loop")
INSIDE = (*OUTSIDE, "lobby", "hallway", "stairwell", "cafeteria", "gymnasium", "library")


def run(progress: Progress, quick: bool = False) -> list[dict[str, Any]]:
    """Rows `decide.*`. Takes about three minutes.

    Args:
        quick: one repeat, and fewer random policies.
    """
    repeats = 1 if quick else REPEATS
    rows = _decisions(lambda done, text: progress(0.4 * done, text), repeats)
    rows += decide_sweep.rows(inventory(), lambda done, text: progress(0.4 + 0.1 * done, text), repeats)
    rows += decide_proof.rows(lambda done, text: progress(0.5 + 0.4 * done, text), quick)
    return rows + decide_stall.rows(lambda done, text: progress(0.9 + 0.1 * done, text), repeats)


def _decisions(progress: Progress, repeats: int) -> list[dict[str, Any]]:
    rng = random.Random(20261121)  # noqa: S311 - picks what to ask, the same each time
    stock = inventory()
    situation = Situation(
        "x", "activation", frozenset(stock.schools), KINDS[0], True, NOW + timedelta(hours=1)
    )
    outside = [c.id for c in stock.cameras.values() if "exterior" in c.area_kinds]
    inside = [c.id for c in stock.cameras.values() if "hallway" in c.area_kinds]
    watchers = [p.id for p in stock.persons.values() if ("pd", "dispatcher") in p.roles]
    values: dict[str, list[float]] = {
        k: [] for k in ("build", "p50", "p99", "memo", "refuse", "naive", "handles", "rego", "casbin", "same")
    }
    for repeat in range(repeats):
        progress(repeat / repeats, f"decisions, repeat {repeat + 1} of {repeats}")
        begun = time.perf_counter()
        world = World(stock)
        values["build"].append((time.perf_counter() - begun) * 1e3)
        assert not world.faults

        def ask(camera: str, running: tuple[Situation, ...], world: World = world) -> object:
            return authorize(world, rng.choice(watchers), Action.VIEW_LIVE, camera, running, (), NOW)

        def admit() -> object:
            # Half standing outside, half inside in an emergency (which asks twice: standing, then the situation).
            if rng.random() < 0.5:
                return ask(rng.choice(outside), ())
            return ask(rng.choice(inside), (situation,))

        cold = [_timed(admit, world) for _ in range(SAMPLES)]
        values["p50"].append(percentile(cold, 0.5) * 1e6)
        values["p99"].append(percentile(cold, 0.99) * 1e6)
        refused = [
            _timed(lambda: ask(rng.choice(inside), ()), world, grant=False) for _ in range(SAMPLES // 4)
        ]
        values["refuse"].append(percentile(refused, 0.5) * 1e6)
        for camera in (*outside, *inside):
            ask(camera, (situation,))
        warm = [_timed(admit) for _ in range(SAMPLES)]
        values["memo"].append(percentile(warm, 0.5) * 1e6)
        naive, handles = _peers(stock, outside, watchers, rng)
        values["naive"].append(naive)
        values["handles"].append(handles)
        for name, took in _others(stock, world, rng).items():
            values[name].append(took)
    progress(1.0, "decisions done")
    load = "400 cameras, 300 people, 46 policies, half standing outside and half inside in an emergency"
    anyone = "anybody asks for any camera, most are refused, with the reason, no memo"
    naive_peer = ("cedarpy given text and lists each time, one request", values["naive"])
    return [
        row("decide.admit_us_p50", f"decision, parsed handles, no memo; {load}", "us", values["p50"],
            samples=SAMPLES, reach=220, peer=naive_peer),
        row("decide.admit_us_p99", f"the same, 99th percentile; {load}", "us", values["p99"], samples=SAMPLES, reach=1000),
        row("decide.beside_rego_us_p50", f"{anyone}; beside it OPA's Rego by regopy, rules and facts held", "us", values["same"],
            samples=PEER_SAMPLES, peer=("regopy", values["rego"])),
        row("decide.beside_casbin_us_p50", f"{anyone}; beside it casbin, facts as attributes, checks in Python", "us",
            values["same"], samples=PEER_SAMPLES, peer=("casbin", values["casbin"])),
        row("decide.handles_us_p50", "cedarpy with handles alone, one request, as a floor", "us", values["handles"],
            samples=PEER_SAMPLES),
        row("decide.memo_us_p50", f"decision from the memo; {load}", "us", values["memo"], samples=SAMPLES),
        row("decide.refuse_us_p50", "refusal with its reason and the section that would open it, no memo", "us",
            values["refuse"], samples=SAMPLES // 4),
        row("decide.world_ms", "parse and check all facts and policies of an epoch", "ms", values["build"], samples=1),
    ]  # fmt: skip


def _timed(decide: Callable[[], object], forget: World | None = None, grant: bool = True) -> float:
    if forget is not None:
        for law in forget.laws:
            law.forget()
    begun = time.perf_counter()
    answer = decide()
    took = time.perf_counter() - begun
    assert isinstance(answer, Grant) is grant, answer
    return took


def _others(stock: Inventory, world: World, rng: random.Random) -> dict[str, float]:
    """Median microseconds of one question to other engines, whose answers are first compared with ours."""
    people, cameras = list(stock.persons.values()), list(stock.cameras.values())
    questions: list[Question] = [
        (rng.choice(people), rng.choice(cameras), rng.choice(("", *KINDS))) for _ in range(PEER_SAMPLES)
    ]

    def ours(question: Question) -> bool:
        person, camera, kind = question
        running = [
            Situation("x", "activation", frozenset(stock.schools), kind, True, NOW + timedelta(hours=1))
        ]
        answer = authorize(world, person.id, Action.VIEW_LIVE, camera.id, running if kind else (), (), NOW)
        return isinstance(answer, Grant)

    def cold(question: Question) -> bool:
        for law in world.laws:
            law.forget()
        return ours(question)

    engines = {"rego": decide_peers.rego, "casbin": decide_peers.casbin}
    asked = {name: engine(people, cameras, permits()) for name, engine in engines.items()} | {"same": cold}
    return {name: decide_peers.median_us(engine, questions, ours) for name, engine in asked.items()}


def _peers(
    inventory: Inventory, cameras: list[str], people: list[str], rng: random.Random
) -> tuple[float, float]:
    """Median microseconds of one request: everything as text, and with the handles that we keep."""
    agreement = inventory.agreements[0]
    entities = cedar_entities(inventory)
    context = {f"emergency_{kind}": False for kind in KINDS} | {
        "in_force": True,
        "stopped": False,
        "drill": False,
    }
    policies = cedarpy.PolicySet.from_str(agreement.cedar)
    schema = cedarpy.Schema.from_str(agreement.schema)
    parsed = cedarpy.Entities.from_json_str(json.dumps(entities), schema)

    def request() -> dict[str, Any]:
        return {
            "principal": {"type": "Person", "id": rng.choice(people)},
            "action": {"type": "Action", "id": "view_live"},
            "resource": {"type": "Camera", "id": rng.choice(cameras)},
            "context": context,
        }

    def measure(samples: int, *how: Any) -> float:
        took = []
        for _ in range(samples):
            asked = request()
            begun = time.perf_counter()
            result = cedarpy.is_authorized(asked, *how)
            took.append(time.perf_counter() - begun)
            assert result.allowed
        return percentile(took, 0.5) * 1e6

    naive = measure(PEER_SAMPLES, agreement.cedar, entities, agreement.schema)
    return naive, measure(PEER_SAMPLES, policies, parsed, schema)


def inventory() -> Inventory:
    """The world that is asked about: a district of 10 schools, an agency, one agreement."""
    schools = {f"s{i}": School(f"s{i}", "district") for i in range(10)}
    sights = ("exterior", "hallway", "exterior", "cafeteria", "hallway", "classroom", "exterior", "library")
    cameras = {
        f"c{i}": Camera(
            f"c{i}", "district", f"s{i % 10}", frozenset({sights[i % 8]}), frozenset(), True, False
        )
        for i in range(400)
    }
    persons = {
        f"p{i}": Person(f"p{i}", frozenset({("pd", ROLES[i % len(ROLES)])}), frozenset({"mou"}), True)
        for i in range(300)
    }
    text = _policies()
    mou = Agreement(
        id="mou",
        owner="district",
        parties=frozenset({"district", "pd"}),
        in_force_from=NOW - timedelta(days=1),
        in_force_until=None,
        suspended=False,
        cedar=text,
        schema=schema_for(KINDS),
        policy_hash=hashlib.sha256(text.encode()).hexdigest(),
        emergencies=KINDS,
        standing_lease_s=2,
        emergency_lease_s=15,
        log_unwritable="continue",
        is_house=False,
    )
    parties = {p: Party(p, p) for p in ("district", "pd")}
    return Inventory(1, parties, persons, schools, cameras, (mou,))


def permits() -> list[Permit]:
    """40: each role standing, and in each kind of emergency, less two."""
    made = []
    for r, role in enumerate(ROLES):
        made.append(Permit(f"3.{r}", role, OUTSIDE))
        made += [
            Permit(f"4.{r}.{k}", role, INSIDE, kind)
            for k, kind in enumerate(KINDS)
            if (r, k) not in ((5, 4), (5, 5))
        ]
    return made


def _policies() -> str:
    """These permits and 6 forbids without scope, in Cedar."""
    head = 'permit (principal in Annex::"mou", action == Action::"view_live", resource in Party::"district") when'
    made = []
    for permit in permits():
        kinds = ", ".join(f'"{kind}"' for kind in permit.kinds)
        tests = [f'principal in Role::"pd/{permit.role}"']
        tests += [f"context.emergency_{permit.emergency}"] if permit.emergency else []
        tests += [f"[{kinds}].containsAll(resource.area_kinds)"]
        made.append(f'@id("{permit.id}") {head} {{ {" && ".join(tests)} }};')
    view = 'forbid (principal, action == Action::"view_live", resource)'
    made += [
        '@id("never.not_in_force") forbid (principal, action, resource) unless { context.in_force };',
        '@id("never.inactive") forbid (principal, action, resource) unless { principal.active };',
        f'@id("never.stopped") {view} when {{ context.stopped }};',
        f'@id("never.unclassified") {view} unless {{ resource.classified }};',
        f'@id("never.private") {view} when {{ resource.private }};',
        f'@id("never.drill") {view} when {{ context.drill && !resource.drill_source }};',
    ]
    return "\n".join(made)
