"""When the record cannot be written: the reserved journal takes starts, ends, admissions; later all goes to the ledger.

The journal file was allocated beforehand (`ledger/journal.py`), so a full disk cannot refuse it. What stands in it counts
as facts at once (`facts.journalled`) and is replayed in order as soon as the database can be written again.
"""

from __future__ import annotations

import logging
import threading
import uuid
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import DatabaseError

from sightpact.access import actions, facts
from sightpact.access.actions import StreamClosed
from sightpact.access.errors import LogUnwritable
from sightpact.activation import actions as activation
from sightpact.activation.actions import Actor, Start
from sightpact.activation.reads import ActivationCard
from sightpact.decide.facts import Grant
from sightpact.ledger import clock
from sightpact.ledger.entries import NewEntry, Secret
from sightpact.ledger.epoch import EpochValue, publish
from sightpact.ledger.errors import JournalFull
from sightpact.ledger.journal import Journal

log = logging.getLogger(__name__)
_lock = threading.RLock()
_journal: Journal | None = None


def journal() -> Journal:
    """The one reserved journal of this process, opened (and allocated, the first time) once."""
    global _journal
    with _lock:
        if _journal is None:
            _journal = Journal(settings.SIGHTPACT.journal)
        return _journal


def keep_entry(entry: NewEntry) -> int | None:
    """Keep one entry. Returns a negative number that stands for it, or None when even the journal is full."""
    payload = asdict(entry)
    payload["at"] = clock.now().isoformat()
    try:
        return -1 - journal().write("entry", payload)
    except (JournalFull, OSError):
        log.critical("the reserved journal is full as well; nothing more is shown")
        return None


def keep_end(closed: StreamClosed, clause: str) -> None:
    """Keep how a picture ended, when its end cannot be written now."""
    try:
        journal().write("end", {**asdict(closed), "clause": clause, "at": clock.now().isoformat()})
    except (JournalFull, OSError):
        log.critical("the reserved journal is full; the end of entry %d is written at the next start", closed.index)


def start(wish: Start, grant: Grant, agreement_slug: str, actor: Actor) -> ActivationCard:
    """Start a sharing although the database cannot be written.

    1. The same start again, or the same kind running there: that one (idempotent as ever).
    2. Write it to the reserved journal, durably.
    3. From now on it is a fact: the gate decides on it.
    """
    with _lock:
        for card in facts.journalled:
            if card.is_live and card.emergency == wish.emergency and set(card.schools) >= set(wish.schools):
                return card
        payload = {
            "wish": {**asdict(wish), "started_utc": wish.started_utc.isoformat()},
            "grant": _grant_out(grant),
            "slug": agreement_slug,
            "actor": asdict(actor),
        }
        slot = journal().write("start", payload)
        card = _card(wish, grant, actor, -1 - slot)
        facts.journalled.append(card)
    _facts_moved()
    return card


def end(activation_id: str, reason: str, actor: Actor | None) -> ActivationCard | None:
    """End a sharing that stands in the journal only. Returns None when it does not."""
    with _lock:
        for number, card in enumerate(facts.journalled):
            if card.id != activation_id or not card.is_live:
                continue
            payload = {"id": activation_id, "reason": reason, "actor": asdict(actor) if actor else None}
            journal().write("finish", {**payload, "clause": card.clause})
            done = replace(
                card, ended_utc=clock.now(), end_reason=reason, ended_by_name=actor.says.split(",")[0] if actor else ""
            )
            facts.journalled[number] = done
            _facts_moved()
            return done
    return None


def end_stored(card: ActivationCard, reason: str, actor: Actor) -> ActivationCard:
    """End a sharing that is in the database while the database cannot be written.

    1. The reserved journal takes the end. 2. It is a fact at once: `facts` prefers it over the stored row.
    """
    with _lock:
        payload = {"id": card.id, "reason": reason, "actor": asdict(actor), "clause": card.clause}
        journal().write("finish", payload)
        done = replace(card, ended_utc=clock.now(), end_reason=reason, ended_by_name=actor.says.split(",")[0])
        facts.journalled.append(done)
    _facts_moved()
    return done


def end_due() -> None:
    """Deadlines of journalled sharings."""
    for card in list(facts.journalled):
        if card.is_live and card.deadline_utc <= clock.now():
            end(card.id, "deadline", None)


def recall() -> None:
    """At start: what a process that died had journalled is a fact again."""
    with _lock:
        facts.journalled.clear()
        for item in journal().pending():
            if item.kind == "start":
                wish, grant, _slug, actor = _start_in(item.payload)
                facts.journalled.append(_card(wish, grant, actor, -1 - item.slot))
            elif item.kind == "finish":
                _mark_finished(item.payload)


