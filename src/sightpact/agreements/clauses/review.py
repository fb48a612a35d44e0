"""The review of the record: how often a sample is drawn that nobody chose, how large, and who signs that they looked.

Pure. Drawing, showing and signing are `record/reviews.py` and `record/actions.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sightpact.agreements.clauses import words
from sightpact.agreements.clauses.base import Clause, Names, Who, who_says
from sightpact.agreements.clauses.shapes import Many, Table, Whole, shaped


@dataclass(frozen=True, kw_only=True)
class Review(Clause):
    kind: ClassVar[str] = "review"
    about: ClassVar[str] = (
        "How often a sample of views is drawn that nobody chose, and who signs that they looked at it."
    )

    every_weeks: int = shaped(Whole(1, 52, "weeks"))
    sample: int = shaped(Whole(1, 200, "views"))
    by: tuple[Who, ...] = shaped(Many(Table(Who)))

    def render(self, names: Names) -> tuple[str, ...]:
        often = "Every week" if self.every_weeks == 1 else f"Every {self.every_weeks} weeks"
        views = "1 view" if self.sample == 1 else f"{self.sample} views"
        return (
            (
                f"{often} Sightpact draws {views} that people of {names.agencies_called} had under this text, or all"
                " when there were fewer. The hash of the record at the end of that time draws them, so that nobody"
                " chooses, and anybody who has the record can draw them again. Sightpact shows them to"
                f" {who_says(self.by, names)} until one of them signs that they looked, and what they found. That is"
                " entered in the record."
            ),
        )

    def explain(self, names: Names) -> str:
        return (
            f"Opens nothing. {words.capital(who_says(self.by, names))} see what is due on the page of the record. Whether"
            " a view was right, they judge."
        )

    def whos(self) -> tuple[tuple[str, Who], ...]:
        return tuple((f"by[{i}]", w) for i, w in enumerate(self.by))
