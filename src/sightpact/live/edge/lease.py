"""Lease arithmetic. Pure: every time is an argument.

A lease is good or it is over; once over it never comes back (the viewer has to be admitted anew). No code in
the edge writes a fragment without asking `good` first.
"""

from __future__ import annotations

import math


class Lease:
    """A permission to show one stream, kept alive by the gate's beats.

    Args:
        lease_ms: what each beat gives, counted from the moment the beat arrived.
        now: monotonic seconds at which the lease arrived.
        until_utc_ms: never shown past this wall-clock time; None when the basis has no end of its own.
        now_utc_ms: the wall clock at `now`.
    """

    __slots__ = ("_lease_s", "_until_utc_ms", "cap", "good_until", "renewed_at")

    def __init__(self, lease_ms: int, now: float, until_utc_ms: int | None, now_utc_ms: float) -> None:
        self._lease_s = max(0, lease_ms) / 1000
        self._until_utc_ms = until_utc_ms
        self.cap = math.inf  # monotonic seconds that stand for `until_utc_ms`
        self._tighten(now, now_utc_ms)
        self.renewed_at = now  # when the lease, or the last beat that counted, arrived
        self.good_until = min(now + self._lease_s, self.cap)

    def good(self, now: float) -> bool:
        """May a fragment leave at `now` (monotonic seconds)?"""
        return now < self.good_until

    def extend(self, now: float, now_utc_ms: float) -> bool:
        """A beat that lists this stream arrived. Returns False, and changes nothing, when the lease was over
        before."""
        if not now < self.good_until:
            return False
        self._tighten(now, now_utc_ms)
        self.renewed_at = now
        self.good_until = min(now + self._lease_s, self.cap)
        return now < self.good_until

    def move(self, until_utc_ms: int | None, now: float, now_utc_ms: float) -> bool:
        """The gate says that its basis ends at another time. Returns False, and changes nothing, when it was over before; the
        next beat gives what is then possible."""
        if not now < self.good_until:
            return False
        self._until_utc_ms, self.cap = until_utc_ms, math.inf
        self._tighten(now, now_utc_ms)
        self.good_until = min(self.renewed_at + self._lease_s, self.cap)
        return now < self.good_until

    def left_ms(self, now: float) -> int:
        """How long a player may still show the picture by its own clock."""
        return max(0, int((self.good_until - now) * 1000))

    def capped(self, now: float) -> bool:
        """Whether it is (or was) the basis's own end that ends this lease, and not a missing beat."""
        return self.good_until == self.cap and now >= self.cap

    def _tighten(self, now: float, now_utc_ms: float) -> None:
        """The end on the monotonic clock. Only ever earlier, unless the gate moves it: a wall clock set back must not lengthen
        anything."""
        if self._until_utc_ms is not None:
            self.cap = min(self.cap, now + (self._until_utc_ms - now_utc_ms) / 1000)
