"""After an emergency: who writes down the threat and who was shown what, in how many hours, on which legal basis.

Pure. The statement is prefilled as a possible disclosure and never asserted: counsel chose the basis here, a named person
completes it. Keeping it is `record/after.py` and `record/actions.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

from sightpact.agreements.clauses import words
from sightpact.agreements.clauses.base import Clause, Names, Who, who_says
from sightpact.agreements.clauses.shapes import Choice, Many, Table, Text, Whole, added, shaped

BASES = MappingProxyType(
    {
        "disclosure_99_36": (
            "The parties treat what was shown as a disclosure in a health or safety emergency (34 CFR 99.36), which is"
            " recorded under 34 CFR 99.32(a)(5)."
        ),
        "not_a_disclosure": (
            "The parties hold that a live picture, of which nothing is kept, discloses no education record. The statement"
            " is written all the same."
        ),
        "law_enforcement_unit": (
            "The parties treat these pictures as records of the law enforcement unit of {owner} (34 CFR 99.8), which are"
            " not education records. The statement is written all the same."
        ),
        "school_official": (
            "The parties treat whoever was shown pictures as school officials with a legitimate educational interest (34"
            " CFR 99.31(a)(1)). The statement is written all the same."
        ),
    }
)
"""What counsel chose -> the sentence. Which of them is right, Sightpact does not say."""


@dataclass(frozen=True, kw_only=True)
class After(Clause):
    """`by` completes and signs; `told` hears of it when it is late."""

    kind: ClassVar[str] = "after"
    about: ClassVar[str] = (
        "The statement that is due after an emergency in which another party watched, who completes it, and its legal basis."
    )

    statement_hours: int = shaped(Whole(1, 720, "hours"))
    basis: str = shaped(Choice(tuple(BASES)))
    text: str = added(Text(most=1200, least=0), "")
    by: tuple[Who, ...] = shaped(Many(Table(Who)))
    told: tuple[Who, ...] = shaped(Many(Table(Who), least=0), default=())

    def render(self, names: Names) -> tuple[str, ...]:
        hours = "1 hour" if self.statement_hours == 1 else f"{self.statement_hours} hours"
        late = f" When it is late, {who_says(self.told, names)} are told." if self.told else ""
        first = (
            f"After an emergency in which people of {names.agencies_called} watched, a statement is due within {hours} of"
            " its end: which articulable and significant threat there was, and who was shown what. Sightpact puts"
            f" together who was shown what and for how long; {who_says(self.by, names)} complete the statement and sign"
            f" it by name. Each version stays in the record.{late} Nothing is owed after a drill, after a sharing that was"
            " sent by mistake, or where nobody of another party watched."
        )
        basis = BASES[self.basis].format(owner=names.owner_called)
        return (first, basis, self.text) if self.text else (first, basis)

    def explain(self, names: Names) -> str:
        who = words.capital(who_says(self.by, names))
        return f"Opens nothing. {who} find what is owed on the page “After an emergency”. Whether there was a threat, they say."

    def whos(self) -> tuple[tuple[str, Who], ...]:
        groups = (("by", self.by), ("told", self.told))
        return tuple((f"{name}[{i}]", w) for name, who in groups for i, w in enumerate(who))
