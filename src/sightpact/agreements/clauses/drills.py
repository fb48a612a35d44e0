"""Drills: who may practise an emergency, who takes part on the other side, how often in a year, how long.

Pure. It opens no picture itself: in a drill the sections on emergencies count, for simulated pictures alone. That no real
camera is among them is a fixed rule beside every text (`never.drill`), and is proven.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sightpact.agreements.clauses import words
from sightpact.agreements.clauses.base import (
    Clause,
    Names,
    Who,
    covered_school,
    permit,
    who_cedar,
    who_says,
)
from sightpact.agreements.clauses.shapes import Many, Table, Whole, shaped


@dataclass(frozen=True, kw_only=True)
class Drills(Clause):
    """`start`: the owner's people. `watch`: the agency's: their screens turn, they take the drill and may end it."""

    kind: ClassVar[str] = "drills"
    acts: ClassVar[tuple[str, ...]] = ("start_drill", "take_drill")
    about: ClassVar[str] = "Who practises an emergency with whom, how often in a year, for how long."

    start: tuple[Who, ...] = shaped(Many(Table(Who)))
    watch: tuple[Who, ...] = shaped(Many(Table(Who)))
    per_year: int = shaped(Whole(1, 52, "drills"))
    minutes: int = shaped(Whole(1, 240, "minutes"))

    def render(self, names: Names) -> tuple[str, ...]:
        often = "one drill" if self.per_year == 1 else f"{self.per_year} drills"
        return (
            (
                f"In each year of this text, counted from its first day, the parties hold {often} at each school."
                " A drill is started by"
                f" {who_says(self.start, names)}. {words.capital(who_says(self.watch, names))} take part, take the drill and"
                " may end it. A drill goes the way of an emergency and opens simulated pictures only, each marked"
                " DRILL: no picture of a real camera is opened by it. It ends after"
                f" {words.minutes(self.minutes)} at the latest, and at once when an emergency is shared at a school where it"
                " is held. Its times are entered in the record, and reported to the parties."
            ),
        )

    def compile(self, names: Names) -> str:
        school = covered_school(names)
        return permit(self.number, "start_drill", who_cedar(self.start, names), school) + permit(
            self.number, "take_drill", who_cedar(self.watch, names), school
        )

    def explain(self, names: Names) -> str:
        return (
            f"Opens no real camera. In a drill {who_says(self.watch, names)} see simulated pictures, as they would see real"
            f" ones in the emergency, for up to {words.minutes(self.minutes)}."
        )

    def whos(self) -> tuple[tuple[str, Who], ...]:
        groups = (("start", self.start), ("watch", self.watch))
        return tuple((f"{name}[{i}]", w) for name, who in groups for i, w in enumerate(who))
