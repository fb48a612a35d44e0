"""UTC as the edge stamps pictures with it: the machine's wall clock, as long as nobody moves it by more than a second.

Then the old course is kept, as records does (`ledger/clock.py`), so that no picture looks an hour old. When a picture must
end is not judged by it: for that the gate tells its own time.
"""

from __future__ import annotations

import time

STEP_S = 1.0
_anchor = (time.time(), time.monotonic())


def _now() -> float:
    global _anchor
    wall, steady = time.time(), time.monotonic()
    kept = _anchor[0] + (steady - _anchor[1])
    if abs(wall - kept) > STEP_S:
        return kept
    _anchor = (wall, steady)
    return wall


def now_ms() -> int:
    """UTC milliseconds."""
    return int(_now() * 1000)


def us_at(monotonic: float) -> int:
    """UTC microseconds of a moment on the monotonic clock."""
    return int((_now() - (time.monotonic() - monotonic)) * 1e6)


def ms_of(wall: float | None) -> int:
    """UTC milliseconds of a moment on the machine's wall clock (None: now)."""
    return now_ms() if not wall else int((_now() + wall - time.time()) * 1000)
