"""Limits of a section that opens pictures: at which hours it counts, and for how many people at once.

Pure. Hours become one Cedar boolean, `hours_<section>`, which `decide/hours.py` tells from the clock; the number of people
is kept by the gate when it admits.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sightpact.agreements.clauses import words
from sightpact.agreements.clauses.base import Names
from sightpact.agreements.clauses.scope import Scoped
from sightpact.agreements.clauses.shapes import (
    Choice,
    Many,
    Optional,
    Pattern,
    Table,
    Whole,
    added,
    shaped,
)

DAYS = {
    "mon": "Mondays",
    "tue": "Tuesdays",
    "wed": "Wednesdays",
    "thu": "Thursdays",
    "fri": "Fridays",
    "sat": "Saturdays",
    "sun": "Sundays",
}
"""Days of the week in the order of `datetime.weekday`, and as a sentence says them."""

_SCHOOL_DAYS = tuple(DAYS)[:5]
_CLOCK = Pattern(re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]\Z"), "07:30")


@dataclass(frozen=True, kw_only=True)
class Hours:
    """From `opens` to `closes` on `days`, local time of the term's zone. `closes` before `opens` is on the next day."""

    opens: str = shaped(_CLOCK)
    closes: str = shaped(_CLOCK)
    days: tuple[str, ...] = shaped(Many(Choice(tuple(DAYS)), most=7))

    def says(self) -> str:
        days = "Mondays to Fridays" if set(self.days) == set(_SCHOOL_DAYS) else ""
        days = days or ("every day" if len(set(self.days)) == 7 else "")
        listed = words.listed([DAYS[day] for day in DAYS if day in self.days])
        until = f"{self.closes} on the next day" if self.closes < self.opens else self.closes
        return f"from {self.opens} to {until}, {days or f'on {listed}'}"


@dataclass(frozen=True, kw_only=True)
class Limited(Scoped):
    """A section that opens pictures and may be limited. Texts without limits keep their bytes: both fields came later."""

    hours: Hours | None = added(Optional(Table(Hours)), None)  # noqa: RUF009
    viewers: int | None = added(Optional(Whole(1, 500, "people at once")), None)

    @property
    def hours_name(self) -> str:
        """The Cedar boolean that is true in these hours; "" when it counts at all hours."""
        return f"hours_{self.number.replace('.', '_')}" if self.hours else ""

    def in_hours(self) -> str:
        """Its Cedar condition; "" when there is none."""
        return f"context.{self.hours_name}" if self.hours else ""

    def limits(self, names: Names) -> str:
        """Its limits as sentences to follow the others; "" when there are none."""
        lines = [self.scope_says(names)] if self.scope_says(names) else []
        if self.hours:
            lines.append(f"This counts only {self.hours.says()} (time zone {names.zone}).")
        if self.viewers is not None:
            people = "1 person watches" if self.viewers == 1 else f"{self.viewers} people watch"
            lines.append(f"At most {people} under this section at the same time.")
        return " ".join(lines)

    def limits_explained(self, names: Names) -> str:
        """For the margin; begins with a space when there is something to say."""
        told = []
        if self.hours:
            told.append(f"Closed outside its hours ({self.hours.says()}).")
        if self.viewers is not None:
            told.append(f"Whoever comes when {self.viewers} are watching waits until one leaves.")
        return self.scope_explained(names) + "".join(f" {line}" for line in told)


def joined(sentence: str, *more: str) -> str:
    """Sentences of one paragraph."""
    return " ".join(part for part in (sentence, *more) if part)
