"""Shapes of a clause's fields: one declaration gives the strict reading, the writing and the JSON schema.

Reading collects faults and never guesses. What `write` gives, `read` takes back unchanged: the canonical form hangs on it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import MISSING, Field, dataclass, field, fields
from datetime import date
from typing import Any, Protocol

from sightpact.agreements.clauses.never import why_never
from sightpact.agreements.errors import ClauseFault
from sightpact.decide.facts import AREA_KINDS, PRIVATE_AREA_KINDS

SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,48}[a-z0-9])?\Z")
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}\Z")
CAMERA_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,118}[a-z0-9])?\Z")

WHY_PRIVATE = (
    "Classrooms, restrooms, locker rooms, nurse and guidance offices cannot be shared with another party. "
    "That is a fixed limit of Sightpact, in no situation and by no agreement to be lifted."
)


class Shape(Protocol):
    def read(self, raw: Any, path: str, faults: list[ClauseFault]) -> Any: ...
    def write(self, value: Any) -> Any: ...
    def schema(self) -> dict[str, Any]: ...


class Absent:
    """Marks a value that could not be read; a fault was noted."""


ABSENT = Absent()


def shaped(shape: Shape, default: Any = MISSING) -> Any:
    """A dataclass field with its shape. With a default the key may be left out of the file."""
    if default is MISSING:
        return field(metadata={"shape": shape})
    return field(default=default, metadata={"shape": shape})


def added(shape: Shape, default: Any) -> Any:
    """A field that came later: it is not written while it has its default, so that earlier texts keep their hashes."""
    return field(default=default, metadata={"shape": shape, "added": True})


def shapes_of(cls: type) -> list[tuple[Field[Any], Shape]]:
    return [(f, f.metadata["shape"]) for f in fields(cls) if "shape" in f.metadata]


def read_into(cls: type, raw: Any, path: str, faults: list[ClauseFault], ignore: Iterable[str] = ()) -> Any:
    """Build a shaped dataclass from a table, noting every fault; ABSENT when there was one."""
    if not isinstance(raw, dict):
        faults.append(
            ClauseFault(path, "Here should be a table of named values.", "Write key = value pairs.")
        )
        return ABSENT
    before = len(faults)
    known = {f.name: (f, shape) for f, shape in shapes_of(cls)}
    for key in raw:
        if key not in known and key not in ignore:
            near = ", ".join(sorted(known))
            what = f"'{key}' is not known here. {why_never(str(key))}".rstrip()
            faults.append(ClauseFault(f"{path}.{key}", what, f"Known are: {near}."))
    values: dict[str, Any] = {}
    for name, (f, shape) in known.items():
        if name in raw:
            values[name] = shape.read(raw[name], f"{path}.{name}", faults)
        elif f.default is MISSING:
            faults.append(ClauseFault(path, f"'{name}' is missing.", f"Add {name} = ..."))
    return ABSENT if len(faults) > before else cls(**values)


def write_out(value: Any) -> dict[str, Any]:
    found = {}
    for f, shape in shapes_of(type(value)):
        held = getattr(value, f.name)
        if not (f.metadata.get("added") and held == f.default):
            found[f.name] = shape.write(held)
    return found


def schema_of(cls: type) -> dict[str, Any]:
    pairs = shapes_of(cls)
    return {
        "type": "object",
        "properties": {f.name: shape.schema() for f, shape in pairs},
        "required": [f.name for f, _ in pairs if f.default is MISSING],
        "additionalProperties": False,
    }


def _hidden(text: str) -> str | None:
    """Control, direction and invisible characters could make a signed text read differently from what it says."""
    return next((c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Co", "Cs", "Cn")), None)


@dataclass(frozen=True, slots=True)
class Text:
    """Words of one or more paragraphs. White space is made regular, so that a file's line breaks change nothing."""

    most: int = 400
    least: int = 1
    paragraphs: bool = False

    def read(self, raw: Any, path: str, faults: list[ClauseFault]) -> Any:
        if not isinstance(raw, str):
            faults.append(ClauseFault(path, "Here should be words.", 'Write them in quotes: "..."'))
            return ABSENT
        blocks = re.split(r"\n[ \t]*\n", raw) if self.paragraphs else [raw]
        value = "\n\n".join(b for b in (" ".join(block.split()) for block in blocks) if b)
        value = unicodedata.normalize("NFC", value)
        odd = _hidden(value.replace("\n\n", ""))
        if odd is not None:
            faults.append(
                ClauseFault(
                    path, f"It holds an invisible character (U+{ord(odd):04X}).", "Type the words again."
                )
            )
            return ABSENT
        if not self.least <= len(value) <= self.most:
            faults.append(
                ClauseFault(
                    path,
                    f"It has {len(value)} characters.",
                    f"Write between {self.least} and {self.most}.",
                )
            )
            return ABSENT
        return value

    def write(self, value: Any) -> Any:
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "minLength": self.least, "maxLength": self.most}


