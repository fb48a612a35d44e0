"""Whose turn it is to write. SQLite lets one write at a time and has the others sleep, up to a tenth of a second each try,
without order; in a storm of starts they then sleep while nobody writes.

Here the writers of one process stand in line: whose patience ends first goes first, so that a press of the switch (which
waits a second, then goes to the reserved journal) goes before what can wait. Other processes still meet at SQLite's own lock.
"""

from __future__ import annotations

import heapq
import itertools
import threading

from sightpact.ledger import clock


class Turn:
    """One for each database file. Taken by one thread, given back by whichever thread ends that transaction."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken = False
        self._waiting: list[
            tuple[float, int, threading.Event]
        ] = []  # by when patience ends (monotonic), then in order
        self._numbers = itertools.count()

    def take(self, patience_s: float) -> bool:
        """Wait for the turn. False: it did not come within so many seconds."""
        with self._lock:
            if not self._taken:
                self._taken = True
                return True
            mine = (clock.monotonic() + patience_s, next(self._numbers), threading.Event())
            heapq.heappush(self._waiting, mine)
        mine[2].wait(patience_s)
        with self._lock:
            if mine[2].is_set():
                return True
            self._waiting.remove(mine)
            heapq.heapify(self._waiting)
            return False

    def give(self) -> None:
        """The transaction is over: the next one's turn."""
        with self._lock:
            if self._waiting:
                heapq.heappop(self._waiting)[2].set()
            else:
                self._taken = False
