"""Clauses that say between whom and about what: the parties, the schools, the places that are never shared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sightpact.agreements.clauses import words
from sightpact.agreements.clauses.base import Clause, Names
from sightpact.agreements.clauses.shapes import (
    PARTY,
    ROLE,
    SCHOOL,
    WHY_PRIVATE,
    Choice,
    Flag,
    Many,
    Table,
    Text,
    shaped,
)
from sightpact.decide.facts import PRIVATE_AREA_KINDS


@dataclass(frozen=True, kw_only=True)
class RoleEntry:
    role: str = shaped(ROLE)
    called: str = shaped(Text(most=80))  # plural, as sentences use it: "school resource officers"


@dataclass(frozen=True, kw_only=True)
class PartyEntry:
    slug: str = shaped(PARTY)
    name: str = shaped(Text(most=200))
    called: str = shaped(Text(most=60))  # "the District"
    side: str = shaped(Choice(("owner", "agency")))
    authority: str = shaped(Text(most=400))  # the law or resolution under which it acts
    roles: tuple[RoleEntry, ...] = shaped(Many(Table(RoleEntry), least=0), default=())


@dataclass(frozen=True, kw_only=True)
class Parties(Clause):
    kind: ClassVar[str] = "parties"
    about: ClassVar[str] = "Between whom: each party, what the text calls it, its authority, and its roles."

    parties: tuple[PartyEntry, ...] = shaped(Many(Table(PartyEntry), most=12))

    def render(self, names: Names) -> tuple[str, ...]:
        if len(self.parties) == 1:
            p = self.parties[0]
            first = (
                f'This is the policy of the {p.name} ("{p.called}") for its own people. It acts under'
                f" {p.authority}."
            )
        else:
            each = [f'the {p.name} ("{p.called}"), acting under {p.authority}' for p in self.parties]
            first = f"This agreement is between {', and '.join(each)}."
        owner = next(p for p in self.parties if p.side == "owner")
        lines = [first, f"The cameras and their recordings belong to {owner.called}."]
        for p in self.parties:
            if p.roles:
                roles = words.listed([r.called for r in p.roles], "or")
                lines.append(f"People of {p.called} act under it as {roles}.")
        return tuple(lines)

    def explain(self, names: Names) -> str:
        return "Nobody outside these parties can be let in. People act only in the roles named here."


@dataclass(frozen=True, kw_only=True)
class SchoolEntry:
    slug: str = shaped(SCHOOL)
    name: str = shaped(Text(most=120))


@dataclass(frozen=True, kw_only=True)
class Schools(Clause):
    kind: ClassVar[str] = "schools"
    about: ClassVar[str] = (
        "Which schools are covered: a list, or all of the owner's, with present and future cameras."
    )

    schools: tuple[SchoolEntry, ...] = shaped(Many(Table(SchoolEntry), least=0), default=())
    all: bool = shaped(Flag(), default=False)

    def render(self, names: Names) -> tuple[str, ...]:
        if self.all:
            which = f"every school of {names.owner_called}, present and future"
        else:
            which = f"these schools of {names.owner_called}: {words.listed([s.name for s in self.schools])}"
        return (
            (
                f"This covers {which}, and the cameras of {names.owner_called} at them, present and future."
                " A camera whose areas have not been classified is closed to everybody."
            ),
        )

    def explain(self, names: Names) -> str:
        return "Other schools stay closed. A new camera is closed until its areas have been classified."


@dataclass(frozen=True, kw_only=True)
class Places(Clause):
    """What `Schools` is for a district, for an owner of public places: the same rule, in words that are true there."""

    kind: ClassVar[str] = "places"
    about: ClassVar[str] = (
        "House policy only: which places are covered, where the owner has no schools: streets, squares, parks."
    )

    places: tuple[SchoolEntry, ...] = shaped(Many(Table(SchoolEntry), least=0), default=())
    all: bool = shaped(Flag(), default=False)

    @property
    def schools(self) -> tuple[SchoolEntry, ...]:
        """A place is stored like a school."""
        return self.places

    def render(self, names: Names) -> tuple[str, ...]:
        if self.all:
            which = f"every place where {names.owner_called} keeps cameras, now and later"
        else:
            which = f"these places: {words.listed([p.name for p in self.places])}"
        return (
            (
                f"This covers {which}, and the cameras of {names.owner_called} there, present and future."
                " A camera whose areas have not been classified is closed to everybody."
            ),
        )

    def explain(self, names: Names) -> str:
        return "Other places stay closed. A new camera is closed until its areas have been classified."


@dataclass(frozen=True, kw_only=True)
class PrivateAreas(Clause):
    kind: ClassVar[str] = "private_areas"
    about: ClassVar[str] = (
        "States the hard limit: private kinds of area are never shared. It has nothing to choose."
    )

    def render(self, names: Names) -> tuple[str, ...]:
        kinds = words.areas(PRIVATE_AREA_KINDS)
        return (
            (
                f"Cameras that see {kinds} are not shared with any other party, in any situation. "
                "A camera that sees several areas is treated as its strictest area."
            ),
        )

    def explain(self, names: Names) -> str:
        return WHY_PRIVATE
