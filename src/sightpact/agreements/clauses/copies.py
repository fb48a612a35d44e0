"""A second copy of the record, kept by somebody else, without which the text does not begin to run.

Pure. That it runs only then is made so by `agreements/running.py`; copies are `ledger/copies/` and the program in `cosign/`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from sightpact.agreements.clauses import words
from sightpact.agreements.clauses.base import Clause, Names
from sightpact.agreements.clauses.shapes import Pattern, Text, Whole, shaped

COPY_NAME = Pattern(re.compile(r"[a-z0-9][a-z0-9./-]{1,99}\Z"), "clerk.lakeview.example/copy")


@dataclass(frozen=True, kw_only=True)
class SecondCopy(Clause):
    kind: ClassVar[str] = "second_copy"
    at_most_once: ClassVar[bool] = False
    about: ClassVar[str] = (
        "Who keeps a second copy of the record, on a machine of its own, before anything opens."
    )

    keeper: str = shaped(Text(most=200))  # as people call it: "the City Clerk"
    copy: str = shaped(COPY_NAME)  # name of the copy's key
    hours: int = shaped(Whole(1, 720, "hours"))  # silent for longer: the page of the record says so

    def render(self, names: Names) -> tuple[str, ...]:
        keeper, hours = self.keeper, "an hour" if self.hours == 1 else f"{self.hours} hours"
        return (
            (
                f"{words.capital(keeper)} keeps a copy of the record on a machine of its own, called {self.copy}, which"
                " checks each entry and countersigns it. Nothing in this text opens anything before that copy has"
                f" countersigned the record for the first time. When it has not done so for {hours},"
                " the page of the record says so to everybody who reads it; no picture waits for it."
            ),
        )

    def explain(self, names: Names) -> str:
        return f"Opens nothing. Without the copy of {self.keeper} nothing begins, and a record that is changed later is noticed."
