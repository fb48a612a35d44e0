"""What pictures are watched for: the purposes to choose from, those that are forbidden, and the notice against passing on.

Pure. Sightpact takes no invitation, request or event without an allowed purpose, and shows the words below to whoever
watches. That nobody watches for another purpose, only people can make so; that section says it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from sightpact.agreements.clauses import words
from sightpact.agreements.clauses.base import Clause, Names
from sightpact.agreements.clauses.shapes import NAME, Choice, Many, Pattern, Table, Text, shaped

PRESETS = {
    "immigration": "the enforcement of immigration law",
    "discipline": "school discipline",
    "truancy": "truancy or attendance",
    "protest": "watching a protest, or what people say, write or believe",
    "personal": "anybody's personal reasons",
}
"""Purposes that a text can forbid by name, as its sentence says them."""

PURPOSE = Pattern(NAME, "welfare_check")


@dataclass(frozen=True, kw_only=True)
class Purpose:
    purpose: str = shaped(PURPOSE)
    says: str = shaped(Text(most=120))  # as a list shows it: "A report of a person in danger"


@dataclass(frozen=True, kw_only=True)
class Purposes(Clause):
    kind: ClassVar[str] = "purposes"
    about: ClassVar[str] = "The purposes of which an invitation, a request or a planned event names one."

    allowed: tuple[Purpose, ...] = shaped(Many(Table(Purpose), most=20))

    def render(self, names: Names) -> tuple[str, ...]:
        items = [
            f"({words.letter(i)}) {p.says}{'.' if i == len(self.allowed) - 1 else ';'}"
            for i, p in enumerate(self.allowed)
        ]
        first = "Whoever invites, asks to look, or asks for an event names one of these purposes:"
        return (first, *items, "Sightpact takes no other, and enters the purpose in the record.")

    def explain(self, names: Names) -> str:
        return (
            "Opens nothing. An invitation, a request or an event without one of these purposes is not taken."
        )


@dataclass(frozen=True, kw_only=True)
class ForbiddenPurposes(Clause):
    kind: ClassVar[str] = "forbidden_purposes"
    enforced: ClassVar[bool] = False
    about: ClassVar[str] = "What pictures are never watched for. People keep it; Sightpact reminds them."

    presets: tuple[str, ...] = shaped(Many(Choice(tuple(PRESETS)), least=0), default=())
    others: tuple[str, ...] = shaped(Many(Text(most=120), least=0, most=20), default=())

    def items(self) -> tuple[str, ...]:
        """Each forbidden purpose in words, the named ones first, in one fixed order."""
        return (*(PRESETS[name] for name in PRESETS if name in self.presets), *self.others)

    def render(self, names: Names) -> tuple[str, ...]:
        last = len(self.items()) - 1
        items = [
            f"({words.letter(i)}) {says}{'.' if i == last else ';'}" for i, says in enumerate(self.items())
        ]
        reminds = "Sightpact shows these words beside live pictures. That nobody acts against them, people answer for."
        return ("Pictures are not watched for:", *items, reminds)

    def explain(self, names: Names) -> str:
        return "Software cannot know why somebody watches. The record shows who watched; people judge why."


@dataclass(frozen=True, kw_only=True)
class Redisclosure(Clause):
    kind: ClassVar[str] = "redisclosure"
    about: ClassVar[str] = "The notice against passing pictures on, shown to other parties' people."

    notice: str = shaped(Text(most=300))

    def render(self, names: Names) -> tuple[str, ...]:
        where = f"Sightpact shows this to the people of {names.agencies_called}, beside live pictures and on the record:"
        return (f"{where} “{self.notice}”",)

    def explain(self, names: Names) -> str:
        return f"Opens nothing. Shown to the people of {names.agencies_called} whenever they watch."


@dataclass(frozen=True, slots=True)
class Uses:
    """What a text says of purposes, ready for forms and screens."""

    section: str  # number of the `purposes` section; "" when the text has none: any short reason will do
    allowed: tuple[tuple[str, str], ...]  # (purpose, words), in the order of the text
    forbidden_section: str
    forbidden: tuple[str, ...]
    notice_section: str
    notice: str

    def takes(self, purpose: str) -> bool:
        """Whether an invitation, request or event may name this purpose."""
        return not self.section or purpose in {name for name, _says in self.allowed}


def uses(clauses: Iterable[Clause]) -> Uses:
    """Read off a text's clauses."""
    listed = list(clauses)
    allowed = next((c for c in listed if isinstance(c, Purposes)), None)
    forbidden = next((c for c in listed if isinstance(c, ForbiddenPurposes)), None)
    notice = next((c for c in listed if isinstance(c, Redisclosure)), None)
    return Uses(
        section=allowed.number if allowed else "",
        allowed=tuple((p.purpose, p.says) for p in allowed.allowed) if allowed else (),
        forbidden_section=forbidden.number if forbidden else "",
        forbidden=forbidden.items() if forbidden else (),
        notice_section=notice.number if notice else "",
        notice=notice.notice if notice else "",
    )
