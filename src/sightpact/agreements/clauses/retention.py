"""How long the names in the record stay readable. The entries themselves stay for good, and stay provable.

Pure. Erasing is `record/erasing.py`. This is about the record; pictures are never kept, so there are none to erase.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

from sightpact.agreements.clauses import words
from sightpact.agreements.clauses.base import Clause, Names
from sightpact.agreements.clauses.shapes import Choice, Many, Table, Whole, shaped

NAMES_IN = MappingProxyType(
    {
        "looks": "looks at live pictures",
        "refusals": "refusals",
        "sharings": "emergency sharings, drills, alarms, notices, invitations, requests and planned events",
        "reading": "reading the record",
        "signing_in": "signing in and out",
    }
)
"""Which lines of the record a row is about, and as a sentence says it."""


@dataclass(frozen=True, kw_only=True)
class Kept:
    """Names in these lines stay readable for so many days."""

    record: str = shaped(Choice(tuple(NAMES_IN)))
    days: int = shaped(Whole(30, 36500, "days"))

    def says(self) -> str:
        years, rest = divmod(self.days, 365)
        told = f"{self.days:,} days" if rest or not years else "1 year" if years == 1 else f"{years} years"
        return f"{NAMES_IN[self.record]}: {told}"


@dataclass(frozen=True, kw_only=True)
class Retention(Clause):
    """What has no row stays readable as long as the record."""

    kind: ClassVar[str] = "retention"
    about: ClassVar[str] = "How long names in the record stay readable."

    names: tuple[Kept, ...] = shaped(Many(Table(Kept), most=len(NAMES_IN)))

    def render(self, names: Names) -> tuple[str, ...]:
        rows = [f"({chr(97 + i)}) {row.says()};" for i, row in enumerate(self.names)]
        rows[-1] = rows[-1][:-1] + "."
        return (
            "Names of people and devices, and free words, stay readable in the record for:",
            *rows,
            "A year has 365 days. Then Sightpact erases them and says so in the record, with this section and how many."
            " The entries stay, with their times, cameras and sections, and can be proven whole. Names are not erased"
            " while a statement or a review about them is owed, or while the record is on hold. Statements, reviews and"
            " everything about this text stay readable.",
        )

    def explain(self, names: Names) -> str:
        rows = words.listed([row.says() for row in self.names])
        return (
            f"Opens nothing. Erases names after their time ({rows}). A copy of the database that was made before still has"
            " them."
        )
