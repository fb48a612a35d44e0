"""Who is told of what, how fast an acknowledgement is due, and who is told next when nobody answers.

Pure. It opens nothing. Telling is `access/telling.py`; what is done without such a section stands in docs/how-to/be-told.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sightpact.agreements.clauses import words
from sightpact.agreements.clauses.base import Clause, Names, Who, who_says
from sightpact.agreements.clauses.shapes import Choice, Many, Optional, Table, Whole, shaped
from sightpact.agreements.clauses.views import LEVELS

EVENTS = {
    "started": "when the sharing starts",
    "widened": "when a higher emergency widens it",
    "watched": "when the first picture is watched",
    "extended": "when its time is extended",
    "ending": "five minutes before it ends by its time",
    "ended": "when it ends",
}
"""As the text says it; signed texts are made of it."""

_FROM = {
    "notice": "",
    "urgent": ", of urgent emergencies and those that endanger life",
    "life_safety": ", of emergencies that endanger life",
}


@dataclass(frozen=True, kw_only=True)
class NoticeRow:
    """`within_seconds`: somebody acknowledges in that time, else the next channel is tried, and `or_else` are told."""

    event: str = shaped(Choice(tuple(EVENTS)))
    who: tuple[Who, ...] = shaped(Many(Table(Who)))
    least: str = shaped(Choice(LEVELS), default="notice")
    within_seconds: int | None = shaped(Optional(Whole(5, 600, "seconds")), default=None)
    or_else: tuple[Who, ...] = shaped(Many(Table(Who), least=0), default=())


@dataclass(frozen=True, kw_only=True)
class Notices(Clause):
    kind: ClassVar[str] = "notices"
    about: ClassVar[str] = (
        "Who is told of what, how soon somebody has to acknowledge it, and who is told when nobody does."
    )

    rows: tuple[NoticeRow, ...] = shaped(Many(Table(NoticeRow)))

    def render(self, names: Names) -> tuple[str, ...]:
        lines = ["Sightpact tells these persons, at once and by itself:"]
        for index, row in enumerate(self.rows):
            end = "." if index == len(self.rows) - 1 else ";"
            says = (
                f"({words.letter(index)}) {EVENTS[row.event]}{_FROM[row.least]}: {who_says(row.who, names)}"
            )
            if row.within_seconds is not None:
                says += f", until one of them acknowledges; after {words.seconds(row.within_seconds)} without that"
                says += " each is called on a second channel"
                says += f", and {who_says(row.or_else, names)} are told" if row.or_else else ""
            lines.append(says + end)
        lines.append(
            "What stands on a locked screen or in an e-mail names no place and no kind of emergency. That they were told, and"
            " what became of it, is kept. An emergency waits for no notice."
        )
        return tuple(lines)

    def explain(self, names: Names) -> str:
        told = words.listed(list(dict.fromkeys(who_says(row.who, names) for row in self.rows)))
        return f"Opens nothing. {words.capital(told)} are told, on the channels that each of them has."

    def whos(self) -> tuple[tuple[str, Who], ...]:
        return tuple(
            (f"rows[{i}].{field}[{j}]", who)
            for i, row in enumerate(self.rows)
            for field, group in (("who", row.who), ("or_else", row.or_else))
            for j, who in enumerate(group)
        )
