"""The one place that reads the clock. Everything else is given the time or asks here.

Never: `datetime.now` or `time.time` in another module (a house-rule test looks for them).
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """Wall time, aware UTC. The law: deadlines are compared with it."""

    def monotonic(self) -> float:
        """Seconds that never step back: timers are armed on it."""


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()


class SimulatedClock:
    """A clock that moves only when told. `step` moves wall time alone, as an operator or NTP would."""

    def __init__(self, start: datetime) -> None:
        self._now, self._monotonic = start, 1000.0

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._monotonic

    def advance(self, seconds: float) -> None:
        self._now = datetime.fromtimestamp(self._now.timestamp() + seconds, UTC)
        self._monotonic += seconds

    def step(self, seconds: float) -> None:
        self._now = datetime.fromtimestamp(self._now.timestamp() + seconds, UTC)


_clock: Clock = SystemClock()


def use(clock: Clock) -> Clock:
    """Replace the process's clock (tests, replay). Returns the one before, to be put back."""
    global _clock
    before, _clock = _clock, clock
    return before


def now() -> datetime:
    return _clock.now()


def monotonic() -> float:
    return _clock.monotonic()
