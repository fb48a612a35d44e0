"""What a start is made of, and who acts, as the record says it. Plain values that the reserved journal can hold. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, as the record will say it."""

    person: str  # person id
    says: str  # "Pia Marsh, principal, Lakeview Unified School District"
    party: str  # party slug, in clear
    device: str = ""

    @property
    def name(self) -> str:
        return self.says.split(",")[0]


@dataclass(frozen=True, slots=True)
class Start:
    """Everything that a start is made of, so that it can be journalled and replayed as it was.

    The fields with a value came later: a journal of an earlier version has none of them.
    """

    id: str
    key: str  # idempotency key
    owner: str  # party id
    schools: tuple[str, ...]
    school_names: tuple[str, ...]
    emergency: str
    clause: str  # the section that it opens
    source: str
    minutes: int  # how long it opens at first
    started_utc: datetime
    level: str = "life_safety"  # of the kind, as the agreement has it
    cap_minutes: int = 0  # how long it may be open with extensions; 0: it cannot be extended
    full_minutes: int = 0  # how long once it is confirmed; 0: it needs no confirmation
    unverified: str = ""  # call_911, word, alarm: on what dispatch reports it
    word_of: str = ""  # person id, of a word
    word_of_name: str = ""

    @property
    def deadline_utc(self) -> datetime:
        return self.started_utc + timedelta(minutes=self.minutes)

    @property
    def full_utc(self) -> datetime | None:
        return self.started_utc + timedelta(minutes=self.full_minutes) if self.full_minutes else None

    @property
    def cap_utc(self) -> datetime | None:
        longest = max(self.minutes, self.full_minutes)
        return self.started_utc + timedelta(minutes=self.cap_minutes) if self.cap_minutes > longest else None
