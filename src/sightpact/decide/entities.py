"""The inventory made ready to be told to Cedar: without what hangs in the air, each thing under its one name, in Cedar's form.

Pure. Never: a fact that `facts.py` does not have.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sightpact.decide.cedar_schema import DecideError
from sightpact.decide.facts import Agreement, Inventory, Party, School, list_name


class WorldError(DecideError):
    """Facts that cannot be told to Cedar: nothing may be decided on them."""


def settled(inventory: Inventory) -> Inventory:
    """Without schools and cameras that hang in the air: what belongs to nobody known is unknown. Each camera has the lists
    of the agreements that it stands in.

    Raises:
        WorldError: two parties, schools or annexes go by the same name, so Cedar could not tell them apart.
    """
    _distinct("party", inventory.parties.values())
    _distinct("school", inventory.schools.values())
    _distinct("agreement", inventory.agreements)
    schools = {k: s for k, s in inventory.schools.items() if s.owner in inventory.parties}
    cameras = {
        k: c for k, c in inventory.cameras.items() if c.school in schools and c.owner in inventory.parties
    }
    held: dict[str, set[str]] = {}
    for agreement in inventory.agreements:
        for section, slugs in agreement.lists:
            for slug in slugs:
                held.setdefault(slug, set()).add(list_name(agreement.slug or agreement.id, section))
    for k, c in cameras.items():
        lists = frozenset(held.get(c.slug or c.id, ()))
        if lists != c.lists:
            cameras[k] = replace(c, lists=lists)
    return replace(inventory, schools=schools, cameras=cameras)


def cedar_entities(inventory: Inventory, lists: bool | None = None) -> list[dict[str, Any]]:
    """The inventory in Cedar's JSON form, under the names of docs/design/0001-foundation.md.

    Args:
        inventory: as `settled` gives it.
        lists: False: without lists of cameras, for the schema of an agreement that has none; None: where there are any.
    """
    known = {list_name(a.slug or a.id, section) for a in inventory.agreements for section, _ in a.lists}
    lists = bool(known) if lists is None else lists
    party = {p.id: _uid("Party", p.slug or p.id) for p in inventory.parties.values()}
    school = {s.id: _uid("School", s.slug or s.id) for s in inventory.schools.values()}
    annex = {a.id: _uid("Annex", a.slug or a.id) for a in inventory.agreements}

    def entity(uid: dict[str, str], parents: Iterable[dict[str, str]], **attrs: Any) -> dict[str, Any]:
        return {"uid": uid, "attrs": attrs, "parents": list(parents)}

    found = [entity(uid, []) for uid in (*party.values(), *annex.values())]
    for s in inventory.schools.values():
        found.append(entity(school[s.id], [party[s.owner]], owner=_ref(party[s.owner])))
    found += [entity(_uid("CameraList", name), []) for name in sorted(known) if lists]
    roles: dict[str, dict[str, str]] = {}
    for p in inventory.persons.values():
        parents = []
        for at, role in p.roles:
            if at not in party:
                continue
            name = f"{party[at]['id']}/{role}"
            parents += [party[at], roles.setdefault(name, _uid("Role", name))]
        parents += [annex[a] for a in p.named_in if a in annex]
        unique = {(u["type"], u["id"]): u for u in parents}
        found.append(entity(_uid("Person", p.id), unique.values(), active=p.active))
    found += [entity(uid, []) for uid in roles.values()]
    for c in inventory.cameras.values():
        attrs = {
            "area_kinds": sorted(c.area_kinds),
            "tags": sorted(c.tags),
            "classified": c.classified,
            "private": c.private,
            "in_service": c.in_service,
            "drill_source": c.drill_source,
            "owner": _ref(party[c.owner]),
            "school": _ref(school[c.school]),
        }
        within = [_uid("CameraList", name) for name in sorted(c.lists & known)] if lists else []
        found.append(entity(_uid("Camera", c.id), [school[c.school], *within], **attrs))
    return found


def _uid(kind: str, name: str) -> dict[str, str]:
    return {"type": kind, "id": name}


def _ref(uid: dict[str, str]) -> dict[str, Any]:
    return {"__entity": uid}


def _distinct(what: str, things: Iterable[Party | School | Agreement]) -> None:
    seen: set[str] = set()
    for thing in things:
        name = thing.slug or thing.id
        if name in seen:
            raise WorldError(f"{what} {name!r}", "two go by this name", "Give each its own slug")
        seen.add(name)
