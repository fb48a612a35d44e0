"""What an outsider needs to check a text without Sightpact: canonical form, words, Cedar policy and schema, a sample.

Pure but for writing the folder. The sample's answers are the product's own (`decide.authorize`); the files say how to
ask Cedar's own tools the same questions. Everybody in the sample is made up.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sightpact.agreements import madeup
from sightpact.agreements.as_facts import agreement_fact
from sightpact.agreements.cedar import (
    Made,
    aid_parties,
    emergency_kinds,
    hours_of,
    more_told,
    situation_kinds,
)
from sightpact.agreements.document import Document
from sightpact.agreements.export_folder import write_folder
from sightpact.decide.authorize import ASKED_OF_A_KIND, authorize
from sightpact.decide.cedar_schema import context_names
from sightpact.decide.entities import cedar_entities, settled
from sightpact.decide.facts import Action, Grant, Inventory, Situation, Stop, aid_name
from sightpact.decide.prove.cube import actions_of
from sightpact.decide.world import RESOURCE_OF, World

EACH = 10
"""At most so many cases for each action, answer, section and situation."""

_NOW = datetime(2020, 1, 1, 12, tzinfo=UTC)
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Told:
    """One situation: as the product has it, and as the context of a Cedar request says it."""

    name: str
    emergency: str = ""
    situation: str = ""  # one of decide.facts.SITUATIONS: it runs, or it is what the action is about
    drill: bool = False
    stopped: bool = False
    in_force: bool = True
    hours: str = ""  # the context boolean of the hours that run
    aid: str = ""  # slug of the neighbour that was called


def write(document: Document, made: Made, folder: Path) -> tuple[str, ...]:
    """Write the export into a new or empty folder; returns the names of its files.

    Raises:
        AgreementError: the folder has something in it, or cannot be written.
    """
    files = {
        "agreement.json": made.canonical,
        "agreement.txt": made.text.encode(),
        "policy.cedar": made.cedar.encode(),
        "schema.cedarschema": made.schema.encode(),
        "sample.json": (json.dumps(sample(document, made), indent=1, sort_keys=True) + "\n").encode(),
    }
    files["README.md"] = _readme(document, made).encode()
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in files.items())
    files["SHA256SUMS"] = sums.encode()
    return write_folder(folder, files)


def sample(document: Document, made: Made) -> list[dict[str, Any]]:
    """Questions with the product's answers, in the form that `cedar run-tests` reads.

    1. Ask every person, action, thing and situation of the made-up world. 2. Keep up to EACH, evenly spread, for each
    action, answer, section and situation. 3. Add the entities that each question needs.
    """
    world = madeup.inventory(document)
    found: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for case in _cases(document, made, world):
        key = (case["action"], case["decision"], case["section"], case["situation"])
        found.setdefault(key, []).append(case)
    entities = {(e["uid"]["type"], e["uid"]["id"]): e for e in _entities(document, made, world)}
    kept = [case for cases in found.values() for case in cases[:: -(-len(cases) // EACH)]]
    return [_as_test(case, entities) for case in kept]


def _inventory(
    document: Document, made: Made, world: Inventory, suspended: bool = False, hours: str = ""
) -> Inventory:
    """The world with this agreement; of its hours, these alone run, all day long."""
    ids = {p.slug: p.slug for p in document.parties}
    fact = agreement_fact(document, made, ids, document.slug, _NOW - _HOUR, None, suspended)
    days = {True: frozenset(range(7)), False: frozenset[int]()}
    running = tuple(replace(h, opens=time(0), closes=time(0), days=days[h.name == hours]) for h in fact.hours)
    fact = replace(fact, hours=running)
    return replace(world, agreements=(fact,))


def _entities(document: Document, made: Made, world: Inventory) -> list[dict[str, Any]]:
    return cedar_entities(settled(_inventory(document, made, world)))


def _cases(document: Document, made: Made, stock: Inventory) -> Iterator[dict[str, Any]]:
    kinds, others = emergency_kinds(document), situation_kinds(document)
    running = World(_inventory(document, made, stock))
    suspended = World(_inventory(document, made, stock, suspended=True))
    calm = Told("calm")
    told = [calm, *(Told(f"emergency {k}", emergency=k) for k in kinds)]
    told += [Told(f"drill {k}", emergency=k, drill=True) for k in kinds[:1]]
    about = [Told(k, situation=k) for k in others]
    aided = [
        Told(f"emergency {k}, {party} called", emergency=k, aid=party)
        for party in aid_parties(document)
        for k in kinds
    ]
    told += aided
    told += [
        replace(t, name=f"{t.name}, hours of {h.clause}", hours=h.name)
        for h in hours_of(document)
        for t in (*told, *about)
        if not t.drill
    ]
    at = {h.name: World(_inventory(document, made, stock, hours=h.name)) for h in hours_of(document)}
    told += [*about, Told("viewer stopped", stopped=True), Told("not in force", in_force=False)]
    things = {"Camera": stock.cameras, "School": stock.schools, "Party": stock.parties}
    for action in actions_of(running.laws[0].agreement):
        situations = told if action is Action.VIEW_LIVE else [calm, told[-1]]
        if action in ASKED_OF_A_KIND:
            situations = about
        elif action is Action.CALL_AID:
            situations = aided
        elif action is Action.END_SHARING:
            situations = [*situations, *about]
        for situation in situations:
            world = at.get(situation.hours, running) if situation.in_force else suspended
            for person in stock.persons:
                for thing in things[RESOURCE_OF[action]]:
                    if situation.drill and not stock.cameras[thing].drill_source:
                        continue  # standing access to a real camera goes on in a drill: another question
                    yield _case(world, document, person, action, thing, situation)


def _case(
    world: World,
    document: Document,
    person: str,
    action: Action,
    thing: str,
    told: Told,
) -> dict[str, Any]:
    schools = frozenset(world.inventory.schools)
    views = action is Action.VIEW_LIVE
    now: tuple[Situation, ...] = ()
    if told.emergency or (told.situation and views):
        kind = told.situation or "activation"
        now = (Situation("s", kind, schools, told.emergency, True, _NOW + _HOUR, told.drill),)
        if told.aid and views:
            now = (replace(now[0], aid=frozenset({(document.slug, told.aid)})),)
    stops = (Stop(person, document.owner, None),) if told.stopped else ()
    meant = told.situation if told.situation and not views else None
    aid = told.aid if action is Action.CALL_AID else None
    answer = authorize(world, person, action, thing, now, stops, _NOW, situation=meant, aid=aid)
    flags = {"in_force": told.in_force, "stopped": told.stopped, "drill": told.drill}
    true = {f"emergency_{told.emergency}", f"situation_{told.situation}", told.hours, aid_name(told.aid)}
    names = context_names(emergency_kinds(document), situation_kinds(document), more_told(document))
    context = {n: flags.get(n, n in true) for n in names}
    return {
        "person": person,
        "action": str(action),
        "kind": RESOURCE_OF[action],
        "thing": thing,
        "situation": told.name,
        "context": context,
        "decision": "allow" if isinstance(answer, Grant) else "deny",
        "section": answer.clause if isinstance(answer, Grant) else "",
    }


def _as_test(case: Mapping[str, Any], entities: Mapping[tuple[str, str], dict[str, Any]]) -> dict[str, Any]:
    principal, resource = ("Person", case["person"]), (case["kind"], case["thing"])
    return {
        "name": f"{case['person']} {case['action']} {case['thing']}, {case['situation']}",
        "request": {
            "principal": _uid(*principal),
            "action": _uid("Action", case["action"]),
            "resource": _uid(*resource),
            "context": case["context"],
        },
        "entities": _needed(entities, principal, resource),
        "decision": case["decision"],
        "section": case["section"],  # by which the product grants it
        "reason": [],
        "num_errors": 0,
    }


def _uid(kind: str, id: str) -> str:
    return f"{kind}::{json.dumps(id, ensure_ascii=False)}"


def _needed(
    entities: Mapping[tuple[str, str], dict[str, Any]], *first: tuple[str, str]
) -> list[dict[str, Any]]:
    """The entities of a question, with everything that they lie in or name."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    waiting = list(first)
    while waiting:
        uid = waiting.pop()
        entity = entities.get(uid)
        if entity is None or uid in found:
            continue
        found[uid] = entity
        named = [value["__entity"] for value in entity["attrs"].values() if isinstance(value, dict)]
        waiting += [(other["type"], other["id"]) for other in (*entity["parents"], *named)]
    return [found[uid] for uid in sorted(found)]


