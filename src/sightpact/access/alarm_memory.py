"""What of alarms is kept in memory: rows that the record cannot take now, and how many messages were refused.

Nothing is lost by a full disk: a question is asked from here, and a row is written as soon as it can be.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable
from functools import partial

from sightpact.access import emergency_journal
from sightpact.access.errors import UNWRITABLE
from sightpact.access.patience import patience
from sightpact.activation.actions import alarms as actions
from sightpact.activation.actions.alarms import Heard
from sightpact.activation.alarms.states import OPEN
from sightpact.ledger import clock
from sightpact.ledger.entries import NewEntry, Secret

log = logging.getLogger(__name__)

MOST_UNKEPT = 500
KEEP_PATIENCE_S = 1.0  # how long listing waits for other writers; the start was made before
NOTE_PATIENCE_S = 0.2
FORGED_S = 10.0  # between entries on one source's refusals: nobody fills the record from outside

_lock = threading.Lock()
_forged: Counter[str] = Counter()
_unkept: list[Heard] = []
_told_forged: dict[str, float] = {}  # by source: when its next refusals may be written


def count_forged(source_id: str) -> None:
    """One was refused. Written with others by `settle`, so that nobody fills the record from outside."""
    with _lock:
        _forged[source_id] += 1


def waiting_unkept() -> tuple[Heard, ...]:
    """Questions that so far stand in memory only, because the record cannot be written."""
    with _lock:
        return tuple(heard for heard in _unkept if heard.state == OPEN)


def find(source_id: str, mark: str | None, digest: str) -> Heard | None:
    """The same message, if it stands here only."""
    with _lock:
        return next(
            (h for h in _unkept if h.source == source_id and (h.mark == mark or h.message.digest == digest)),
            None,
        )


def settle() -> None:
    """Called every few seconds: write what could not be written, and how many were refused."""
    now = clock.monotonic()
    with _lock:
        due = [source_id for source_id in _forged if _told_forged.get(source_id, 0.0) <= now]
        forged, waiting = {source_id: _forged.pop(source_id) for source_id in due}, list(_unkept)
        _told_forged.update(dict.fromkeys(due, now + FORGED_S))
    for source_id, count in forged.items():
        quietly(partial(actions.forged, source_id, count))
    for heard in waiting:
        try:
            actions.keep(heard)
        except UNWRITABLE:
            return
        with _lock:
            _unkept.remove(heard)


def keep(heard: Heard) -> None:
    """List a message with what became of it: in the database, or here until that is possible."""
    try:
        with patience(KEEP_PATIENCE_S):
            actions.keep(heard)
    except UNWRITABLE:
        log.warning("an alarm could not be listed; it is kept in memory and written when the record can be")
        with _lock:
            _unkept[:] = [*_unkept[-MOST_UNKEPT:], heard]
        text = f"An alarm came while the record could not be written: {heard.state}"
        entry = NewEntry(
            "alarm", party=heard.party, outcome=heard.state, secret={"text": Secret(heard.id, text)}
        )
        emergency_journal.keep_entries([entry], keep_free=emergency_journal.FOR_SHARINGS)


def quietly(write: Callable[[], object]) -> None:
    """Write what is good to know; an alarm does not wait for it, nor fail with it."""
    try:
        with patience(NOTE_PATIENCE_S):
            write()
    except UNWRITABLE:
        log.warning("could not note what was heard of an alarm source")
