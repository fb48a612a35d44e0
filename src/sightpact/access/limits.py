"""How much one person may ask for: so that nobody can flood the record or take every seat. Pure; time is an argument."""

from __future__ import annotations

from dataclasses import dataclass, field

SOCKETS = 64  # viewer sockets of one person at once: a dispatch room may share a sign-in
TICKETS = 64  # not yet redeemed, of one person
CAMERAS_AT_ONCE = 2048.0  # asked for by one person: a whole room opening its walls
CAMERAS_PER_S = 64.0  # then swaps
REFUSALS_AT_ONCE, REFUSALS_PER_S = 512.0, 2.0  # each is an entry in the record


@dataclass(slots=True)
class Bucket:
    """What is left; it fills with time."""

    left: float
    at: float  # monotonic seconds


@dataclass(slots=True)
class Allowance:
    """Per person: cameras asked for, and refusals that were written."""

    at_once: float
    per_s: float
    _buckets: dict[str, Bucket] = field(default_factory=dict)

    def take(self, person: str, count: int, now: float) -> bool:
        """Take `count` from what the person has left; False (and nothing taken) when that is not enough."""
        bucket = self._buckets.get(person) or Bucket(self.at_once, now)
        bucket.left = min(self.at_once, bucket.left + (now - bucket.at) * self.per_s)
        bucket.at = now
        self._buckets[person] = bucket
        if bucket.left < count:
            return False
        bucket.left -= count
        return True
