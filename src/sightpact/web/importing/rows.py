"""The tables of an import file and the shape of each key. docs/reference/import-file.md says the same in words.

Reading collects faults and never guesses; unknown keys are faults.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import available_timezones

from sightpact.agreements.clauses.shapes import (
    ABSENT,
    PARTY,
    ROLE,
    SCHOOL,
    Choice,
    Day,
    Flag,
    Many,
    Optional,
    Pattern,
    Table,
    Text,
    Whole,
    shaped,
)
from sightpact.agreements.errors import ClauseFault
from sightpact.decide.facts import AREA_KINDS
from sightpact.people import phone

PERSON = Pattern(PARTY.pattern, "omar")
PLACE = Pattern(re.compile(r"[a-z0-9](?:[a-z0-9-]{0,118}[a-z0-9])?\Z"), "high-hallway-1")
TAG = Pattern(re.compile(r"[a-z0-9][a-z0-9_-]{0,39}\Z"), "west-wing")
MAIL = Pattern(re.compile(r"[^\s@]{1,64}@[^\s@]{1,189}\Z"), "omar@pd.lakeview.example")


@dataclass(frozen=True, slots=True)
class Raw:
    """Text kept exactly as written (a password, a key). A fault never shows it."""

    most: int

    def read(self, raw: Any, path: str, faults: list[ClauseFault]) -> Any:
        if isinstance(raw, str) and len(raw) <= self.most and "\0" not in raw:
            return raw
        faults.append(
            ClauseFault(path, "This is not usable text.", f"Write at most {self.most} characters in quotes.")
        )
        return ABSENT

    def write(self, value: Any) -> Any:
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "maxLength": self.most}


@dataclass(frozen=True, slots=True)
class Zone:
    """A time zone by its IANA name."""

    def read(self, raw: Any, path: str, faults: list[ClauseFault]) -> Any:
        if isinstance(raw, str) and raw in available_timezones():
            return raw
        faults.append(ClauseFault(path, f"{raw!r} is not a time zone.", "Write it like America/Chicago."))
        return ABSENT

    def write(self, value: Any) -> Any:
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "string"}


@dataclass(frozen=True, slots=True)
class Envelope:
    """A DSSE envelope as `sightpact agreement sign` writes it: a table, or its JSON in quotes."""

    def read(self, raw: Any, path: str, faults: list[ClauseFault]) -> Any:
        try:
            found = json.loads(raw) if isinstance(raw, str) else raw
        except (ValueError, RecursionError):
            found = None
        if isinstance(found, dict):
            return found
        faults.append(
            ClauseFault(path, "This is not a signature.", "Paste what `sightpact agreement sign` wrote.")
        )
        return ABSENT

    def write(self, value: Any) -> Any:
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": ["object", "string"]}


@dataclass(frozen=True, slots=True)
class Phone:
    """A telephone number that a gateway can call: with its country's code."""

    def read(self, raw: Any, path: str, faults: list[ClauseFault]) -> Any:
        if isinstance(raw, str) and len(raw) <= 40:
            why = phone.fault(raw)
            if not why:
                return raw.strip()
            says, _dot, remedy = why.partition(". ")
            faults.append(ClauseFault(path, f"{says}.", remedy))
        else:
            faults.append(
                ClauseFault(path, "This is not a telephone number.", "Write it like +1 312 555 0142.")
            )
        return ABSENT

    def write(self, value: Any) -> Any:
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "maxLength": 40}


_TEXT = Text(most=200, least=0)


@dataclass(frozen=True, kw_only=True)
class PartyRow:
    slug: str = shaped(PARTY)
    name: str = shaped(Text(most=200))
    short_name: str = shaped(Text(most=60))
    kind: str = shaped(Choice(("owner", "agency")))
    phone: str = shaped(Phone(), default="")
    zone: str = shaped(Zone(), default="UTC")


