"""The only writers of this slice: emergency sharings (`sharings.py`) and what was asked for and allowed (`askings.py`)."""

from __future__ import annotations

from sightpact.activation.actions.aid import call_aid
from sightpact.activation.actions.sharings import (
    Actor,
    Start,
    Started,
    end,
    end_due,
    keep_open,
    propose_end,
    start,
    take,
    told,
)

__all__ = [
    "Actor",
    "Start",
    "Started",
    "call_aid",
    "end",
    "end_due",
    "keep_open",
    "propose_end",
    "start",
    "take",
    "told",
]
