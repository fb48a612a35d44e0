"""One check of readiness, and what a school's checks say together. Pure.

A score is the share of checks that are well, as a count: never a number that somebody made up.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

WELL, SOON, FAILS = "well", "soon", "fails"
"""It works; it works and somebody should look; it would fail now, or nobody knows."""
_ORDER = {FAILS: 0, SOON: 1, WELL: 2}


@dataclass(frozen=True, slots=True)
class Check:
    slug: str  # cameras, starters, consoles ...
    name: str  # as people say it
    state: str
    text: str  # how it is, in one sentence
    remedy: str = ""  # what to do; empty when well
    path: str = ""  # page on which it is done
    since_utc: datetime | None = None  # since when it is so; None: not known, it is the first look
    detail: str = ""  # for those who manage cameras: addresses, protocol facts


@dataclass(frozen=True, slots=True)
class Ready:
    """A school, or (with an empty id) what all schools of the owner share."""

    id: str
    name: str
    checks: tuple[Check, ...]

    @property
    def well(self) -> int:
        return sum(check.state == WELL for check in self.checks)

    @property
    def state(self) -> str:
        """The worst of them."""
        return min((check.state for check in self.checks), key=_ORDER.__getitem__, default=WELL)

    @property
    def failing(self) -> tuple[Check, ...]:
        return tuple(check for check in self.checks if check.state == FAILS)


@dataclass(frozen=True, slots=True)
class Report:
    owner: str
    owner_name: str
    zone: str
    at: datetime
    shared: Ready
    schools: tuple[Ready, ...]
    looked_utc: datetime | None  # when cameras were last asked for a frame

    @property
    def all(self) -> tuple[Ready, ...]:
        return (self.shared, *self.schools)

    @property
    def state(self) -> str:
        return min((each.state for each in self.all), key=_ORDER.__getitem__)

    def score(self, school: Ready) -> tuple[int, int]:
        """How many of a school's checks are well, and of how many: its own and those that all schools share."""
        return school.well + self.shared.well, len(school.checks) + len(self.shared.checks)


def worst_first(checks: tuple[Check, ...]) -> tuple[Check, ...]:
    return tuple(sorted(checks, key=lambda check: _ORDER[check.state]))


def since(check: Check, known: dict[str, tuple[str, datetime]], key: str) -> Check:
    """The check, with the time since when it is as it is: stored, when the state is still the stored one."""
    state, at = known.get(key, ("", None))
    return replace(check, since_utc=at if state == check.state else None)
