"""What the record needs done by itself: names past their time erased, whoever owes a statement reminded. In a thread of its own.

Never while an emergency is shared: pictures come first. A failure is logged and tried again in an hour.
"""

from __future__ import annotations

import logging
import threading
from datetime import datetime, timedelta

from django.db import close_old_connections

from sightpact.access import facts
from sightpact.ledger import clock
from sightpact.notices import actions as notices
from sightpact.notices.words import Message
from sightpact.record import actions, after
from sightpact.record.after import Line

EVERY_S = 3600.0
FIRST_S = 60.0  # after the start
BETWEEN_S = 1.0  # between portions, so that admissions never wait long for the writer's place
AHEAD = timedelta(hours=24)  # before it is due; or half of its time where that is shorter

log = logging.getLogger(__name__)


def keep(stop: threading.Event) -> None:
    """Until `stop`: look once an hour."""
    wait = FIRST_S
    while not stop.wait(wait):
        wait = EVERY_S
        try:
            remind()
            if not facts.snapshot().live:
                actions.erase_due(lambda: not stop.wait(BETWEEN_S) and not facts.snapshot().live)
        except Exception:
            log.exception("the record was not tended; it is tried again in an hour")
        finally:
            close_old_connections()


def remind() -> None:
    """Tell of statements that are due soon, and of those that are late: each once."""
    now = clock.now()
    for line in after.all_owed(facts.snapshot()):
        if line.due_utc is None or line.card.ended_utc is None:
            continue
        ahead = min(AHEAD, (line.due_utc - line.card.ended_utc) / 2)
        if line.state == "late":
            _tell(line, "late", now)
        elif now >= line.due_utc - ahead:
            _tell(line, "soon", now)


def _tell(line: Line, event: str, now: datetime) -> None:
    snapshot = facts.snapshot()
    clause = after.clause_of(snapshot, line.card.agreement)
    if clause is None:
        return
    persons = after.persons(snapshot, line.card.agreement, clause.by, reading=True)
    if event == "late":
        persons = (*persons, *after.persons(snapshot, line.card.agreement, clause.told, reading=False))
    where = ", ".join(line.card.school_names)
    late = "The statement after an emergency is late"
    message = Message(
        about=line.card.id,
        event=f"statement_{event}",
        level="urgent",
        title=late if event == "late" else "A statement after an emergency is due soon",
        text=f"{line.kind}, {where}. Section {line.section} asks for it. Most of it is filled in.",
        url=f"/after/{line.card.id}/",
        topic=f"after{line.card.id.replace('-', '')[:20]}",
        ttl_s=3 * 86400,
    )
    notices.tell(persons, message, f"after/{line.card.id}/{event}")
