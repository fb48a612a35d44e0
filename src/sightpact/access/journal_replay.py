"""Brings what stands in the reserved journal into the ledger, in the order in which it happened.

One record, one transaction; its slot is cleared only after that. A record that comes again after a crash in between is told
by its id. A record that can never be written is put into the ledger as it stands, so that it does not hold up the others.
"""

from __future__ import annotations

import json
import logging
import time

from django.db import transaction

from sightpact.access import actions, emergency_journal, journal_cards
from sightpact.access.actions import StreamClosed
from sightpact.access.errors import DOES_NOT_FIT, UNWRITABLE, LogUnwritable
from sightpact.access.journal_cards import Change
from sightpact.activation import actions as activation
from sightpact.activation.actions import askings, drills
from sightpact.ledger.entries import MAX_VALUE, NewEntry, Secret
from sightpact.ledger.journal import Record

log = logging.getLogger(__name__)
PAUSE_S = 0.001  # between records: others want the lock and the database too


def replay() -> int:
    """Bring everything in the journal into the ledger, in order. Returns how many records; stops when it cannot be written.

    1. A start becomes an activation with its own start time; a change is made as of its own time.
    2. Entries and ends are appended; their text says when they were made.
    3. Each slot is cleared only after its transaction has committed.
    4. When the journal is empty: one `journal_replayed` entry.
    """
    journal = emergency_journal.journal()
    done = 0
    for item in journal.pending():
        with emergency_journal.lock:
            try:
                _once(item)
                journal.clear(item.slot)
            except (*UNWRITABLE, LogUnwritable) as fault:
                log.info("the record still cannot be written: %s", fault)
                return done
            emergency_journal.settled(item)
        done += 1
        time.sleep(PAUSE_S)
    if done:
        try:
            actions.replayed(done)
        except LogUnwritable:
            log.warning("%d records were replayed; that this was so could not be written", done)
    return done


def _once(item: Record) -> None:
    try:
        with transaction.atomic():
            if actions.first_time(item.payload["id"]):
                _apply(item)
    except Exception as fault:
        if isinstance(fault, (*UNWRITABLE, LogUnwritable)) and not isinstance(
            fault.__cause__ or fault, DOES_NOT_FIT
        ):
            raise
        log.critical(
            "record %d of the reserved journal does not fit the database", item.sequence, exc_info=fault
        )
        text = json.dumps([item.kind, item.payload], ensure_ascii=False)
        parts = [text[i : i + MAX_VALUE] for i in range(0, len(text), MAX_VALUE)]
        actions.note(
            [
                NewEntry(
                    type="alarm", outcome="alarm", reason_code="journal", secret={"text": Secret("", part)}
                )
                for part in parts
            ]
        )


def _apply(item: Record) -> None:
    payload = item.payload
    match item.kind:
        case "start":
            activation.start(*journal_cards.start_in(payload), join=False)
        case "change":
            _change(journal_cards.change_in(payload))
        case "asking_end":
            end = journal_cards.asking_end_in(payload)
            askings.end(end.asking, end.reason, end.clause, end.actor, at=end.at)
        case "drill_end":
            end = journal_cards.asking_end_in(payload)
            drills.end(end.asking, end.reason, end.clause, end.actor, at=end.at)
        case "stop":
            entry = journal_cards.entry_in(payload["entry"], "earlier")
            actions.stop_person(payload["owner"], payload["person"], payload["by"], entry)
        case "entries":
            for each in payload["items"]:
                row = emergency_journal.stream_in(each) if "stream" in each else None
                actions.admit_late(journal_cards.entry_in(each["entry"], each["at"]), row)
        case "ends":
            actions.close([StreamClosed(**each) for each in payload["items"]])
        case _:
            raise ValueError(f"unknown kind of record: {item.kind}")


def _change(what: Change) -> None:
    match what.kind:
        case "told" if what.actor:
            activation.told(what.activation, what.actor, at=what.at)
        case "take" if what.actor and what.grant:
            activation.take(what.activation, what.grant, what.actor, at=what.at)
        case "propose" if what.actor and what.grant:
            activation.propose_end(
                what.activation, what.minutes, what.grant, what.actor, reason=what.reason, at=what.at
            )
        case "keep_open" if what.actor and what.grant:
            activation.keep_open(what.activation, what.grant, what.actor)
        case "join" if what.actor and what.grant and what.wish:
            activation.join_to(what.activation, what.wish, what.grant, what.actor)
        case "confirm" if what.actor and what.grant:
            activation.confirm(what.activation, what.grant, what.actor, at=what.at)
        case "extend" if what.actor and what.grant and what.before:
            before, step = what.before, what.minutes
            activation.extend(what.activation, before, step, what.grant, what.actor, at=what.at)
        case "undo" if what.actor and what.grant:
            activation.undo(what.activation, what.grant, what.actor, at=what.at)
        case "lapse":
            activation.lapse(what.activation, at=what.at)
        case "end":
            activation.end(what.activation, what.reason, what.clause, what.actor, at=what.at)
        case _:
            raise ValueError(f"unknown change: {what.kind}")
