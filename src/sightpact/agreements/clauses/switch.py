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
from sightpact.agreements.clauses.shapes import Choice, Many, Optional, Table, Whole, added, shaped


@dataclass(frozen=True, kw_only=True)
class WhoMayStart(Clause):
    """`who`: the owner's people, and its alarms (role `alarm`). `report`: dispatch, on a 911 call or on the word of one of
    `who`; then it is unverified, and open for `report_minutes` until somebody confirms it."""

    kind: ClassVar[str] = "who_may_start"
    about: ClassVar[str] = (
        "Who may start the sharing of cameras in an emergency, and who may open it on a 911 call or on somebody's word."
    )

    who: tuple[Who, ...] = shaped(Many(Table(Who)))
    report: tuple[Who, ...] = added(Many(Table(Who), least=0), ())
    report_minutes: int | None = added(Optional(Whole(1, 60, "minutes")), None)

    def render(self, names: Names) -> tuple[str, ...]:
        lines = [
            f"The sharing is started by {who_says(self.who, names)}. Starting it never asks for a"
            " sign-in at that moment. The switch says to call 911 too, because starting it does not."
        ]
        if self.report:
            lines.append(
                f"{words.capital(who_says(self.report, names))} may open it on a 911 call, on an alarm that names no school,"
                " or on the word, by phone or radio, of somebody who may start it. It is then not verified. The person whose"
                " word it was is told at once, and confirms it or disputes it; a dispute ends it. Without a confirmation by"
                f" that person, by somebody who may start it, or by dispatch it ends after {words.minutes(self._until)};"
                " confirmed, it lasts as long as its kind allows, counted from its start. What turns out to be a hoax is"
                " ended as one, and counted."
            )
        return (" ".join(lines),)

    def compile(self, names: Names) -> str:
        school = covered_school(names)
        start = permit(self.number, "start_sharing", who_cedar(self.who, names), school)
        if not self.report:
            return start
        return start + permit(self.number, "report_emergency", who_cedar(self.report, names), school)

    def explain(self, names: Names) -> str:
        if not self.report:
            return f"The switch works for {who_says(self.who, names)}, and for nobody else."
        return (
            f"The switch works for {who_says(self.who, names)}. {words.capital(who_says(self.report, names))} may open it for"
            f" {words.minutes(self._until)}, until it is confirmed. Nobody else can."
        )

    def whos(self) -> tuple[tuple[str, Who], ...]:
        groups = (("who", self.who), ("report", self.report))
        return tuple((f"{name}[{i}]", w) for name, who in groups for i, w in enumerate(who))

    @property
    def _until(self) -> int:
        assert self.report_minutes is not None  # `checks` refuses a text without
        return self.report_minutes


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
