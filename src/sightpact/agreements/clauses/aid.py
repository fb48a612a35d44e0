"""Mutual aid: a neighbour's people, for whom nothing is open until they are called in a running emergency.

Pure. Calling is a person's act (`activation/actions/aid.py`); it makes one Cedar boolean true, `aid_<party>`, for that
emergency alone and only under the agreement that has this section.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sightpact.agreements.clauses import words
from sightpact.agreements.clauses.base import (
    Names,
    Who,
    covered_camera,
    covered_school,
    permit,
    sees_only,
    who_cedar,
    who_says,
)
from sightpact.agreements.clauses.limits import Limited, joined
from sightpact.agreements.clauses.shapes import EMERGENCY, PARTY, AreaKinds, Many, Table, shaped
from sightpact.decide.facts import aid_name


@dataclass(frozen=True, kw_only=True)
class MutualAid(Limited):
    kind: ClassVar[str] = "mutual_aid"
    at_most_once: ClassVar[bool] = False
    about: ClassVar[str] = (
        "A neighbour whose people may watch in an emergency once they are called for aid, and who calls them."
    )

    party: str = shaped(PARTY)
    who: tuple[Who, ...] = shaped(Many(Table(Who)))
    called_by: tuple[Who, ...] = shaped(Many(Table(Who)))
    emergencies: tuple[str, ...] = shaped(Many(EMERGENCY))
    area_kinds: tuple[str, ...] = shaped(AreaKinds())

    def _labels(self, names: Names) -> str:
        return words.listed([f"“{names.emergency_labels.get(k, k)}”" for k in self.emergencies], "or")

    def render(self, names: Names) -> tuple[str, ...]:
        called = names.parties[self.party].called
        return (
            joined(
                f"Nothing is open to {called} under this section until {called} has been called for aid. While"
                f" {self._labels(names)} is shared, {who_says(self.called_by, names)} may call {called}. From that"
                f" moment until the sharing ends, {who_says(self.who, names)} may watch live the cameras that see only"
                f" {words.areas(self.area_kinds)} of the school or schools concerned. The call is entered in the record.",
                self.limits(names),
            ),
        )

    def compile(self, names: Names) -> str:
        during = " || ".join(f"context.emergency_{kind}" for kind in self.emergencies)
        called = f"context.{aid_name(self.party)}"
        view = permit(
            self.number,
            "view_live",
            called,
            f"({during})",
            self.in_hours(),
            who_cedar(self.who, names),
            sees_only(self.area_kinds),
            self.scoped(names),
            "!resource.private",
            covered_camera(names),
        )
        return view + permit(
            self.number,
            "call_aid",
            called,
            f"({during})",
            who_cedar(self.called_by, names),
            covered_school(names),
        )

    def explain(self, names: Names) -> str:
        called = names.parties[self.party].called
        return (
            f"Closed to {called} until it is called while {self._labels(names)} is shared. Then open, at the schools"
            f" concerned, to {who_says(self.who, names)}, until the sharing ends.{self.limits_explained(names)}"
        )

    def whos(self) -> tuple[tuple[str, Who], ...]:
        groups = (("who", self.who), ("called_by", self.called_by))
        return tuple((f"{name}[{i}]", w) for name, who in groups for i, w in enumerate(who))
