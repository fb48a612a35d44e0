"""Alarms that the gateway raises about itself: the machine's clock was moved under it."""

from __future__ import annotations

import logging

from sightpact.access import actions, emergency_journal
from sightpact.access.errors import LogUnwritable
from sightpact.ledger import clock
from sightpact.ledger.entries import NewEntry, Secret

log = logging.getLogger(__name__)
_told_step_s = 0.0


def look() -> None:
    """Raise what is not raised yet. Called every few hundred milliseconds."""
    global _told_step_s
    step = clock.stepped_s()
    if abs(step - _told_step_s) <= 1.0:
        return
    _told_step_s = step
    if abs(step) <= 1.0:
        return
    text = (
        f"The machine's clock was moved by {step:+.0f} s while Sightpact runs. Deadlines keep their old course. "
        "Mend the clock; after that, restart Sightpact to take over its time."
    )
    log.error(text)
    entry = NewEntry(
        type="clock_step", outcome="alarm", seconds=int(abs(step)), secret={"text": Secret("", text)}
    )
    try:
        actions.note([entry])
    except LogUnwritable:
        emergency_journal.keep_entries([entry])