@dataclass(frozen=True, slots=True)
class Pattern:
    """A short name for machines, such as a party's slug or a role."""

    pattern: re.Pattern[str]
    like: str

    def read(self, raw: Any, path: str, faults: list[ClauseFault]) -> Any:
        if not isinstance(raw, str) or not self.pattern.match(raw):
            faults.append(ClauseFault(path, f"{raw!r} is not a plain name.", f"Write it like {self.like!r}."))
            return ABSENT
        return raw

    def write(self, value: Any) -> Any:
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": "^" + self.pattern.pattern.replace(r"\Z", "$")}


@dataclass(frozen=True, slots=True)
class Whole:
    least: int
    most: int
    unit: str

    def read(self, raw: Any, path: str, faults: list[ClauseFault]) -> Any:
        if isinstance(raw, bool) or not isinstance(raw, int) or not self.least <= raw <= self.most:
            faults.append(
                ClauseFault(
                    path,
                    f"{raw!r} is not possible.",
                    f"Write a whole number of {self.unit} from {self.least} to {self.most}.",
                )
            )
            return ABSENT
        return raw

    def write(self, value: Any) -> Any:
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.least, "maximum": self.most, "description": self.unit}


@dataclass(frozen=True, slots=True)
class Flag:
    def read(self, raw: Any, path: str, faults: list[ClauseFault]) -> Any:
        if not isinstance(raw, bool):
            faults.append(ClauseFault(path, f"{raw!r} is neither yes nor no.", "Write true or false."))
            return ABSENT
        return raw

    def write(self, value: Any) -> Any:
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class Choice:
    options: tuple[str, ...]

    def read(self, raw: Any, path: str, faults: list[ClauseFault]) -> Any:
        if raw not in self.options:
            faults.append(
                ClauseFault(path, f"{raw!r} is not a choice.", f"Choose one of: {', '.join(self.options)}.")
            )
            return ABSENT
        return raw

    def write(self, value: Any) -> Any:
        return value

    def schema(self) -> dict[str, Any]:
        return {"enum": list(self.options)}


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar day; TOML's own date or "2026-07-01"."""

    def read(self, raw: Any, path: str, faults: list[ClauseFault]) -> Any:
        if type(raw) is date:
            return raw
        try:
            if not isinstance(raw, str) or len(raw) != 10:
                raise ValueError
            return date.fromisoformat(raw)
        except ValueError:
            faults.append(
                ClauseFault(path, f"{raw!r} is not a day.", "Write year-month-day, like 2026-07-01.")
            )
            return ABSENT

    def write(self, value: Any) -> Any:
        return None if value is None else value.isoformat()

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date"}


