"""What goes with the news that sharings changed: for each person the running ones that this person may know of.

Worked out on a thread, once for each person and state of the facts, for sessions that were live just then. Never: facts
to a session that has ended, or a wait on the event loop.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from django.db import close_old_connections, connections
from django.utils import translation
from django.utils.translation import gettext as _

from sightpact.access import alerts, facts
from sightpact.access.alerts import Alert
from sightpact.access.facts import Snapshot
from sightpact.access.news import Listener, count
from sightpact.access.pace import pace
from sightpact.access.remembered import while_facts_stand
from sightpact.ledger import clock
from sightpact.people import reads as people

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Told:
    """What one page is told."""

    live: bool  # its session is
    running: str = ""  # JSON list; "": nothing is known now, the page asks
    first: bool = False  # it may take an incident, so it asks before others


@dataclass(eq=False, slots=True)
class _Waiting:
    listener: Listener
    session: str
    language: str
    answer: asyncio.Future[Told]


class Desk:
    """One for each event loop. While it works one round out, all who come then wait for one round more."""

    def __init__(self) -> None:
        self._waiting: list[_Waiting] = []
        self._work: asyncio.Task[None] | None = None

    async def ask(self, listener: Listener, session: str, language: str) -> Told:
        """What this page is told now; also gives it its turn to ask (`listener.asks_at`)."""
        waiting = _Waiting(listener, session, language, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        if self._work is None or self._work.done():
            self._work = asyncio.create_task(self._rounds())
        return await waiting.answer

    async def _rounds(self) -> None:
        while self._waiting:
            await asyncio.sleep(0)  # whoever was woken by the same news comes along
            began = clock.monotonic()
            batch, self._waiting = self._waiting, []
            try:
                told = await asyncio.to_thread(
                    _work_out, {(w.listener.person, w.session, w.language) for w in batch}
                )
            except Exception:
                log.exception("what goes with the news cannot be worked out; pages ask")
                told = {}
            nth: Counter[str] = Counter()
            turns = []
            for w in batch:
                answer = told.get((w.listener.person, w.session, w.language), Told(live=True))
                nth[w.listener.person] += 1
                turns.append((not answer.first, nth[w.listener.person], w, answer))
            for _last, _nth, w, answer in sorted(turns, key=lambda turn: turn[:2]):
                give_turn(w.listener, answer.first)
                if not w.answer.done():  # done: its page left meanwhile
                    w.answer.set_result(answer)
            if len(batch) > 1:
                await asyncio.sleep(0)  # what was told is sent, and
                await asyncio.sleep(clock.monotonic() - began)  # the loop has as much time for others


def give_turn(listener: Listener, front: bool = False) -> None:
    """When this page asks. A turn that lies ahead is kept; but who may take an incident (`front`) waits behind no others."""
    due, waits = listener.asks_at, listener.asks_at > clock.monotonic()
    if waits and (listener.in_front or not front):
        return
    listener.in_front = front
    mine = pace.turn(0.0, count(), front)
    listener.asks_at = min(due, mine) if waits else mine


_desks: WeakKeyDictionary[asyncio.AbstractEventLoop, Desk] = WeakKeyDictionary()


def desk() -> Desk:
    """The running loop's."""
    return _desks.setdefault(asyncio.get_running_loop(), Desk())


def _work_out(asked: Iterable[tuple[str, str, str]]) -> dict[tuple[str, str, str], Told]:
    asked = list(asked)
    close_old_connections()
    try:
        live = people.live_sessions(session for _person, session, _language in asked)
        snapshot = facts.latest()  # the gate has just read them: that is why there is news
        return {key: _told(snapshot, key, live) for key in asked}
    finally:
        connections.close_all()  # this thread is anybody's


def _told(snapshot: Snapshot, asked: tuple[str, str, str], live: frozenset[str]) -> Told:
    person, session, language = asked
    if session not in live:
        return Told(live=False)
    with translation.override(language):
        return Told(True, _json(snapshot, person), alerts.asks_first(snapshot, person))


@while_facts_stand
def _json(snapshot: Snapshot, person: str) -> str:
    return json.dumps([_words(each) for each in alerts.running(snapshot, person)], ensure_ascii=False)


def _words(alert: Alert) -> dict[str, str]:
    if alert.taken_by:
        state = _("Taken by %(name)s") % {"name": alert.taken_by}
    else:
        state = _("Nobody has taken it yet") if alert.sure else _("Not verified yet")
    return {
        "id": alert.id,
        "mark": alert.mark,
        "level": alert.level,
        "label": alert.label,
        "schools": ", ".join(alert.schools),
        "at": f"{alert.began_utc.astimezone(ZoneInfo(alert.zone)):%H:%M}",
        "state": state,
    }
