"""How much one person may ask for in a while: papers to be made, scans to be kept. Pure; time is an argument."""

from __future__ import annotations

import threading
from collections import deque

AT_ONCE, WITHIN_S = 12, 60.0


class Pace:
    """Counts what each person asked for in the last minute. Safe for several threads."""

    def __init__(self, at_once: int = AT_ONCE, within_s: float = WITHIN_S) -> None:
        self._at_once, self._within_s = at_once, within_s
        self._asked: dict[str, deque[float]] = {}
        self._lock = threading.Lock()

    def may(self, person: str, now: float) -> bool:
        """Count one paper for a person; False, and nothing counted, when there were too many.

        Args:
            now: monotonic seconds.
        """
        with self._lock:
            for key in [k for k, times in self._asked.items() if times[-1] <= now - self._within_s]:
                del self._asked[key]
            times = self._asked.setdefault(person, deque())
            while times and times[0] <= now - self._within_s:
                times.popleft()
            if len(times) >= self._at_once:
                return False
            times.append(now)
            return True
