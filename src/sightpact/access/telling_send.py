"""Handing a notice to the senders, kept where that can be: at most a second is spent on keeping it.

When the database cannot be written it goes out all the same. Never raises for that: nobody is forgotten for a full disk.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from sightpact.access import news
from sightpact.access.errors import UNWRITABLE
from sightpact.access.patience import patience
from sightpact.notices import actions, outbox
from sightpact.notices.words import Message

log = logging.getLogger(__name__)
PATIENCE_S = 1.0  # how long a telling waits for other writers before it is sent without being kept


def tell(persons: Sequence[str], message: Message, key: str) -> bool:
    """Tell persons (ids) once for each key, on open pages and on their channels. False: told before, or nobody to tell."""
    if not persons:
        return False
    try:
        with patience(PATIENCE_S):
            made = actions.tell(persons, message, key, frozenset(news.listening_persons()))
    except UNWRITABLE:
        log.exception("a notice cannot be kept; it is sent all the same")
        outbox.send_unkept(persons, message)
        made = True
    news.tell(persons, "told")
    return made


def call(name: str, phone: str, message: Message, key: str) -> bool:
    """Call a party's own telephone once for each key. False: called before, no number, or no gateway."""
    try:
        with patience(PATIENCE_S):
            return actions.call_party(name, phone, message, key)
    except UNWRITABLE:
        log.exception("a call cannot be kept; it is made all the same")
        outbox.call_unkept(phone, message)
        return bool(phone)
