"""Notices that the wall clock stepped against the monotonic one, also between two runs, and says so in the log of the process.

Entries never go back in time whatever the clock does. People are told by `access/alarms.py`.
"""

from __future__ import annotations

import logging
import threading
from datetime import datetime, timedelta

from sightpact.ledger.entries import instant

LIMIT_S = 1.0

_log = logging.getLogger(__name__)
_lock = threading.Lock()
_seen: tuple[datetime, float, float] | None = (
    None  # wall, monotonic time and known disagreement at the last look
)


def measure(now: datetime, monotonic: float, stepped_s: float, last_at: str) -> float:
    """Seconds that the machine's wall clock stepped since the last look in this process; 0.0 when within the limit.

    Args:
        now, monotonic: as `clock` tells them.
        stepped_s: by how much the machine disagrees with the course that `clock` keeps.
        last_at: stamp of the last entry; the first look of a process compares with it: time must not lie behind it.
    """
    global _seen
    with _lock:
        before, _seen = _seen, (now, monotonic, stepped_s)
    if before is not None:
        # A long pause lets the two clocks part by slewing: 500 ppm is the most that NTP slews.
        passed = monotonic - before[1]
        drift = (now - before[0]) / timedelta(seconds=1) - passed + stepped_s - before[2]
        allowed = LIMIT_S + abs(passed) * 0.0005
    else:
        drift = min(0.0, (now - instant(last_at)) / timedelta(seconds=1)) if last_at else 0.0
        allowed = LIMIT_S
    return drift if abs(drift) > allowed else 0.0


def report(seconds: float) -> None:
    _log.warning("the clock stepped by %.2f s", seconds)


def forget() -> None:
    """Begin anew (after the clock itself was exchanged)."""
    global _seen
    _seen = None
