"""The only writers of this slice: emergency sharings (`sharings.py`, `ends.py`), what was asked for (`askings.py`)."""

from __future__ import annotations

from sightpact.activation.actions.aid import call_aid
from sightpact.activation.actions.ends import end, end_due, keep_open, lapse, propose_end, undo
from sightpact.activation.actions.sharings import (
    Started,
    confirm,
    extend,
    join_to,
    start,
    take,
    told,
)
from sightpact.activation.wish import Actor, Start

__all__ = [
    "Actor",
    "Start",
    "Started",
    "call_aid",
    "confirm",
    "end",
    "end_due",
    "extend",
    "join_to",
    "keep_open",
    "lapse",
    "propose_end",
    "start",
    "take",
    "told",
    "undo",
]
