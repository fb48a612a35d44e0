"""When a page that heard news may ask for the whole state: at once while few do, one after the other while many do.

The gate shares this process: pages that ask may use up to half of its time, so that pictures, takes and stops go on.
"""

from __future__ import annotations

import threading

from sightpact.ledger import clock

SHARE = 0.5  # of the time, for answers to news
FEW = 16  # open pages: so many may always ask at once
AT_ONCE_S = 0.25  # so many seconds of answers may be asked for in one go
FIRST_GUESS_S = 0.02  # how long an answer takes, before one was measured
WEIGHT = 0.1  # of a new measurement


class Pace:
    """A leaky bucket of seconds. Turns are given on one event loop; times are noted from any thread."""

    def __init__(self) -> None:
        self.took_s = FIRST_GUESS_S
        # monotonic: when the answers that were given a turn are done, at this pace; of those in front, and of all
        self._busy_until = {True: 0.0, False: 0.0}
        self._lock = threading.Lock()

    def note(self, took_s: float) -> None:
        """How long an answer took to work out, in seconds."""
        self.took_s += WEIGHT * (min(took_s, 1.0) - self.took_s)

    def turn(self, due: float, pages: int, front: bool = False) -> float:
        """When (monotonic) a page asks that has news now.

        Args:
            due: its turn so far; one that still lies ahead is kept, since what it then gets holds all news until then.
            pages: how many are open.
            front: it may take an incident that nobody has taken: it waits for its like alone, and the others for all.
        """
        now = clock.monotonic()
        if due > now:
            return due
        if pages <= FEW:
            return now
        with self._lock:
            ahead = max(0.0, self._busy_until[front] - now)
            for line in {front, False}:
                self._busy_until[line] = max(now, self._busy_until[line]) + self.took_s / SHARE
            return now + max(0.0, ahead - AT_ONCE_S / SHARE)


pace = Pace()
"""This process's."""
