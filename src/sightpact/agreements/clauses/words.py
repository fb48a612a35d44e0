"""English for lists, minutes, days and area kinds. Signed texts are made of it: a change here changes their hashes.

Whoever changes a word keeps the old way for schema version 1 (see docs/design/0004-agreements.md, golden tests).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sightpact.decide.facts import EXTERIOR_AREA_KINDS

AREA_WORDS = {
    "exterior": "the outside of buildings",
    "entrance_outside": "the outside of entrances",
    "parking": "parking areas",
    "field": "playing fields",
    "bus_loop": "bus loops",
    "lobby": "lobbies",
    "hallway": "hallways",
    "stairwell": "stairwells",
    "cafeteria": "cafeterias",
    "gymnasium": "gymnasiums",
    "library": "libraries",
    "auditorium": "auditoriums",
    "office": "front offices",
    "classroom": "classrooms",
    "restroom": "restrooms",
    "locker_room": "locker rooms",
    "nurse": "nurse's rooms",
    "guidance": "guidance offices",
}
"""Each area kind in the plural, in the order in which a sentence lists them."""

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def listed(words: Sequence[str], joiner: str = "and") -> str:
    """("a", "b", "c") -> "a, b and c"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {joiner} {words[-1]}"


def areas(kinds: Iterable[str]) -> str:
    """Area kinds as a phrase, in one fixed order."""
    wanted = set(kinds)
    return listed([word for kind, word in AREA_WORDS.items() if kind in wanted])


def outside_only(kinds: Iterable[str]) -> bool:
    return set(kinds) <= EXTERIOR_AREA_KINDS


def minutes(count: int) -> str:
    if count % 60 == 0 and count >= 120:
        return f"{count // 60} hours"
    return "1 minute" if count == 1 else f"{count} minutes"


def seconds(count: int) -> str:
    return "1 second" if count == 1 else f"{count} seconds"


def day(value: date) -> str:
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def letter(index: int) -> str:
    """0 -> "a", 26 -> "aa"."""
    head, last = divmod(index, 26)
    return (letter(head - 1) if head else "") + "abcdefghijklmnopqrstuvwxyz"[last]