def replay() -> int:
    """Bring everything in the journal into the ledger, in order. Returns how many; stops at the first that cannot be written.

    1. A start becomes an activation with its own start time; a finish ends it.
    2. Entries and ends are appended; their text says when they were made.
    3. Each slot is cleared only after its transaction has committed.
    """
    done = 0
    with _lock:
        replaced: dict[int, int] = {}
        for item in journal().pending():
            try:
                _replay_one(item.kind, item.payload, item.slot, replaced)
            except (DatabaseError, OSError, LogUnwritable):
                break
            journal().clear(item.slot)
            done += 1
        if done:
            entry = NewEntry(type="journal_replayed", outcome="done", frames=done)
            actions.note([entry])
            if not journal().pending():
                facts.journalled.clear()
            _facts_moved()
    return done


def _replay_one(kind: str, payload: dict[str, Any], slot: int, replaced: dict[int, int]) -> None:
    match kind:
        case "start":
            wish, grant, slug, actor = _start_in(payload)
            activation.start(wish, grant, slug, actor)
            facts.journalled[:] = [card for card in facts.journalled if card.id != wish.id or not card.is_live]
        case "finish":
            facts.journalled[:] = [card for card in facts.journalled if card.id != payload["id"]]
            actor_in = Actor(**payload["actor"]) if payload["actor"] else None
            activation.end(payload["id"], payload["reason"], payload["clause"], actor_in)
        case "entry":
            replaced[-1 - slot] = actions.note([_entry_in(payload)])[0]
        case "end":
            _replay_end(payload, replaced)


def _replay_end(payload: dict[str, Any], replaced: dict[int, int]) -> None:
    index = int(payload["index"])
    if index >= 0:
        actions.close([StreamClosed(index, payload["reason_code"], *_counts(payload))])
        return
    seconds, frames, size = _counts(payload)
    entry = NewEntry(
        type="stream_end",
        clause=payload["clause"],
        outcome="ended",
        reason_code=payload["reason_code"],
        seconds=seconds,
        frames=frames,
        bytes=size,
        ref=replaced.get(index),
    )
    actions.note([entry])


def _counts(payload: dict[str, Any]) -> tuple[int, int, int]:
    return int(payload["seconds"]), int(payload["frames"]), int(payload["bytes"])


def _entry_in(payload: dict[str, Any]) -> NewEntry:
    fields = {key: value for key, value in payload.items() if key not in ("at", "secret")}
    secret = {name: Secret(**opened) for name, opened in payload["secret"].items()}
    said = secret.get("text", Secret("", "")).value
    secret["text"] = Secret("", f"{said} made {payload['at']}, written later: the record could not be written".strip())
    return NewEntry(**fields, secret=secret)


def _grant_out(grant: Grant) -> dict[str, Any]:
    out = asdict(grant)
    out["until_utc"] = grant.until_utc.isoformat() if grant.until_utc else None
    return out


def _start_in(payload: dict[str, Any]) -> tuple[Start, Grant, str, Actor]:
    wish = dict(payload["wish"])
    wish["started_utc"] = datetime.fromisoformat(wish["started_utc"])
    wish["schools"], wish["school_names"] = tuple(wish["schools"]), tuple(wish["school_names"])
    grant = dict(payload["grant"])
    grant["until_utc"] = datetime.fromisoformat(grant["until_utc"]) if grant["until_utc"] else None
    return Start(**wish), Grant(**grant), payload["slug"], Actor(**payload["actor"])


def _mark_finished(payload: dict[str, Any]) -> None:
    facts.journalled[:] = [
        replace(card, ended_utc=clock.now(), end_reason=payload["reason"]) if card.id == payload["id"] else card
        for card in facts.journalled
    ]


def _card(wish: Start, grant: Grant, actor: Actor, entry: int) -> ActivationCard:
    return ActivationCard(
        id=str(uuid.UUID(wish.id)),
        owner=wish.owner,
        agreement=grant.agreement,
        emergency=wish.emergency,
        clause=wish.clause,
        schools=wish.schools,
        school_names=wish.school_names,
        source=wish.source,
        verified=True,
        started_by=actor.person,
        started_by_name=actor.says.split(",")[0],
        started_utc=wish.started_utc,
        deadline_utc=wish.started_utc + timedelta(minutes=wish.minutes),
        told_utc=None,
        taken_by=None,
        taken_by_name="",
        taken_utc=None,
        end_proposed_by_name="",
        end_proposed_utc=None,
        end_due_utc=None,
        ended_by_name="",
        ended_by_phone="",
        ended_utc=None,
        end_reason="",
        entry=entry,
    )


def _facts_moved() -> None:
    facts.journal_version += 1
    publish(EpochValue(-1, facts.journal_version))
