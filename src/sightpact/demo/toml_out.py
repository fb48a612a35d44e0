"""Writes plain tables as TOML: strings, numbers, booleans, lists and inline tables. Python's library only reads TOML."""

from __future__ import annotations

import json
from datetime import date
from typing import Any


def value(thing: Any) -> str:
    """One value; a JSON string is a TOML basic string."""
    if isinstance(thing, bool):
        return "true" if thing else "false"
    if isinstance(thing, date):
        return thing.isoformat()
    if isinstance(thing, int | float):
        return str(thing)
    if isinstance(thing, dict):
        return "{ " + ", ".join(f"{key} = {value(item)}" for key, item in thing.items()) + " }"
    if isinstance(thing, list | tuple):
        return "[" + ", ".join(value(item) for item in thing) + "]"
    return json.dumps(str(thing), ensure_ascii=False)


def tables(name: str, rows: list[dict[str, Any]]) -> str:
    """An array of tables."""
    return "".join(
        f"\n[[{name}]]\n" + "".join(f"{key} = {value(item)}\n" for key, item in row.items()) for row in rows
    )
