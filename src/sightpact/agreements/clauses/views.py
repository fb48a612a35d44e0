"""Clauses that open live pictures to another party: always, and in an emergency."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sightpact.agreements.clauses import words
from sightpact.agreements.clauses.base import (
    Names,
    Who,
    covered_camera,
    permit,
    sees_only,
    who_cedar,
    who_says,
)
from sightpact.agreements.clauses.limits import Limited, joined
from sightpact.agreements.clauses.shapes import (
    EMERGENCY,
    AreaKinds,
    Choice,
    Flag,
    Many,
    Table,
    Text,
    Whole,
    added,
    shaped,
)

MAX_MINUTES = 720

LEVELS = ("notice", "urgent", "life_safety")
"""How high a kind of emergency is, rising: a higher one widens a lower one that runs, and people are told more loudly."""


@dataclass(frozen=True, kw_only=True)
class StandingView(Limited):
    kind: ClassVar[str] = "standing_view"
    at_most_once: ClassVar[bool] = False
    about: ClassVar[str] = "Who may watch which kinds of area live at any time, without asking."

    who: tuple[Who, ...] = shaped(Many(Table(Who)))
    area_kinds: tuple[str, ...] = shaped(AreaKinds())

    def render(self, names: Names) -> tuple[str, ...]:
        always = "" if self.hours else "at any time, "
        return (
            joined(
                f"{words.capital(who_says(self.who, names))} may watch live the cameras that see only "
                f"{words.areas(self.area_kinds)} of the schools covered, {always}without asking.",
                self.limits(names),
            ),
        )

    def compile(self, names: Names) -> str:
        return permit(
            self.number,
            "view_live",
            self.in_hours(),
            who_cedar(self.who, names),
            sees_only(self.area_kinds),
            self.scoped(names),
            "!resource.private",
            covered_camera(names),
        )

    def explain(self, names: Names) -> str:
        where = (
            "Outside cameras" if words.outside_only(self.area_kinds) else "Cameras, inside ones among them,"
        )
        always = "without asking" if self.hours else "at all times"
        return f"{where} are open {always} to {who_says(self.who, names)}.{self.limits_explained(names)}"

    def whos(self) -> tuple[tuple[str, Who], ...]:
        return tuple((f"who[{i}]", w) for i, w in enumerate(self.who))


@dataclass(frozen=True, kw_only=True)
class Emergency:
    """One kind of emergency. `kind` becomes the Cedar boolean `emergency_<kind>`."""

    kind: str = shaped(EMERGENCY)
    label: str = shaped(Text(most=40))  # on the switch: "Intruder"
    meaning: str = shaped(Text(most=200))  # in the text: "an armed or violent intruder"
    minutes: int = shaped(Whole(1, MAX_MINUTES, "minutes"))
    cap_minutes: int = shaped(Whole(1, MAX_MINUTES, "minutes"))
    level: str = added(Choice(LEVELS), "life_safety")


_LEVEL_SAYS = {"life_safety": "", "urgent": " (urgent)", "notice": " (a notice)"}


@dataclass(frozen=True, kw_only=True)
class EmergencyView(Limited):
    kind: ClassVar[str] = "emergency_view"
    at_most_once: ClassVar[bool] = False
    about: ClassVar[str] = "Who may watch which kinds of area live in which emergencies, for how long."

    who: tuple[Who, ...] = shaped(Many(Table(Who)))
    area_kinds: tuple[str, ...] = shaped(AreaKinds())
    emergencies: tuple[Emergency, ...] = shaped(Many(Table(Emergency)))
    names_beforehand: bool = shaped(Flag(), default=False)

    def render(self, names: Names) -> tuple[str, ...]:
        lines = [
            f"While an emergency is shared, {who_says(self.who, names)} may watch live the cameras that see"
            f" only {words.areas(self.area_kinds)} of the school or schools concerned. An emergency is one"
            " of these:"
        ]
        for index, e in enumerate(self.emergencies):
            end = "." if index == len(self.emergencies) - 1 else ";"
            cap = f", and no more than {words.minutes(e.cap_minutes)}" if e.cap_minutes > e.minutes else ""
            lines.append(
                f"({words.letter(index)}) {e.meaning}, for {words.minutes(e.minutes)}{cap}{_LEVEL_SAYS[e.level]}{end}"
            )
        last = "Sharing ends at the end of that time at the latest."
        if any(e.level != "life_safety" for e in self.emergencies):
            last = (
                "A danger to life stands above what is marked urgent, and that above a notice: an emergency that is"
                f" reported while a lower one is shared is shared from then on as the higher one. {last}"
            )
        if any(e.cap_minutes > e.minutes for e in self.emergencies):
            last = (
                "While dispatch has taken an open incident it may extend the sharing in steps of "
                f"{words.minutes(names.extend_minutes)}, up to the longer time named. {last}"
            )
        known = "are" if self.names_beforehand else "are not"
        known = f"The names and places of these cameras {known} made known beforehand."
        lines.append(joined(last, known, self.limits(names)))
        return tuple(lines)

    def compile(self, names: Names) -> str:
        kinds = " || ".join(f"context.emergency_{e.kind}" for e in self.emergencies)
        return permit(
            self.number,
            "view_live",
            f"({kinds})",
            self.in_hours(),
            who_cedar(self.who, names),
            sees_only(self.area_kinds),
            self.scoped(names),
            "!resource.private",
            covered_camera(names),
        )

    def explain(self, names: Names) -> str:
        longest = max(e.minutes for e in self.emergencies)
        labels = words.listed([e.label.lower() for e in self.emergencies], "or")
        return (
            f"Closed until an emergency is shared ({labels}). Then open, at the schools concerned, to "
            f"{who_says(self.who, names)}, for up to {words.minutes(longest)}.{self.limits_explained(names)}"
        )

    def whos(self) -> tuple[tuple[str, Who], ...]:
        return tuple((f"who[{i}]", w) for i, w in enumerate(self.who))
