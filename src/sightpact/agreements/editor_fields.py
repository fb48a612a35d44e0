"""The form of each kind of clause, made from its JSON schema: the schema with words, units and what a name refers to.

Pure but for the reader's language. The page's components build the form from this alone, so that a new kind of clause
has its form without a line of code.
"""

from __future__ import annotations

from typing import Any

from sightpact.agreements.clauses import KINDS, Clause
from sightpact.agreements.clauses.never import NEVER
from sightpact.agreements.clauses.shapes import EMERGENCY, PARTY, ROLE, WHY_PRIVATE
from sightpact.agreements.clauses.words import AREA_WORDS
from sightpact.agreements.editor_words import (
    UNITS,
    area_title,
    choice_title,
    field_hint,
    field_title,
    kind_title,
)
from sightpact.decide.facts import AREA_KINDS, COMMON_AREA_KINDS, EXTERIOR_AREA_KINDS, PRIVATE_AREA_KINDS

Schema = dict[str, Any]

LETS_IN = frozenset(
    [
        "standing_view",
        "emergency_view",
        "invitation_view",
        "request_view",
        "window_view",
        "who_may_start",
        "who_may_end",
        "named_persons",
        "mutual_aid",
        "drills",
        "redisclosure",
        "after",
    ]
)
"""Kinds that are about another party, so that a house policy has no use for them; `checks` refuses what is wrong."""
LAST = ("kind", "slug", "purpose", "tags", "cameras", "present_only", "hours", "viewers")
"""Stand last in a form, though they come first in the data: what is mostly left out, and names for the machine."""
HOUSE_ONLY = frozenset({"house_view", "house_duties", "places"})


def forms(house: bool) -> list[Schema]:
    """Every kind that a text of this sort can have, in the order of the reference.

    Returns:
        Per kind: kind, title, about, enforced, once, and `schema` with, at each field, `title`, `hint` and `is` (what the
        form shows: text, words, number, choice, flag, areas, picks, day, party, role, school, rows or group).
    """
    return [_form(cls) for cls in KINDS.values() if _fits(cls, house)]


def _fits(cls: type[Clause], house: bool) -> bool:
    return cls.kind not in (LETS_IN if house else HOUSE_ONLY)


def _form(cls: type[Clause]) -> Schema:
    return {
        "kind": cls.kind,
        "title": kind_title(cls.kind),
        "about": cls.about,
        "enforced": cls.enforced,
        "once": cls.at_most_once,
        "hint": field_hint(cls.kind, cls.kind),
        "schema": _annotated(cls.schema(), cls.kind, ""),
    }


def _annotated(schema: Schema, kind: str, path: str) -> Schema:
    """The schema with what a form needs at each place; its own keywords stay."""
    name = path.rsplit(".", 1)[-1]
    found = dict(schema)
    options = schema.get("anyOf")
    if options:  # a value or null
        return {**_annotated(options[0], kind, path), "empty": True}
    found |= {"title": field_title(kind, path), "hint": field_hint(kind, path), "is": _is(schema, name)}
    if schema.get("type") == "object":
        properties = schema["properties"]
        found["properties"] = {
            key: _annotated(properties[key], kind, f"{path}.{key}".strip("."))
            for key in sorted(properties, key=lambda key: key in LAST)  # stable: the rest keeps its order
            if not (path == "" and key == "kind")
        }
    elif schema.get("type") == "array" and found["is"] == "rows":
        found["items"] = _annotated(schema["items"], kind, path)
    elif found["is"] == "choice":
        found["choices"] = [[value, choice_title(name, value)] for value in schema["enum"]]
    elif found["is"] == "picks":
        found["choices"] = [[value, choice_title(name, value)] for value in schema["items"].get("enum", ())]
    elif found["is"] == "number":
        unit = schema.get("description", "")
        found["unit"] = str(UNITS.get(unit, unit))
    return found


def _is(schema: Schema, name: str) -> str:
    """What the form shows at one place."""
    if "enum" in schema:
        return "choice"
    sort = schema.get("type")
    if sort in ("integer", "boolean", "object"):
        return {"integer": "number", "boolean": "flag", "object": "group"}[sort]
    if sort == "array":
        return _list_is(schema["items"], name)
    if schema.get("format") == "date":
        return "day"
    if schema.get("pattern"):
        return _names(schema["pattern"], name)
    return "words" if schema.get("maxLength", 0) > 500 else "text"


def _list_is(items: Schema, name: str) -> str:
    if "enum" in items:
        return "areas" if set(items["enum"]) <= AREA_KINDS else "picks"
    if items.get("type") == "object":
        return "rows"
    return {"role": "roles", "party": "partylist", "school": "schoollist", "emergency": "emergencylist"}.get(
        _names(items.get("pattern", ""), name), "list"
    )


def _names(pattern: str, name: str) -> str:
    """What a short name refers to. A row's own `slug`, and a role's own `role` beside what it is called, are written here."""
    if pattern == PARTY.schema()["pattern"]:
        if name in ("school", "schools"):
            return "school"
        return "text" if name == "slug" else "party"
    if pattern == ROLE.schema()["pattern"] and name in ("role", "roles"):
        return "role"
    if pattern == EMERGENCY.schema()["pattern"] and name == "emergencies":
        return "emergency"
    return "text"


def areas(counts: dict[str, int] | None) -> list[Schema]:
    """The kinds of area in three groups, in the order of sentences.

    Args:
        counts: kind -> cameras that see it; None where the reader gets none.
    """
    groups = (
        ("outside", EXTERIOR_AREA_KINDS),
        ("inside", COMMON_AREA_KINDS),
        ("private", PRIVATE_AREA_KINDS),
    )
    return [
        {
            "group": group,
            "kinds": [
                {"kind": k, "title": area_title(k), "count": None if counts is None else counts.get(k, 0)}
                for k in AREA_WORDS
                if k in kinds
            ],
        }
        for group, kinds in groups
    ]


def never() -> list[str]:
    """What no agreement can have, and why, in the words that a file's author gets."""
    return [WHY_PRIVATE, *NEVER.values()]
