"""Who signs for each party, and which bodies adopt the text first.

Pure. That nothing runs before each named body adopted exactly this text is made so by `agreements/running.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sightpact.agreements.clauses import words
from sightpact.agreements.clauses.base import Clause, Names
from sightpact.agreements.clauses.shapes import PARTY, ROLE, Many, Table, Text, shaped


@dataclass(frozen=True, kw_only=True)
class Signatory:
    """One line of the signature page. A party with two adopting bodies has two lines."""

    party: str = shaped(PARTY)
    title: str = shaped(Text(most=120))  # as it stands under the signature: "Superintendent of Schools"
    role: str = shaped(ROLE)  # one of the party's roles in the `parties` clause: whose passkey may sign
    body: str = shaped(Text(most=200, least=0), default="")  # "Board of Education"; empty: no body votes


@dataclass(frozen=True, kw_only=True)
class Signatories(Clause):
    kind: ClassVar[str] = "signatories"
    about: ClassVar[str] = "Who signs for each party, and which bodies adopt the text before it runs."

    rows: tuple[Signatory, ...] = shaped(Many(Table(Signatory), most=24))

    def bodies(self) -> tuple[str, ...]:
        """The bodies that adopt it, in the order of the text."""
        return tuple(dict.fromkeys(row.body for row in self.rows if row.body))

    def render(self, names: Names) -> tuple[str, ...]:
        lines = []
        for party in dict.fromkeys(row.party for row in self.rows):
            mine = [row for row in self.rows if row.party == party]
            titles = words.listed(list(dict.fromkeys(row.title for row in mine)))
            bodies = words.listed([_the(row.body) for row in mine if row.body])
            after = f", after {bodies} has adopted it" if bodies else ""
            if len([row for row in mine if row.body]) > 1:
                after = after.replace(" has adopted", " have adopted")
            lines.append(f"for {names.parties[party].called}, {titles}{after}")
        items = [
            f"({words.letter(i)}) {line}{'.' if i == len(lines) - 1 else ';'}" for i, line in enumerate(lines)
        ]
        opens = "Nothing in this text opens anything before each party has signed exactly this text"
        if self.bodies():
            opens += ", and each body named here is recorded as having adopted exactly this text"
        return ("This is signed:", *items, f"{opens}.")

    def explain(self, names: Names) -> str:
        bodies = words.listed([_the(body) for body in self.bodies()])
        if not bodies:
            return "Opens nothing. Without the signature of each party it does not run."
        return (
            f"Opens nothing. Without the adoption by {bodies}, and each party's signature, it does not run."
        )


def _the(body: str) -> str:
    return body if body.casefold().startswith("the ") else f"the {body}"
