"""What every clause is, who "who" is, and the names that sentences and policies are made with.

Pure. A clause never looks at a database: what it needs to know stands in the document, which is what is signed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from sightpact.agreements.clauses import words
from sightpact.agreements.clauses.shapes import (
    PARTY,
    ROLE,
    Flag,
    Many,
    Pattern,
    Text,
    schema_of,
    shaped,
    write_out,
)

NUMBER = Pattern(re.compile(r"[A-Z]?[0-9]{1,3}(?:\.[0-9]{1,3}){0,2}\Z"), "3.2")


@dataclass(frozen=True, slots=True)
class PartyName:
    """A party as the text calls it."""

    slug: str
    name: str  # "Lakeview Unified School District"
    called: str  # "the District"
    roles: Mapping[str, str]  # role -> plural as the text says it: {"dispatcher": "dispatchers"}


@dataclass(frozen=True, slots=True)
class Names:
    """What the document says about itself; handed to `render`, `compile` and `explain`."""

    agreement: str  # slug
    owner: str  # party slug
    parties: Mapping[str, PartyName]
    schools: tuple[str, ...] | None  # covered school slugs; None: every school of the owner
    annex: str  # number of the first clause that names persons; "" when there is none
    extend_minutes: int
    school_names: Mapping[str, str] = field(default_factory=dict)  # covered school slug -> name
    emergency_labels: Mapping[str, str] = field(default_factory=dict)  # kind -> what stands on the switch
    annexes: Mapping[str, str] = field(default_factory=dict)  # party that keeps one -> number of its clause
    exhibit: str = ""  # number of the clause that lists cameras; "" when there is none
    zone: str = ""  # of the term: "America/New_York"

    @property
    def owner_called(self) -> str:
        return self.parties[self.owner].called

    @property
    def agencies_called(self) -> str:
        return (
            words.listed([p.called for p in self.parties.values() if p.slug != self.owner])
            or self.owner_called
        )


@dataclass(frozen=True, kw_only=True)
class Who:
    """Some people of one party: all of certain roles, all that the annex names, or those of both."""

    party: str = shaped(PARTY)
    roles: tuple[str, ...] = shaped(Many(ROLE, least=0), default=())
    named_only: bool = shaped(Flag(), default=False)

    def says(self, names: Names) -> str:
        """For a sentence: "persons named under section 4.1 who are dispatchers of the Department"."""
        party = names.parties[self.party]
        people = words.listed([party.roles[role] for role in self.roles], "and")
        if not self.named_only:
            return f"{people} of {party.called}" if people else f"people of {party.called}"
        section = names.annexes.get(self.party, names.annex)
        named = f"persons of {party.called} named under section {section}"
        return (
            f"{named} who are {words.listed([party.roles[r] for r in self.roles], 'or')}" if people else named
        )

    def cedar(self, names: Names) -> str:
        """The same as a Cedar condition on the principal."""
        if self.roles:
            held = ", ".join(f'Role::"{self.party}/{role}"' for role in self.roles)
            test = f"principal in [{held}]"
        else:
            test = f'principal in Party::"{self.party}"'
        return f'(principal in Annex::"{names.agreement}" && {test})' if self.named_only else test

    def holds(self, roles: frozenset[tuple[str, str]], named: bool) -> bool:
        """Whether a person with these (party slug, role) pairs is meant. For menus; what counts is Cedar."""
        at_party = {role for party, role in roles if party == self.party}
        return bool(at_party & set(self.roles) if self.roles else at_party) and (named or not self.named_only)


def who_says(who: tuple[Who, ...], names: Names) -> str:
    return words.listed([w.says(names) for w in who])


def who_cedar(who: tuple[Who, ...], names: Names) -> str:
    tests = [w.cedar(names) for w in who]
    return tests[0] if len(tests) == 1 else f"({' || '.join(tests)})"


@dataclass(frozen=True, kw_only=True)
class Clause:
    """One numbered part. A kind is a subclass: its shaped fields, its sentence, its rule, what it opens or closes."""

    kind: ClassVar[str] = ""
    enforced: ClassVar[bool] = True
    at_most_once: ClassVar[bool] = True
    acts: ClassVar[
        tuple[str, ...]
    ] = ()  # of decide.cedar_schema.FURTHER: actions that only such a section defines
    about: ClassVar[str] = ""  # one line for docs/reference/clauses.md

    number: str = shaped(NUMBER)
    heading: str = shaped(Text(most=120))

    def render(self, names: Names) -> tuple[str, ...]:
        """The clause's sentences, one string a paragraph; a line "(a) ..." is an item of a list."""
        raise NotImplementedError

    def compile(self, names: Names) -> str:
        """Its Cedar policies, each with @id(number); "" when it permits nothing itself."""
        return ""

    def explain(self, names: Names) -> str:
        """What it opens or closes, in plain words, for the margin."""
        raise NotImplementedError

    def whos(self) -> tuple[tuple[str, Who], ...]:
        """Every Who in it, with the name of its field, for checks."""
        return ()

    def data(self) -> dict[str, Any]:
        return {"kind": self.kind, **write_out(self)}

    @classmethod
    def schema(cls) -> dict[str, Any]:
        body = schema_of(cls)
        body["properties"] = {"kind": {"const": cls.kind}, **body["properties"]}
        body["required"] = ["kind", *body["required"]]
        return body


def permit(number: str, action: str, *conditions: str) -> str:
    """One Cedar policy that permits an action when all conditions hold."""
    body = "\n  && ".join(c for c in conditions if c)
    return (
        f'@id("{number}")\npermit (principal, action == Action::"{action}", resource)\nwhen {{\n '
        f" {body}\n}};\n"
    )


def covered_camera(names: Names) -> str:
    """Cedar: the camera is the owner's, at a covered school."""
    owner = f'resource.owner == Party::"{names.owner}"'
    if names.schools is None:
        return f'{owner} && resource.school.owner == Party::"{names.owner}"'
    schools = ", ".join(f'School::"{s}"' for s in names.schools)
    return f"{owner} && [{schools}].contains(resource.school)"


def covered_school(names: Names) -> str:
    """Cedar: the school is the owner's, and covered."""
    owner = f'resource.owner == Party::"{names.owner}"'
    if names.schools is None:
        return owner
    schools = ", ".join(f'School::"{s}"' for s in names.schools)
    return f"{owner} && resource in [{schools}]"


def sees_only(kinds: tuple[str, ...]) -> str:
    """Cedar: every area that the camera sees is of these kinds. An empty set would pass, hence `classified`."""
    listed = ", ".join(f'"{k}"' for k in kinds)
    return f"resource.classified && [{listed}].containsAll(resource.area_kinds)"
