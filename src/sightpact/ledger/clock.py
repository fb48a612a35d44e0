"""The one place that reads the clock. Everything else is given the time or asks here.

Never: `datetime.now` or `time.time` in another module (a house-rule test looks for them).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    stepped_s: float

    def now(self) -> datetime:
        """Wall time, aware UTC. The law: deadlines are compared with it."""

    def monotonic(self) -> float:
        """Seconds that never step back: timers are armed on it."""


class SystemClock:
    """Wall time that nobody can move by more than a second while the process runs.

    It follows the machine's wall clock while that keeps step with the boot-time clock (which counts sleep as well).
    When the wall clock jumps by more than STEP_S, the old course is kept, so that deadlines hold, and `stepped_s` says by
    how much the machine disagrees, for an alarm. A restart accepts the machine's time again, but never behind the last
    ledger entry (`ledger/actions.py` sees to that).
    """

    STEP_S = 1.0

    def __init__(
        self,
        wall: Callable[[], float] = time.time,
        steady: Callable[[], float] = lambda: time.clock_gettime(time.CLOCK_BOOTTIME),
    ) -> None:
        self._wall, self._steady = wall, steady
        self._anchor = (wall(), steady())
        self.stepped_s = 0.0  # seconds that the machine's clock is ahead (+) or behind (-) of the course kept

    def now(self) -> datetime:
        wall, steady = self._wall(), self._steady()
        kept = self._anchor[0] + (steady - self._anchor[1])
        if abs(wall - kept) <= self.STEP_S:
            self._anchor, self.stepped_s = (wall, steady), 0.0
            return datetime.fromtimestamp(wall, UTC)
        self.stepped_s = wall - kept
        return datetime.fromtimestamp(kept, UTC)

    def monotonic(self) -> float:
        return self._steady()

    def not_before(self, moment: datetime) -> None:
        """Begin at `moment` if the machine's clock is behind it: time never runs behind the last ledger entry."""
        if self._wall() < moment.timestamp():
            self._anchor = (moment.timestamp(), self._steady())


class SimulatedClock:
    """A clock that moves only when told. `step` moves wall time alone, as an operator or NTP would."""

    def __init__(self, start: datetime) -> None:
        self._now, self._monotonic = start, 1000.0
        self.stepped_s = 0.0

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._monotonic

    def advance(self, seconds: float) -> None:
        self._now = datetime.fromtimestamp(self._now.timestamp() + seconds, UTC)
        self._monotonic += seconds

    def step(self, seconds: float) -> None:
        """Move the time that is told, as nothing in a running product can."""
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


def not_before(moment: datetime) -> None:
    """At start: the last ledger entry's time, behind which this process's time must not lie."""
    if isinstance(_clock, SystemClock):
        _clock.not_before(moment)


def stepped_s() -> float:
    """By how many seconds the machine's clock was moved under us; 0.0 when it was not."""
    return _clock.stepped_s
