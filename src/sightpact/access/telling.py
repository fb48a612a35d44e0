"""Telling people of sharings and requests, on a thread of its own: an activation never waits for it.

Open pages are told first, by `access/news.py`. Here: whoever the agreement names, on the channels that each of them has.
When the database cannot be written, it is sent all the same, and nothing is kept of what became of it.
"""

from __future__ import annotations

import logging
import threading
from datetime import datetime, timedelta
from functools import partial

from django.db import close_old_connections
from django.utils.translation import gettext as _

from sightpact.access import (
    alarm_open,
    alarm_telling,
    exercises,
    facts,
    news,
    running,
    telling_drills,
    telling_send,
)
from sightpact.access.alarm_memory import quietly
from sightpact.access.facts import Snapshot
from sightpact.access.telling_plan import Known, Step, asked, steps
from sightpact.access.telling_who import answerers, next_line, overseers, school
from sightpact.activation import alarm_reads
from sightpact.activation.alarms.states import OPEN
from sightpact.activation.reads import ActivationCard
from sightpact.ledger import clock
from sightpact.notices import actions, reads

log = logging.getLogger(__name__)
LOOK_S = 0.2
PAGES_S = 1.0  # how often it is noted whose page has opened since
LATELY = timedelta(minutes=15)


class Teller:
    """What this process told already, so that a look costs nothing when nothing is new. Owned by one thread."""

    def __init__(self) -> None:
        self._keys: dict[str, set[str]] = {}  # by sharing or asking
        self._watchers: dict[str, str] = {}
        self._pages_next = 0.0
        self._alarms: set[str] = set()  # that wait for a word, or lately got one
        self._states: dict[str, object] = {}  # by sharing: what became of its notices, when pages last heard

    def look(self) -> int:
        """Tell what should have been told by now. Returns how many notices were made."""
        snapshot, now = facts.snapshot(), clock.now()
        lately = [c for c in snapshot.ended if c.ended_utc and now - c.ended_utc < LATELY]
        cards = [*snapshot.live, *lately]
        count = 0
        for card in cards:
            for step in steps(snapshot, card, now, self._known(snapshot, card)):
                count += self._tell(card.id, step)
        for waiting in snapshot.askings:
            for step in asked(snapshot, waiting):
                if step.key not in self._known_keys(waiting.id):
                    count += self._tell(waiting.id, step)
        drills = (*snapshot.drills, *snapshot.past_drills)
        for drill in drills:
            keys = frozenset(self._known_keys(drill.id))
            for step in telling_drills.steps(snapshot, drill, now, keys, partial(_told, drill.id)):
                count += self._tell(drill.id, step)
        if clock.monotonic() >= self._pages_next:
            self._pages_next = clock.monotonic() + PAGES_S
            count += self._questions(snapshot, now)
            telling_send.settle()
            actions.on_page(news.listening_persons())
            self._news(snapshot)
        alive = (
            {c.id for c in cards} | {c.id for c in snapshot.askings} | {c.id for c in drills} | self._alarms
        )
        for gone in self._keys.keys() - alive:
            del self._keys[gone]
            self._watchers.pop(gone, None)
        return count

    def _questions(self, snapshot: Snapshot, now: datetime) -> int:
        """Alarms that wait for a person's word, and those that lately got one."""
        cards = (*alarm_open.waiting(), *alarm_reads.answered_since(now - LATELY))
        exercise_cards = alarm_reads.exercises(now - exercises.SHOWN_FOR)
        self._alarms = {card.id for card in (*cards, *exercise_cards)}
        count = 0
        for card in exercise_cards:
            step = telling_drills.exercise(card, partial(exercises.starters, snapshot, card))
            if step.key not in self._known_keys(card.id):
                count += self._tell(card.id, step)
        for card in cards:
            keys = frozenset(self._known_keys(card.id))
            for step in alarm_telling.steps(snapshot, card, now, keys, partial(_told, card.id)):
                if card.state != OPEN:
                    quietly(partial(actions.spare, card.id))  # nobody is called for what was answered
                count += self._tell(card.id, step)
        return count

    def _news(self, snapshot: Snapshot) -> None:
        """Open pages that show what became of a notice ask again when that moved."""
        for card in snapshot.live:
            now = reads.fingerprint(card.id)
            if self._states.get(card.id, now) != now:
                news.tell((*overseers(snapshot, card), *school(snapshot, card)), "sharing")
            self._states[card.id] = now
        waiting = [card for card in snapshot.askings if card.state == "asked"]
        for each in waiting:
            now = reads.fingerprint(each.id)
            if self._states.get(each.id) != now:
                news.tell((each.asked_by, *answerers(snapshot, each), *next_line(snapshot, each)), "sharing")
            self._states[each.id] = now
        for drill in snapshot.drills:
            now = reads.fingerprint(drill.id)
            if self._states.get(drill.id, now) != now:
                news.tell(telling_drills.participants(snapshot, drill), "sharing")
            self._states[drill.id] = now
        shown = {c.id for c in snapshot.live} | {c.id for c in waiting} | {c.id for c in snapshot.drills}
        for gone in self._states.keys() - shown:
            del self._states[gone]

    def _tell(self, about: str, step: Step) -> int:
        if step.phone is not None:
            made = telling_send.call(*step.phone, step.message, step.key)
        else:
            made = telling_send.tell(step.persons(), step.message, step.key)
        self._known_keys(about).add(step.key)
        return int(made)

    def _known(self, snapshot: Snapshot, card: ActivationCard) -> Known:
        keys = self._known_keys(card.id)

        if card.is_live and not self._watchers.get(card.id):
            self._watchers[card.id] = _first_watcher(snapshot, card)
        return Known(
            frozenset(keys), partial(_told, card.id), self._watchers.get(card.id, ""), reads.acknowledged_by
        )

    def _known_keys(self, about: str) -> set[str]:
        if about not in self._keys:
            self._keys[about] = set(reads.keys_about(about))
        return self._keys[about]


def keep(stop: threading.Event) -> None:
    """Look again and again until told to stop. A failure is logged and tried again."""
    teller = Teller()
    while not stop.wait(LOOK_S):
        try:
            teller.look()
        except Exception:
            log.exception("telling failed; it is tried again")
            close_old_connections()
            stop.wait(1.0)


def trying(activation: str) -> str:
    """What is being tried while nobody of the agency has taken a sharing: for the switch's fourth tick. "" for nothing yet."""
    found = [d for d in reads.deliveries(activation) if d.event == "untaken"]
    calls = [d for d in found if not d.person]
    if calls:
        return _("%(name)s is being called: %(state)s") % {"name": calls[-1].name, "state": calls[-1].says}
    names = list(dict.fromkeys(d.name for d in found))
    return _("asking %(names)s as well") % {"names": ", ".join(names)} if names else ""


def _told(about: str) -> tuple[str, ...]:
    """Ids of everybody who was told of it."""
    return tuple(dict.fromkeys(d.person for d in reads.deliveries(about) if d.person))


def _first_watcher(snapshot: Snapshot, card: ActivationCard) -> str:
    """Name of the first person of another party whose picture runs by this sharing."""
    for row in running.rows():
        person = snapshot.world.inventory.persons.get(str(row.person_id))
        if row.situation == card.id and person and not any(p == card.owner for p, _role in person.roles):
            return snapshot.names.persons[person.id].name
    return ""
