"""The agreement's own guarantee: who must never see what, but in which situations. A promise about the other sections.

Pure. It permits and forbids nothing itself: `decide/prove/own_guarantees.py` tries it against Cedar's answer in every case,
so that a section which opens too much is found before it runs, with an example.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sightpact.agreements.clauses import words
from sightpact.agreements.clauses.base import Clause, Names
from sightpact.agreements.clauses.shapes import (
    EMERGENCY,
    PARTY,
    ROLE,
    SCHOOL,
    AreaKinds,
    Choice,
    Flag,
    Many,
    Optional,
    Table,
    Text,
    shaped,
)
from sightpact.decide.facts import SITUATIONS

_DURING = {
    "invitation": "when the school has invited them to look",
    "request": "when their request was approved",
    "window": "during a planned event that was approved",
}


@dataclass(frozen=True, kw_only=True)
class Whom:
    """People of one party: all of it, or those of certain roles. Named in an annex or not makes no difference here."""

    party: str = shaped(PARTY)
    roles: tuple[str, ...] = shaped(Many(ROLE, least=0), default=())

    def says(self, names: Names) -> str:
        party = names.parties[self.party]
        if not self.roles:
            return f"people of {party.called}"
        return f"{words.listed([party.roles[role] for role in self.roles])} of {party.called}"


@dataclass(frozen=True, kw_only=True)
class Guarantee(Clause):
    """A camera is meant when it sees one of `area_kinds`, and is at one of `schools`, and carries one of `tags`.

    What is left out narrows nothing. `in_emergencies`: every kind of emergency is an exception.
    """

    kind: ClassVar[str] = "guarantee"
    at_most_once: ClassVar[bool] = False
    about: ClassVar[str] = "A promise about all other sections: who never sees what, but in which situations."

    who: tuple[Whom, ...] = shaped(Many(Table(Whom)))
    area_kinds: tuple[str, ...] | None = shaped(Optional(AreaKinds(private_allowed=True)), default=None)
    schools: tuple[str, ...] = shaped(Many(SCHOOL, least=0), default=())
    tags: tuple[str, ...] = shaped(Many(Text(most=40), least=0), default=())
    in_emergencies: bool = shaped(Flag(), default=False)
    emergencies: tuple[str, ...] = shaped(Many(EMERGENCY, least=0), default=())
    situations: tuple[str, ...] = shaped(Many(Choice(SITUATIONS), least=0), default=())

    @property
    def code(self) -> str:
        """What the proof and its certificate call it."""
        return f"own:{self.number}"

    def promise(self, names: Names) -> str:
        """ "Dispatchers of the Department never watch any camera at Lakeview High, except when ..." """
        who = words.listed([w.says(names) for w in self.who])
        return f"{words.capital(who)} never watch {self._what(names)}{self._but(names)}."

    def render(self, names: Names) -> tuple[str, ...]:
        tried = (
            "Sightpact tries this in every case, for every person, camera and situation, before it takes this text or"
            " a change of it, and says who could see what if another section breaks it."
        )
        return (f"{self.promise(names)} {tried}",)

    def _what(self, names: Names) -> str:
        what = f"a camera that sees {words.areas(self.area_kinds)}" if self.area_kinds else "any camera"
        if self.tags:
            what += f" marked {words.listed([f'“{tag}”' for tag in self.tags], 'or')}"
        if self.schools:
            what += f" at {words.listed([names.school_names.get(s, s) for s in self.schools], 'or')}"
        return what

    def _but(self, names: Names) -> str:
        but = []
        if self.in_emergencies:
            but.append("in an emergency that another section names")
        elif self.emergencies:
            labels = [f"“{names.emergency_labels.get(kind, kind)}”" for kind in self.emergencies]
            but.append(f"while {words.listed(labels, 'or')} is shared")
        but += [_DURING[kind] for kind in SITUATIONS if kind in self.situations]
        return f", except {words.listed(but, 'or')}" if but else ""

    def explain(self, names: Names) -> str:
        who = words.listed([w.says(names) for w in self.who])
        return f"Opens nothing. No section may open {self._what(names)} to {who}{self._but(names)}."
