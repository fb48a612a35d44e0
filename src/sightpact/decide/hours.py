"""Hours of the day in which a section counts: from the clock to the boolean that Cedar is told, and when that ends.

Pure. Local times are taken in the agreement's zone, so that a change to summer time moves neither school nor law.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Hours:
    """Local times on days of the week. `closes` not after `opens`: on the next day."""

    name: str  # context boolean: hours_3_1
    clause: str  # "3.1"
    zone: str  # "America/New_York"
    opens: time
    closes: time
    days: frozenset[int]  # 0 is Monday: the day on which it opens

    def open_until(self, now: datetime) -> datetime | None:
        """The instant (aware UTC) at which the hours that run now end; None when none run.

        Args:
            now: aware UTC.
        """
        ends = [end for begin, end in self._spans(now) if begin <= now < end]
        return max(ends, default=None)

    def turns(self, now: datetime) -> datetime | None:
        """The next instant (aware UTC) at which they begin or end; None when no day is named."""
        return min((edge for span in self._spans(now) for edge in span if edge > now), default=None)

    def _spans(self, now: datetime) -> Iterable[tuple[datetime, datetime]]:
        """The spans of yesterday, today and the coming week, as instants."""
        zone = ZoneInfo(self.zone)
        today = now.astimezone(zone).date()
        for offset in range(-1, 9):
            day = today + timedelta(days=offset)
            if day.weekday() in self.days:
                last = day if self.closes > self.opens else day + timedelta(days=1)
                begin = datetime.combine(day, self.opens, zone).astimezone(UTC)
                yield begin, datetime.combine(last, self.closes, zone).astimezone(UTC)
