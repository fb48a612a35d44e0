"""People, schools and cameras of a deployment as a JSON file, to be proven on another machine. Pure.

Never: an address, a password, or an agreement (its text comes from its own file). Names only when asked for.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sightpact.agreements.errors import AgreementError
from sightpact.decide.facts import Camera, Inventory, Party, Person, School

FORM = "sightpact/world/v1"
MOST = 100_000_000  # characters of a file


def dumps(inventory: Inventory, names: Mapping[str, str], annexes: Mapping[str, str] | None = None) -> str:
    """Args:
    names: id -> what people call it; may be empty.
    annexes: agreement id -> slug, so that the annex is found again elsewhere; None: the ids are the slugs.
    """
    called = annexes or {}
    world = {
        "form": FORM,
        "parties": [{"id": p.id, "name": p.name, "slug": p.slug} for p in inventory.parties.values()],
        "persons": [
            {
                "id": p.id,
                "roles": sorted(map(list, p.roles)),
                "named_in": sorted(called.get(a, a) for a in p.named_in),
                "active": p.active,
            }
            for p in inventory.persons.values()
        ],
        "schools": [{"id": s.id, "owner": s.owner, "slug": s.slug} for s in inventory.schools.values()],
        "cameras": [
            {
                "id": c.id,
                "owner": c.owner,
                "school": c.school,
                "area_kinds": sorted(c.area_kinds),
                "tags": sorted(c.tags),
                "in_service": c.in_service,
                "drill_source": c.drill_source,
                **({"slug": c.slug} if c.slug else {}),
            }
            for c in inventory.cameras.values()
        ],
        "names": dict(names),
    }
    return json.dumps(world, indent=1, sort_keys=True) + "\n"


def loads(text: str, where: str = "This file") -> tuple[Inventory, dict[str, str]]:
    """The world and what its ids are called. `named_in` holds slugs of agreements.

    Raises:
        AgreementError: it is not such a file.
    """
    try:
        if len(text) > MOST:
            raise ValueError("too long")
        raw: dict[str, Any] = json.loads(text)
        if raw["form"] != FORM:
            raise ValueError(f"it says {raw['form']!r}")
        inventory = Inventory(
            epoch=0,
            parties={p["id"]: Party(str(p["id"]), str(p["name"]), str(p["slug"])) for p in raw["parties"]},
            persons={p["id"]: _person(p) for p in raw["persons"]},
            schools={s["id"]: School(str(s["id"]), str(s["owner"]), str(s["slug"])) for s in raw["schools"]},
            cameras={c["id"]: _camera(c) for c in raw["cameras"]},
        )
        return inventory, {str(id): str(name) for id, name in raw["names"].items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as fault:
        raise AgreementError(
            where, f"is not a world of this form ({fault}).", "Make one with: sightpact agreement world OUT."
        ) from fault


def _person(raw: Mapping[str, Any]) -> Person:
    roles = frozenset((str(party), str(role)) for party, role in raw["roles"])
    return Person(str(raw["id"]), roles, frozenset(map(str, raw["named_in"])), raw["active"] is True)


def _camera(raw: Mapping[str, Any]) -> Camera:
    return Camera(
        id=str(raw["id"]),
        owner=str(raw["owner"]),
        school=str(raw["school"]),
        area_kinds=frozenset(map(str, raw["area_kinds"])),
        tags=frozenset(map(str, raw["tags"])),
        in_service=raw["in_service"] is True,
        drill_source=raw["drill_source"] is True,
        slug=str(raw.get("slug", "")),
    )
