"""A second copy of the record, kept by somebody else, without which the text does not begin to run.

Pure. That it runs only then is made so by `agreements/running.py`; copies are `ledger/copies/` and the program in `cosign/`.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from typing import Any, ClassVar

from sightpact.agreements.clauses import words
from sightpact.agreements.clauses.base import Clause, Names
from sightpact.agreements.clauses.shapes import ABSENT, Pattern, Text, Whole, shaped
from sightpact.agreements.errors import ClauseFault


class _KeyLine(Pattern):
    """Name, id and key, whole: somebody else's machine of the same name, or one whose short id was sought out, is not it."""

    def read(self, raw: Any, path: str, faults: list[ClauseFault]) -> Any:
        found = Pattern.read(self, raw, path, faults)
        if isinstance(found, str):
            name, given, encoded = found.split("+", 2)
            if hashlib.sha256(f"{name}\n".encode() + base64.b64decode(encoded)).hexdigest()[:8] != given:
                why, then = (
                    "a character of this key is wrong.",
                    "Copy the whole line that `sightpact-cosign init` printed.",
                )
                faults.append(ClauseFault(path, why, then))
                return ABSENT
        return found


COPY_KEY = _KeyLine(
    re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{1,99}\+[0-9a-f]{8}\+B[A-P][A-Za-z0-9+/]{42}\Z"),
    "clerk.lakeview.example/copy+9549ea15+BDtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop",
)


@dataclass(frozen=True, kw_only=True)
class SecondCopy(Clause):
    kind: ClassVar[str] = "second_copy"
    at_most_once: ClassVar[bool] = False
    about: ClassVar[str] = (
        "Who keeps a second copy of the record, on a machine of its own, before anything opens."
    )

    keeper: str = shaped(Text(most=200))  # as people call it: "the City Clerk"
    copy: str = shaped(COPY_KEY)  # the line with its key that `sightpact-cosign init` printed
    hours: int = shaped(Whole(1, 720, "hours"))  # silent for longer: the page of the record says so

    def render(self, names: Names) -> tuple[str, ...]:
        name, key = self.copy.split("+", 1)
        keeper, hours = self.keeper, "an hour" if self.hours == 1 else f"{self.hours} hours"
        return (
            (
                f"{words.capital(keeper)} keeps a copy of the record on a machine of its own, called {name}, which checks"
                f" each entry and countersigns it with the key {key}; whoever holds that key keeps the copy."
                " Nothing in this text opens anything before that copy has"
                f" countersigned the record for the first time. When it has not done so for {hours},"
                " the page of the record says so to everybody who reads it; no picture waits for it."
            ),
        )

    def explain(self, names: Names) -> str:
        return f"Opens nothing. Without the copy of {self.keeper} nothing begins, and a record that is changed later is noticed."
