"""Clauses of the house policy: what the owner's own people may watch and do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sightpact.agreements.clauses import words
from sightpact.agreements.clauses.base import (
    Clause,
    Names,
    Who,
    covered_camera,
    permit,
    sees_only,
    who_cedar,
    who_says,
)
from sightpact.agreements.clauses.scope import Scoped
from sightpact.agreements.clauses.shapes import AreaKinds, Many, Table, shaped
from sightpact.decide.facts import PRIVATE_AREA_KINDS


@dataclass(frozen=True, kw_only=True)
class HouseView(Scoped):
    kind: ClassVar[str] = "house_view"
    at_most_once: ClassVar[bool] = False
    about: ClassVar[str] = "House policy only: which of the owner's own people may watch which kinds of area."

    who: tuple[Who, ...] = shaped(Many(Table(Who)))
    area_kinds: tuple[str, ...] = shaped(AreaKinds(private_allowed=True))

    def render(self, names: Names) -> tuple[str, ...]:
        return (
            " ".join(
                line
                for line in (
                    f"{words.capital(who_says(self.who, names))} may watch live the cameras that see only "
                    f"{words.areas(self.area_kinds)}, at any time.",
                    self.scope_says(names),
                    "Each viewing is recorded like any other.",
                )
                if line
            ),
        )

    def compile(self, names: Names) -> str:
        return permit(
            self.number,
            "view_live",
            who_cedar(self.who, names),
            sees_only(self.area_kinds),
            self.scoped(names),
            covered_camera(names),
        )

    def explain(self, names: Names) -> str:
        private = sorted(PRIVATE_AREA_KINDS & set(self.area_kinds))
        also = f" That includes {words.areas(private)}, for the owner's own people alone." if private else ""
        return (
            f"Open at all times to {who_says(self.who, names)}; to nobody outside"
            f" {names.owner_called}.{also}{self.scope_explained(names)}"
        )

    def whos(self) -> tuple[tuple[str, Who], ...]:
        return tuple((f"who[{i}]", w) for i, w in enumerate(self.who))


@dataclass(frozen=True, kw_only=True)
class HouseDuties(Clause):
    kind: ClassVar[str] = "house_duties"
    about: ClassVar[str] = (
        "House policy only: who sees who is watching, reads the record, stops viewing, manages."
    )

    see_watchers: tuple[Who, ...] = shaped(Many(Table(Who)))
    read_record: tuple[Who, ...] = shaped(Many(Table(Who)))
    stop: tuple[Who, ...] = shaped(Many(Table(Who)))
    manage: tuple[Who, ...] = shaped(Many(Table(Who)))

    def _groups(self) -> tuple[tuple[str, str, str, tuple[Who, ...]], ...]:
        return (
            (
                "see_watchers",
                "see_watchers",
                "may see at any time who is watching which camera",
                self.see_watchers,
            ),
            ("read_record", "read_record", "may read the whole record", self.read_record),
            ("stop", "stop_sharing", "may stop a sharing, or one person's viewing, at once", self.stop),
            ("manage", "manage", "may manage people, cameras and agreements", self.manage),
        )

    def render(self, names: Names) -> tuple[str, ...]:
        return tuple(
            f"{words.capital(who_says(who, names))} {may}." for _field, _action, may, who in self._groups()
        )

    def compile(self, names: Names) -> str:
        here = f'resource == Party::"{names.owner}"'
        return "".join(
            permit(self.number, action, who_cedar(who, names), here)
            for _f, action, _may, who in self._groups()
        )

    def explain(self, names: Names) -> str:
        return (
            "Opens no picture. Without a role named here, nobody sees who watches, and nobody reads the"
            " record."
        )

    def whos(self) -> tuple[tuple[str, Who], ...]:
        return tuple((f"{field}[{i}]", w) for field, _a, _m, who in self._groups() for i, w in enumerate(who))
