"""The entities of a world as arrays: who is in what, and the attributes, column by column.

Made from the same JSON form that Cedar is given (`world.cedar_entities`). Never: a fact that Cedar does not have.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sightpact.decide.entities import cedar_entities
from sightpact.decide.facts import Action, Camera, Inventory, Party, Person, School
from sightpact.decide.prove.policies import NotModelled, Policy, Uid, literals, strings

Bools = NDArray[np.bool_]
Ids = NDArray[np.int32]


class Table:
    """Entities by number. Holds whatever the policies name as well, also what the world does not have."""

    def __init__(self, inventory: Inventory, policies: Iterable[Policy]) -> None:
        policies = list(policies)
        entities = cedar_entities(inventory)
        uids: dict[Uid, int] = {}
        for entity in entities:
            uids.setdefault(_uid(entity["uid"]), len(uids))
        self.in_world = len(uids)
        named = [uid for policy in policies for uid in literals(policy)]
        for uid in (*(("Action", a.value) for a in Action), *named):
            uids.setdefault(uid, len(uids))
        self.uids = uids
        self.types = np.array([kind for kind, _ in uids], dtype=object)
        self.within = self._closure(entities)
        texts = {s for policy in policies for s in strings(policy)}
        for entity in entities:
            for value in entity["attrs"].values():
                if isinstance(value, list):
                    texts.update(value)
        self.strings = {text: number for number, text in enumerate(sorted(texts))}
        self._entities = entities
        self._columns: dict[tuple[str, str], tuple[str, Any]] = {}

    def number(self, kind: str, id: str) -> int:
        return self.uids[kind, id]

    def rows(self, things: Sequence[Person | Camera | School | Party]) -> Ids:
        """The numbers of persons, cameras, schools or parties of the inventory."""
        return np.array([self.uids[type(t).__name__, _name(t)] for t in things], dtype=np.int32)

    def column(self, kind: str, attribute: str) -> tuple[str, Any]:
        """(form, values by entity number): form is "bool", "entity" or "set". Asked once, then kept."""
        found = self._columns.get((kind, attribute))
        if found is None:
            found = self._columns[kind, attribute] = self._column(kind, attribute)
        return found

    def _column(self, kind: str, attribute: str) -> tuple[str, Any]:
        rows = {
            self.uids[_uid(e["uid"])]: e["attrs"].get(attribute)
            for e in self._entities
            if e["uid"]["type"] == kind
        }
        if all(isinstance(v, bool) for v in rows.values()):
            flags = np.zeros(len(self.uids), dtype=np.bool_)
            flags[list(rows)] = list(rows.values())
            return "bool", flags
        if all(isinstance(v, dict) for v in rows.values()):
            refs = np.full(len(self.uids), -1, dtype=np.int32)
            refs[list(rows)] = [self.uids[_uid(v["__entity"])] for v in rows.values() if v]
            return "entity", refs
        if all(isinstance(v, list) for v in rows.values()):
            bits = np.zeros((len(self.uids), len(self.strings)), dtype=np.bool_)
            for row, value in rows.items():
                bits[row, [self.strings[text] for text in value or ()]] = True
            return "set", bits
        raise NotModelled(f"attribute {kind}.{attribute}")

    def _closure(self, entities: list[dict[str, Any]]) -> Bools:
        """[a, b]: a is b, or within b, however deep."""
        parents = {self.uids[_uid(e["uid"])]: [self.uids[_uid(p)] for p in e["parents"]] for e in entities}
        found: dict[int, frozenset[int]] = {}

        def above(row: int) -> frozenset[int]:
            known = found.get(row)
            if known is None:
                known = found[row] = frozenset((row,)).union(*(above(p) for p in parents.get(row, ())))
            return known

        closure = np.eye(len(self.uids), dtype=np.bool_)
        for row in parents:
            closure[row, list(above(row))] = True
        return closure


def _uid(raw: dict[str, str]) -> Uid:
    return raw["type"], raw["id"]


def _name(thing: Person | Camera | School | Party) -> str:
    if isinstance(thing, Person | Camera):
        return thing.id
    return thing.slug or thing.id
