"""Checks that other parts answer for: alarm paths, channels on which people are told, drills owed."""

from __future__ import annotations

from datetime import datetime

from sightpact.access.facts import Snapshot
from sightpact.access.ready.checks import Check


def shared(
    snapshot: Snapshot,
    owner: str,
    takers: dict[str, list[str]],
    starters: dict[str, list[str]],
    now: datetime,
) -> tuple[Check, ...]:
    """What all schools share."""
    return ()


def of_school(snapshot: Snapshot, school: str) -> tuple[Check, ...]:
    """What concerns one school."""
    return ()
