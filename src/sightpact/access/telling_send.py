"""Handing a notice to the senders, kept where that can be: at most a second is spent on keeping it.

When the database cannot be written it goes out all the same: the reserved journal says to whom, memory keeps what became of
it, and `settle` writes that down when the database is back. Nobody is forgotten for a full disk.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import suppress

from sightpact.access import emergency_journal, news
from sightpact.access.errors import DOES_NOT_FIT, UNWRITABLE
from sightpact.access.patience import patience
from sightpact.notices import actions, outbox, unkept
from sightpact.notices.unkept import Unkept
from sightpact.notices.words import Message

log = logging.getLogger(__name__)
PATIENCE_S = 1.0  # how long a telling waits for other writers before it is sent without being kept


def tell(persons: Sequence[str], message: Message, key: str) -> bool:
    """Tell persons (ids) once for each key, on open pages and on their channels. False: told before, or nobody to tell."""
    if not persons:
        return False
    there = frozenset(news.listening_persons())
    try:
        with patience(PATIENCE_S):
            made = actions.tell(persons, message, key, there)
    except UNWRITABLE:
        log.warning("a notice cannot be kept; it is sent all the same")
        made = _journalled(outbox.send_unkept(persons, message, key, there))
    news.tell(persons, "told")
    return made


def call(name: str, phone: str, message: Message, key: str) -> bool:
    """Call a party's own telephone once for each key. False: called before, no number, or no gateway."""
    try:
        with patience(PATIENCE_S):
            return actions.call_party(name, phone, message, key)
    except UNWRITABLE:
        log.warning("a call cannot be kept; it is made all the same")
        return _journalled(outbox.call_unkept(name, phone, message, key))


def settle() -> int:
    """Write down what was told while nothing could be written. Returns how many; what cannot be written yet stays in memory."""
    count = 0
    for told in unkept.settled():
        try:
            with patience(PATIENCE_S):
                count += actions.keep_sent(told)
        except DOES_NOT_FIT:
            log.exception("a notice that was sent cannot be written as it is; it stays in memory")
            continue  # the others can
        except UNWRITABLE:
            break
        _seen_meanwhile(told, unkept.forget(told.key))
    return count


def _seen_meanwhile(told: Unkept, seen: Sequence[str]) -> None:
    """ "Seen" that was said between the writing and the forgetting is written, too."""
    for delivery in seen:
        if told.sent[delivery].state != "acknowledged":
            with suppress(*UNWRITABLE):
                actions.acknowledge(delivery)


def _journalled(told: Unkept | None) -> bool:
    """Its entry in the reserved journal, for the record: also when this process dies."""
    if told is None:
        return False
    entry = actions.sent_entry(told)
    told.has_entry = emergency_journal.keep_entries([entry], keep_free=emergency_journal.FOR_SHARINGS)
    return True
