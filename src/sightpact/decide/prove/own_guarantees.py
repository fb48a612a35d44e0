"""An agreement's own guarantees as predicates over the finite world, in the form of the built-in ones.

Made from the clause's fields as data (`agreements/proof.py` gives them), never from the policy. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sightpact.decide.facts import Action, Camera, Person
from sightpact.decide.prove.cube import Block
from sightpact.decide.prove.guarantees import Guarantee, Terms
from sightpact.decide.prove.table import Bools
from sightpact.decide.world import Told


@dataclass(frozen=True, slots=True)
class Own:
    """Who never sees what, but when. Ids, not slugs. An empty set of kinds, schools or tags narrows nothing."""

    code: str
    who: tuple[tuple[str, frozenset[str]], ...]  # (party id, roles; empty: everybody of it)
    area_kinds: frozenset[str]
    schools: frozenset[str]
    tags: frozenset[str]
    in_emergencies: bool  # every emergency is an exception
    emergencies: frozenset[str]
    situations: frozenset[str]
    nowhere: bool = False  # schools are named and none of them is here: no camera is meant

    def concerns(self, person: Person) -> bool:
        return any(
            at == party and (not roles or role in roles)
            for party, roles in self.who
            for at, role in person.roles
        )

    def means(self, camera: Camera) -> bool:
        return not self.nowhere and all(
            (
                not self.area_kinds or bool(camera.area_kinds & self.area_kinds),
                not self.schools or camera.school in self.schools,
                not self.tags or bool(camera.tags & self.tags),
            )
        )

    def excepts(self, told: Told) -> bool:
        if told.emergency:
            return self.in_emergencies or told.emergency in self.emergencies
        return told.situation in self.situations


def as_guarantee(own: Own) -> Guarantee:
    """The predicate: True where nothing may be allowed, over (person, thing, context)."""

    def forbids(_terms: Terms, block: Block) -> Bools:
        persons = np.array([own.concerns(p) for p in block.persons], dtype=np.bool_)[:, None, None]
        cameras = np.array([isinstance(t, Camera) and own.means(t) for t in block.things], dtype=np.bool_)[
            None, :, None
        ]
        moments = np.array([not own.excepts(t) for t in block.contexts], dtype=np.bool_)[None, None, :]
        found: Bools = persons & cameras & moments
        return found

    return Guarantee(own.code, frozenset({Action.VIEW_LIVE}), forbids)
