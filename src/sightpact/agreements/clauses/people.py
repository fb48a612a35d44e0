"""Clauses about people and the record: the annex of named persons, who reads the record, fixed limits, counsel's words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sightpact.agreements.clauses import words
from sightpact.agreements.clauses.base import Clause, Names, Who, permit, who_cedar, who_says
from sightpact.agreements.clauses.never import NEVER
from sightpact.agreements.clauses.shapes import PARTY, Choice, Many, Table, Text, shaped


@dataclass(frozen=True, kw_only=True)
class NamedPersons(Clause):
    kind: ClassVar[str] = "named_persons"
    at_most_once: ClassVar[bool] = False  # one for each party that keeps a list of its own people
    about: ClassVar[str] = "The confidential annex of named persons, and which party keeps it."

    kept_by: str = shaped(PARTY)

    def render(self, names: Names) -> tuple[str, ...]:
        keeper = names.parties[self.kept_by].called
        return (
            (
                "The persons named under this section stand in a confidential annex, with name and"
                f" position, kept by {keeper}. A person who is removed from it sees nothing more, from that"
                " moment."
            ),
        )

    def explain(self, names: Names) -> str:
        return (
            "Who is not in the annex sees nothing where a section asks for named persons. Removal closes at"
            " once."
        )


@dataclass(frozen=True, kw_only=True)
class RecordsRead(Clause):
    kind: ClassVar[str] = "records_read"
    at_most_once: ClassVar[bool] = False
    about: ClassVar[str] = "Which roles may read the part of the record about their own party's people."

    who: tuple[Who, ...] = shaped(Many(Table(Who)))

    def render(self, names: Names) -> tuple[str, ...]:
        lines = [
            "Each viewing is entered in the record before its first picture is shown: who, of which party,"
            " which camera, under which section. When it ends, the record says when and why. Refusals are"
            " entered too. Each entry is bound to all entries before it, so that a later change shows when"
            " the record is checked."
        ]
        for w in self.who:
            called = names.parties[w.party].called
            lines.append(f"{words.capital(w.says(names))} may read the record about the people of {called}.")
        return (" ".join(lines),)

    def compile(self, names: Names) -> str:
        return "".join(
            permit(self.number, "read_record", who_cedar((w,), names), f'resource == Party::"{w.party}"')
            for w in self.who
        )

    def explain(self, names: Names) -> str:
        return (
            f"Opens no picture. {words.capital(who_says(self.who, names))} can read what their own people"
            " did."
        )

    def whos(self) -> tuple[tuple[str, Who], ...]:
        return tuple((f"who[{i}]", w) for i, w in enumerate(self.who))


LIMITS = {
    "no_copies": (
        (
            "{agencies} cannot record, store, export or forward pictures through Sightpact. Recordings"
            " belong to {owner}."
        ),
        (
            "There is no recording, download or forwarding for another party. A screen can still be filmed;"
            " every picture carries the viewer's name."
        ),
    ),
    "no_recognition": (
        "No software identifies, follows or sorts people by face, body, clothing or voice.",
        "Sightpact has no such function. No agreement can add it.",
    ),
    "no_audio": (
        "Sightpact passes pictures only. It asks no camera for sound, so nobody can listen in.",
        NEVER["audio"],
    ),
    "no_camera_control": (
        "Nobody can turn, tilt or zoom a camera through Sightpact.",
        NEVER["camera_control"],
    ),
}
"""Limits that the product keeps in any case: (sentence, explanation). An agreement states them; none can lift them."""


@dataclass(frozen=True, kw_only=True)
class ProductLimit(Clause):
    kind: ClassVar[str] = "product_limit"
    at_most_once: ClassVar[bool] = False
    about: ClassVar[str] = (
        "States a limit that Sightpact keeps in any case: no copies, no recognition of people, no sound, no camera"
        " control."
    )

    limit: str = shaped(Choice(tuple(LIMITS)))

    def render(self, names: Names) -> tuple[str, ...]:
        sentence = LIMITS[self.limit][0].format(agencies=names.agencies_called, owner=names.owner_called)
        return (words.capital(sentence),)

    def explain(self, names: Names) -> str:
        return LIMITS[self.limit][1]


@dataclass(frozen=True, kw_only=True)
class KeptByPeople(Clause):
    kind: ClassVar[str] = "kept_by_people"
    enforced: ClassVar[bool] = False
    at_most_once: ClassVar[bool] = False
    about: ClassVar[str] = (
        "Counsel's own words. Sightpact shows them and says that people, not software, keep them."
    )

    text: str = shaped(Text(most=6000, paragraphs=True))

    def render(self, names: Names) -> tuple[str, ...]:
        return tuple(self.text.split("\n\n"))

    def explain(self, names: Names) -> str:
        return "Software cannot make this so. The parties keep it, and answer for it."
