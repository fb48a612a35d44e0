"""Clauses about the switch: who may start a sharing, who may take and end it."""

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
from sightpact.agreements.clauses.shapes import Choice, Many, Optional, Table, Whole, shaped


@dataclass(frozen=True, kw_only=True)
class WhoMayStart(Clause):
    kind: ClassVar[str] = "who_may_start"
    about: ClassVar[str] = "Who may start the sharing of cameras in an emergency."

    who: tuple[Who, ...] = shaped(Many(Table(Who)))

    def render(self, names: Names) -> tuple[str, ...]:
        return (
            (
                f"The sharing is started by {who_says(self.who, names)}. Starting it never asks for a"
                " sign-in at that moment. The switch says to call 911 too, because starting it does not."
            ),
        )

    def compile(self, names: Names) -> str:
        return permit(self.number, "start_sharing", who_cedar(self.who, names), covered_school(names))

    def explain(self, names: Names) -> str:
        return f"The switch works for {who_says(self.who, names)}, and for nobody else."

    def whos(self) -> tuple[tuple[str, Who], ...]:
        return tuple((f"who[{i}]", w) for i, w in enumerate(self.who))


@dataclass(frozen=True, kw_only=True)
class WhoMayEnd(Clause):
    """`end`: the school's all clear. `take`: dispatch takes the incident. `stop`: ends at once, always."""

    kind: ClassVar[str] = "who_may_end"
    about: ClassVar[str] = (
        "Who may end a sharing, who may take the incident, who may stop it at once, who may extend."
    )

    end: tuple[Who, ...] = shaped(Many(Table(Who)))
    take: tuple[Who, ...] = shaped(Many(Table(Who)))
    stop: tuple[Who, ...] = shaped(Many(Table(Who)))
    once_taken: str = shaped(Choice(("proposes", "ends")))
    proposal_minutes: int | None = shaped(Optional(Whole(1, 60, "minutes")), default=None)
    extend_minutes: int | None = shaped(Optional(Whole(5, 60, "minutes")), default=None)

    def render(self, names: Names) -> tuple[str, ...]:
        lines = [
            f"{words.capital(who_says(self.take, names))} may take the incident, and end the sharing at any"
            " time."
        ]
        all_clear = f"{words.capital(who_says(self.end, names))} may report all clear, which ends the sharing"
        if self.once_taken == "proposes":
            assert self.proposal_minutes is not None
            lines.append(
                f"{all_clear}. Once the incident has been taken, an all clear proposes the end: whoever"
                " took it confirms or declines, and without an answer the sharing ends after"
                f" {words.minutes(self.proposal_minutes)}."
            )
        else:
            lines.append(f"{all_clear} at once, also when the incident has been taken.")
        lines.append(
            f"{words.capital(who_says(self.stop, names))} may stop the sharing, or one person's viewing, at"
            " once."
        )
        return (" ".join(lines),)

    def compile(self, names: Names) -> str:
        school = covered_school(names)
        ending = dict.fromkeys((*self.end, *self.take, *self.stop))
        return (
            permit(self.number, "take_incident", who_cedar(self.take, names), school)
            + permit(self.number, "end_sharing", who_cedar(tuple(ending), names), school)
            + permit(
                self.number,
                "stop_sharing",
                who_cedar(self.stop, names),
                f'resource == Party::"{names.owner}"',
            )
        )

    def explain(self, names: Names) -> str:
        return "Closes every picture of the emergency again, on every screen, when it ends."

    def whos(self) -> tuple[tuple[str, Who], ...]:
        groups = (("end", self.end), ("take", self.take), ("stop", self.stop))
        return tuple((f"{name}[{i}]", w) for name, who in groups for i, w in enumerate(who))
