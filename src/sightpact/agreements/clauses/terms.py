"""Clauses about times and failures: leases, a record that cannot be written, and the term."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as day_time
from typing import ClassVar
from zoneinfo import ZoneInfo

from sightpact.agreements.clauses import words
from sightpact.agreements.clauses.base import Clause, Names
from sightpact.agreements.clauses.shapes import Choice, Day, Optional, Text, Whole, shaped


@dataclass(frozen=True, kw_only=True)
class Leases(Clause):
    kind: ClassVar[str] = "leases"
    about: ClassVar[str] = (
        "How long a picture may outlive contact with the part that decides, in seconds. Mandatory."
    )

    standing_s: int = shaped(Whole(1, 60, "seconds"))
    emergency_s: int = shaped(Whole(1, 60, "seconds"))

    def render(self, names: Names) -> tuple[str, ...]:
        lost = (
            "If the server that shows pictures loses contact with the part that decides, every picture ends"
            " within"
        )
        if self.standing_s == self.emergency_s:
            return (f"{lost} {words.seconds(self.standing_s)}.",)
        return (
            (
                f"{lost} {words.seconds(self.standing_s)}, and within {words.seconds(self.emergency_s)} "
                "where an emergency opened it."
            ),
        )

    def explain(self, names: Names) -> str:
        return "Closes by itself: a picture that nobody renews goes dark when this time is over."


@dataclass(frozen=True, kw_only=True)
class LogUnwritable(Clause):
    kind: ClassVar[str] = "log_unwritable"
    about: ClassVar[str] = (
        "What pictures do when the record cannot be written. Mandatory, and without a default."
    )

    then: str = shaped(Choice(("close", "continue")))

    def render(self, names: Names) -> tuple[str, ...]:
        if self.then == "close":
            return ("If the record cannot be written, no picture begins until it can be written again.",)
        return (
            (
                "If the record cannot be written, pictures go on. What happens is kept in a reserved"
                " journal, and entered in the record as soon as it can be written. When the journal is full"
                " as well, no picture begins."
            ),
        )

    def explain(self, names: Names) -> str:
        if self.then == "close":
            return "Without a record no picture begins, not even in an emergency."
        return (
            "Pictures go on with a journal in place of the record: nothing is seen that is written nowhere."
        )


@dataclass(frozen=True, kw_only=True)
class Term(Clause):
    """`begins` and `ends` are calendar days in `zone`; the last day is included."""

    kind: ClassVar[str] = "term"
    about: ClassVar[str] = "From which day until which day it is in force, and in whose time zone."

    begins: date = shaped(Day())  # noqa: RUF009
    ends: date | None = shaped(Optional(Day()), default=None)  # noqa: RUF009
    zone: str = shaped(Text(most=60))

    def render(self, names: Names) -> tuple[str, ...]:
        until = (
            f"to {words.day(self.ends)}, the last day included"
            if self.ends
            else "until it is replaced or ended"
        )
        who = {1: words.capital(names.owner_called), 2: "Either party"}.get(len(names.parties), "Any party")
        return (
            f"This is in force from {words.day(self.begins)} {until} (time zone {self.zone}).",
            f"{who} can suspend it at once; every picture under it then ends.",
        )

    def explain(self, names: Names) -> str:
        return "Before the first day and after the last day it opens nothing."

    def in_force(self) -> tuple[datetime, datetime | None]:
        """The term as instants, aware UTC: from midnight of the first day to midnight after the last, local time."""
        zone = ZoneInfo(self.zone)
        start = datetime.combine(self.begins, day_time(), zone).astimezone(UTC)
        if self.ends is None:
            return start, None
        return start, datetime.combine(self.ends + timedelta(days=1), day_time(), zone).astimezone(UTC)
