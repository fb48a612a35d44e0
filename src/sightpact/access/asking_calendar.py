"""The event periods that one person may know of, month by month, each in its school's own time. Reads only.

A calendar shows what was asked, what comes, what runs, what is over and what never opened; the law is not asked for that.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from sightpact.access import asked, facts
from sightpact.access.facts import Snapshot
from sightpact.activation import askings
from sightpact.activation.askings import AskingCard
from sightpact.ledger import clock

DAY = timedelta(days=1)
FIRST_YEAR, LAST_YEAR = 2000, 2200
KEPT, AHEAD = timedelta(days=31), timedelta(days=400)  # what a calendar file holds, around now


@dataclass(frozen=True, slots=True)
class Event:
    """One event period."""

    card: AskingCard
    state: str  # asked, coming, open, over (it was open), off (it never opened)
    label: str
    zone: str  # IANA, of its school
    begins: datetime  # in that zone
    ends: datetime

    @property
    def days(self) -> tuple[date, ...]:
        """The days at the school that it touches. One that ends at midnight does not touch the next."""
        last = (self.ends - timedelta(microseconds=1)).date()
        return tuple(self.begins.date() + n * DAY for n in range((last - self.begins.date()).days + 1))


@dataclass(frozen=True, slots=True)
class Day:
    date: date
    in_month: bool
    is_today: bool
    is_past: bool
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Month:
    first: date
    weeks: tuple[tuple[Day, ...], ...]
    zone: str  # IANA: in which today is today
    before: date
    after: date
    today: date

    @property
    def is_empty(self) -> bool:
        return not any(day.events for week in self.weeks for day in week if day.in_month)


def month(person: str, first: date, zone: str, first_weekday: int = 0) -> Month:
    """One month as whole weeks.

    Args:
        first: the month's first day.
        zone: IANA, the reader's; each event stands on its days at its own school.
        first_weekday: 0 for Monday to 6 for Sunday.
    """
    weeks = calendar.Calendar(first_weekday).monthdatescalendar(first.year, first.month)
    begin = datetime.combine(weeks[0][0] - DAY, datetime.min.time(), UTC)
    found = _events(person, facts.snapshot(), begin, begin + timedelta(days=len(weeks) * 7 + 2))
    on: dict[date, list[Event]] = {}
    for event in found:
        for day in event.days:
            on.setdefault(day, []).append(event)
    today = clock.now().astimezone(ZoneInfo(zone)).date()
    return Month(
        first,
        tuple(
            tuple(Day(d, d.month == first.month, d == today, d < today, tuple(on.get(d, ()))) for d in week)
            for week in weeks
        ),
        zone,
        (first - DAY).replace(day=1),
        (first + timedelta(days=31)).replace(day=1),
        today,
    )


def approved(person: str) -> tuple[Event, ...]:
    """What goes into this person's own calendar: approved, from a month ago to a year ahead; also what was called off since."""
    now = clock.now()
    every = _events(person, facts.snapshot(), now - KEPT, now + AHEAD)
    return tuple(event for event in every if event.card.decision == "approved")


def zone_of(person: str, fallback: str) -> str:
    """The zone of the schools whose events this person may know of, if they have one in common; else `fallback` (IANA)."""
    snapshot = facts.snapshot()
    known = snapshot.names.persons.get(person)
    parties = {party for party, _role in known.roles} if known else set()
    owners = {e.facts.owner for e in snapshot.names.running.values() if e.facts.parties & parties}
    inventory = snapshot.world.inventory.schools
    zones = {
        s.zone
        for s in snapshot.names.schools.values()
        if s.id in inventory and inventory[s.id].owner in owners
    }
    return zones.pop() if len(zones) == 1 else fallback


def _events(person: str, snapshot: Snapshot, begin: datetime, end: datetime) -> tuple[Event, ...]:
    cards: Iterable[AskingCard] = askings.periods(begin, end)
    ended = {card.id: card for card in snapshot.past_askings}  # also what only the reserved journal knows yet
    known = (ended.get(card.id, card) for card in cards)
    return tuple(_event(snapshot, card) for card in known if asked.concerns(snapshot, person, card))


def _event(snapshot: Snapshot, card: AskingCard) -> Event:
    assert card.opens_utc is not None and card.deadline_utc is not None
    school = snapshot.names.schools.get(card.schools[0]) if card.schools else None
    zone = school.zone if school else "UTC"
    state = card.state
    if state == "ended":
        state = "over" if card.opened_utc is not None else "off"
    local = ZoneInfo(zone)
    return Event(
        card,
        state,
        _LABELS[state](),
        zone,
        card.opens_utc.astimezone(local),
        card.deadline_utc.astimezone(local),
    )


_LABELS = {
    "asked": lambda: _("waits for an answer"),
    "coming": lambda: _("approved"),
    "open": lambda: _("open now"),
    "over": lambda: _("over"),
    "off": lambda: _("did not open"),
}