@dataclass(frozen=True, kw_only=True)
class RoleRow:
    party: str = shaped(PARTY)
    role: str = shaped(ROLE)
    title: str = shaped(Text(most=120, least=0), default="")
    school: str | None = shaped(Optional(SCHOOL), default=None)


@dataclass(frozen=True, kw_only=True)
class PersonRow:
    slug: str = shaped(PERSON)
    name: str = shaped(Text(most=200))
    email: str = shaped(Optional(MAIL), default=None)
    phone: str = shaped(Phone(), default="")
    roles: tuple[RoleRow, ...] = shaped(Many(Table(RoleRow), least=0, most=20))
    active: bool | None = shaped(Flag(), default=None)


@dataclass(frozen=True, kw_only=True)
class SchoolRow:
    slug: str = shaped(SCHOOL)
    owner: str = shaped(PARTY)
    name: str = shaped(Text(most=120))
    address: str = shaped(_TEXT, default="")
    zone: str = shaped(Zone())
    order: int | None = shaped(Whole(0, 10_000, "places"), default=None)


@dataclass(frozen=True, kw_only=True)
class AreaRow:
    slug: str = shaped(PLACE)
    school: str = shaped(SCHOOL)
    kind: str = shaped(Choice(tuple(sorted(AREA_KINDS))))
    name: str = shaped(Text(most=120))
    floor: int = shaped(Whole(-20, 100, "floors"), default=1)


@dataclass(frozen=True, kw_only=True)
class CameraRow:
    slug: str = shaped(PLACE)
    school: str = shaped(SCHOOL)
    areas: tuple[str, ...] = shaped(Many(PLACE, least=0, most=40))
    name: str = shaped(Text(most=120))
    place: str = shaped(Text(most=120, least=0), default="")
    address: str = shaped(Raw(2000))
    username: str | None = field(default=None, repr=False, metadata={"shape": Raw(200)})
    password: str | None = field(default=None, repr=False, metadata={"shape": Raw(200)})
    tags: tuple[str, ...] = shaped(Many(TAG, least=0, most=20), default=())
    in_service: bool | None = shaped(Flag(), default=None)
    standby: bool = shaped(Flag(), default=False)
    drill_source: bool = shaped(Flag(), default=False)
    order: int | None = shaped(Whole(0, 10_000, "places"), default=None)


@dataclass(frozen=True, kw_only=True)
class KeyRow:
    party: str = shaped(PARTY)
    holder: str = shaped(Text(most=200))
    public_pem: str = shaped(Raw(2000))
    vouched: dict[str, Any] | None = field(default=None, metadata={"shape": Optional(Envelope())})


@dataclass(frozen=True, kw_only=True)
class NamedRow:
    person: str = shaped(PERSON)
    position: str = shaped(Text(most=120))


@dataclass(frozen=True, kw_only=True)
class AdoptionRow:
    body: str = shaped(Text(most=200))
    on: date = field(metadata={"shape": Day()})
    vote: str = shaped(Text(most=60, least=0), default="")
    resolution: str = shaped(Text(most=60, least=0), default="")
    minutes_url: str = shaped(Text(most=500, least=0), default="")
    canonical_hash: str = shaped(
        Optional(Pattern(re.compile(r"[0-9a-f]{64}\Z"), "64 hex digits")), default=""
    )


@dataclass(frozen=True, kw_only=True)
class SignatureRow:
    party: str = shaped(PARTY)
    envelope: dict[str, Any] = field(metadata={"shape": Envelope()})


TABLES: dict[str, type] = {
    "parties": PartyRow,
    "persons": PersonRow,
    "schools": SchoolRow,
    "areas": AreaRow,
    "cameras": CameraRow,
    "signing_keys": KeyRow,
}
OF_AGREEMENT: dict[str, type] = {"named": NamedRow, "adoptions": AdoptionRow, "signatures": SignatureRow}
MOST_ROWS = 5000