@dataclass(frozen=True, slots=True)
class Optional:
    """A value that may be null in the canonical form and absent in a file."""

    inner: Shape

    def read(self, raw: Any, path: str, faults: list[ClauseFault]) -> Any:
        return None if raw is None else self.inner.read(raw, path, faults)

    def write(self, value: Any) -> Any:
        return None if value is None else self.inner.write(value)

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [self.inner.schema(), {"type": "null"}]}


@dataclass(frozen=True, slots=True)
class AreaKinds:
    """A set of area kinds, sorted. Private kinds only where the owner looks at its own cameras."""

    private_allowed: bool = False

    def read(self, raw: Any, path: str, faults: list[ClauseFault]) -> Any:
        if not isinstance(raw, list | tuple) or not raw or not all(isinstance(k, str) for k in raw):
            faults.append(
                ClauseFault(path, "No kinds of area are named.", 'Write a list: ["hallway", "lobby"].')
            )
            return ABSENT
        before = len(faults)
        for kind in sorted(set(raw)):
            if kind not in AREA_KINDS:
                known = ", ".join(
                    sorted(AREA_KINDS - (frozenset() if self.private_allowed else PRIVATE_AREA_KINDS))
                )
                faults.append(ClauseFault(path, f"'{kind}' is not a kind of area.", f"Known are: {known}."))
            elif kind in PRIVATE_AREA_KINDS and not self.private_allowed:
                faults.append(
                    ClauseFault(
                        path, f"'{kind}' cannot be put in scope. {WHY_PRIVATE}", f"Take '{kind}' out."
                    )
                )
        if len(set(raw)) != len(raw):
            faults.append(ClauseFault(path, "A kind of area is named twice.", "Name each once."))
        return ABSENT if len(faults) > before else tuple(sorted(raw))

    def write(self, value: Any) -> Any:
        return list(value)

    def schema(self) -> dict[str, Any]:
        kinds = AREA_KINDS if self.private_allowed else AREA_KINDS - PRIVATE_AREA_KINDS
        return {"type": "array", "items": {"enum": sorted(kinds)}, "minItems": 1, "uniqueItems": True}


@dataclass(frozen=True, slots=True)
class Many:
    """A list, in the order written. A single table may stand for a list of one."""

    inner: Shape
    least: int = 1
    most: int = 60

    def read(self, raw: Any, path: str, faults: list[ClauseFault]) -> Any:
        items: Sequence[Any] = [raw] if isinstance(raw, dict) else raw
        if not isinstance(items, list | tuple) or not self.least <= len(items) <= self.most:
            faults.append(
                ClauseFault(
                    path, "Here should be a list.", f"Write {self.least} to {self.most} entries: [ ... ]."
                )
            )
            return ABSENT
        values = tuple(self.inner.read(item, f"{path}[{i}]", faults) for i, item in enumerate(items))
        return ABSENT if ABSENT in values else values

    def write(self, value: Any) -> Any:
        return [self.inner.write(item) for item in value]

    def schema(self) -> dict[str, Any]:
        return {
            "type": "array",
            "items": self.inner.schema(),
            "minItems": self.least,
            "maxItems": self.most,
        }


@dataclass(frozen=True, slots=True)
class Table:
    """A table that is itself a shaped dataclass."""

    cls: type

    def read(self, raw: Any, path: str, faults: list[ClauseFault]) -> Any:
        return read_into(self.cls, raw, path, faults)

    def write(self, value: Any) -> Any:
        return write_out(value)

    def schema(self) -> dict[str, Any]:
        return schema_of(self.cls)


PARTY = Pattern(SLUG, "lakeview-pd")
SCHOOL = Pattern(SLUG, "lakeview-high")
TAG = Pattern(re.compile(r"[a-z0-9][a-z0-9_-]{0,39}\Z"), "west-wing")
CAMERA = Pattern(CAMERA_SLUG, "lakeview-high-door-1")
ROLE = Pattern(NAME, "dispatcher")
EMERGENCY = Pattern(NAME, "armed_person")