def _readme(document: Document, made: Made) -> str:
    told = {"text": made.canonical_hash, "words": made.text_hash, "policy": made.cedar_hash}
    told["schema"] = made.schema_hash
    hashes = "\n".join(f"- {what}: `{value}`" for what, value in told.items())
    return f"""# {document.title}, revision {document.revision}: for outside checkers

| file | what |
|---|---|
| `agreement.json` | the text in canonical form (RFC 8785): what is hashed, signed and stored |
| `agreement.txt` | its words, as adopted and signed |
| `policy.cedar` | the policy that Sightpact makes from it and runs; `@id` is the section |
| `schema.cedarschema` | its schema |
| `sample.json` | questions with Sightpact's answers; everybody in it is made up |
| `SHA256SUMS` | hashes of these files |

Hashes (SHA-256) that the parties sign:

{hashes}

## Check it without Sightpact

```sh
sha256sum -c SHA256SUMS
cargo install cedar-policy-cli            # Cedar's own tool, 4.5 or later
cedar validate --schema schema.cedarschema --policies policy.cedar
cedar run-tests --policies policy.cedar --schema schema.cedarschema --tests sample.json
```

Every line must say `ok`: Cedar alone, with the exported policy, gives the answer that Sightpact gave. `section` in the sample is
where Sightpact says it is granted.

## What this does not show

That a deployment runs this policy: compare the hash with the one on its page and in its signed record. That the sample is
all: it is spread over every action, section and situation, with at most {EACH} cases of each. What was seen: that stands
in the record.
"""
