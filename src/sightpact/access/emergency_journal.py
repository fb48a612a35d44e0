"""When the record cannot be written: the reserved journal takes starts, changes, ends, admissions; later all goes to the ledger.

The journal file was allocated beforehand (`ledger/journal.py`), so a full disk cannot refuse it. What stands in it counts
as facts at once (`facts.journalled`) and is replayed in order as soon as the database can be written (`journal_replay.py`).
"""

from __future__ import annotations

import logging
import secrets
import threading
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.conf import settings

from sightpact.access import facts, journal_cards
from sightpact.access.actions import Admission, StreamClosed
from sightpact.access.errors import LogUnwritable
from sightpact.access.facts import Journalled
from sightpact.access.journal_cards import AskingEnd, Change
from sightpact.access.models import OpenStream
from sightpact.activation import askings, drills, life
from sightpact.activation import reads as activation
from sightpact.activation.actions import Actor, Start
from sightpact.activation.askings import AskingCard
from sightpact.activation.drills import DrillCard
from sightpact.activation.reads import ActivationCard
from sightpact.decide.facts import Grant, Stop
from sightpact.ledger import clock
from sightpact.ledger.entries import NewEntry
from sightpact.ledger.epoch import EpochValue, publish
from sightpact.ledger.errors import JournalFull
from sightpact.ledger.journal import MAX_PAYLOAD, Journal, Record, encoded

log = logging.getLogger(__name__)

# Slots that stay free: a start, a stop or an end of a sharing finds room whatever was watched, and so do pictures' ends.
FOR_SHARINGS = 128
FOR_ENDS = FOR_SHARINGS + 384
FOR_PICTURES = 1024  # refusals stop here: nothing was shown, so nothing depends on them

lock = threading.RLock()  # over this module's state; `journal_replay` holds it for one record at a time
_journal: Journal | None = None
_open: Mapping[int, OpenStream] = MappingProxyType({})
"""Pictures whose admission stands here and whose end does not, by the negative number that stands for the entry."""
_ended: frozenset[int] = frozenset()
"""Pictures whose admission is in the ledger and whose end stands here."""


def journal() -> Journal:
    """The one reserved journal of this process, opened (and allocated, the first time) once."""
    global _journal
    with lock:
        if _journal is None:
            _journal = Journal(settings.SIGHTPACT.journal)
        return _journal


def use(other: Journal | None) -> None:
    """Begin with this journal (None: the deployment's own) and nothing known: what a new process does, and tests."""
    global _journal, _open, _ended
    with lock:
        _journal, _open, _ended = other, MappingProxyType({}), frozenset()
        facts.journalled = Journalled(version=facts.journalled.version + 1)


# sharings -----------------------------------------------------------------------------------------------------


def same(key: str) -> ActivationCard | None:
    """The sharing that a start with this key began, joined or widened here."""
    again = facts.journalled.keys.get(key)
    return next((card for card in facts.journalled.cards if card.id == again), None)


def start(wish: Start, grant: Grant, agreement_slug: str, actor: Actor) -> ActivationCard:
    """Start a sharing although the database cannot be written.

    1. The same start again: what it began, joined or widened (idempotent as ever).
    2. One that runs for all these schools: it joins or widens that one.
    3. Write it to the reserved journal, durably.
    4. From now on it is a fact: the gate decides on it.

    Raises:
        LogUnwritable: the journal cannot be written either. Nothing is shared.
    """
    with lock:
        known = same(wish.key)
        if known is not None:
            return known
        running = life.target(facts.snapshot().live, wish, grant.agreement, clock.now())
        if running is not None:
            after = _join(running, Change("join", running.id, wish.started_utc, actor, grant, wish=wish))
        else:
            _write("start", journal_cards.start_out(wish, grant, agreement_slug, actor))
            after = journal_cards.started(wish, grant, actor)
            _now(cards=(*facts.journalled.cards, after))
        _now(keys=MappingProxyType({**facts.journalled.keys, wish.key: after.id}))
        return after


def _join(card: ActivationCard, what: Change) -> ActivationCard:
    """A start that changes nothing for anybody takes no room that another start or an end may need."""
    assert what.wish is not None
    card = next((kept for kept in facts.journalled.cards if kept.id == card.id), card)
    after = journal_cards.changed(card, what)
    if replace(after, reports=card.reports) != card or after.kinds != card.kinds:
        return change(card, what)
    try:
        return change(card, what, keep_free=FOR_SHARINGS)
    except LogUnwritable:
        return card


def change(card: ActivationCard, what: Change, *, keep_free: int = 0) -> ActivationCard:
    """Any step after the start of a sharing, although the database cannot be written.

    1. The reserved journal takes it. 2. It is a fact at once: `facts` prefers it over the stored row.

    Raises:
        LogUnwritable: the journal cannot be written either. Nothing is changed.
    """
    with lock:
        card = next((kept for kept in facts.journalled.cards if kept.id == card.id), card)
        after = journal_cards.changed(card, what)
        if after is card:
            return card
        _write("change", journal_cards.change_out(what), keep_free=keep_free)
        _now(cards=(*(kept for kept in facts.journalled.cards if kept.id != card.id), after))
        return after


def holds(activation_id: str) -> bool:
    """Whether something about this sharing stands here: then its changes go here too, so that they keep their order."""
    return any(card.id == activation_id for card in facts.journalled.cards)


def has_ended(activation_id: str) -> bool:
    """Whether the end of this sharing stands here."""
    return any(card.id == activation_id and not card.is_live for card in facts.journalled.cards)


def end_asking(card: AskingCard, end: AskingEnd) -> AskingCard:
    """End what was asked for although the database cannot be written.

    1. The reserved journal takes it. 2. It is a fact at once: the gate cuts.

    Raises:
        LogUnwritable: the journal cannot be written either.
    """
    with lock:
        kept = facts.journalled.ended_askings
        known = next((each for each in kept if each.id == card.id), None)
        if known is not None:
            return known
        _write("asking_end", journal_cards.asking_end_out(end))
        after = journal_cards.asking_ended(card, end)
        _now(ended_askings=(*kept, after))
        return after


def end_drill(card: DrillCard, end: AskingEnd) -> DrillCard:
    """End a drill although the database cannot be written. 1. The journal takes it. 2. It is a fact at once: the gate cuts.

    Raises:
        LogUnwritable: the journal cannot be written either.
    """
    with lock:
        kept = facts.journalled.ended_drills
        known = next((each for each in kept if each.id == card.id), None)
        if known is not None:
            return known
        _write("drill_end", journal_cards.asking_end_out(end))
        after = journal_cards.drill_ended(card, end)
        _now(ended_drills=(*kept, after))
        return after


def stop_person(owner: str, person: str, by: str, entry: NewEntry) -> None:
    """The owner ends a person's viewing although the database cannot be written.

    1. The reserved journal takes it. 2. It is a fact at once: the gate cuts.
    """
    with lock:
        stopped = Stop(person=person, owner=owner, until_utc=None)
        if stopped not in facts.journalled.stops:
            _write(
                "stop", {"owner": owner, "person": person, "by": by, "entry": journal_cards.entry_out(entry)}
            )
            _now(stops=(*facts.journalled.stops, stopped))


# pictures and other entries -----------------------------------------------------------------------------------


def keep_admissions(admissions: Sequence[Admission]) -> list[int | None]:
    """Keep admissions. Returns for each a negative number that stands for its entry, or None: there is no room."""
    global _open
    at = clock.now()
    rows = {-1 - secrets.randbits(50): admission for admission in admissions}
    items = [_admission_out(number, admission, at) for number, admission in rows.items()]
    with lock:
        if not _keep("entries", items, FOR_ENDS):
            return [None] * len(admissions)
        _open = MappingProxyType({**_open, **{int(item["number"]): stream_in(item) for item in items}})
    return list(rows)


def keep_entries(entries: Sequence[NewEntry], *, keep_free: int = FOR_ENDS) -> bool:
    """Keep entries that stand alone. False: there is no room."""
    at = clock.now().isoformat()
    return _keep(
        "entries", [{"at": at, "entry": journal_cards.entry_out(entry)} for entry in entries], keep_free
    )


def keep_ends(ended: Sequence[StreamClosed]) -> bool:
    """Keep how pictures ended. False: there is no room; the next start writes their ends with what it knows."""
    global _open, _ended
    with lock:
        kept = _keep("ends", [asdict(closed) for closed in ended], FOR_SHARINGS)
        gone = {closed.index for closed in ended}
        _open = MappingProxyType({number: row for number, row in _open.items() if number not in gone})
        _ended |= {index for index in gone if index >= 0}
        return kept


def is_here(number: int) -> bool:
    """Whether the admission that this number stands for is still only here."""
    return number in _open


def open_streams() -> tuple[OpenStream, ...]:
    """Running pictures that no row of the database tells of."""
    return tuple(_open.values())


def ended_streams() -> frozenset[int]:
    """Rows of running pictures whose end stands here."""
    return _ended


def stream_in(item: dict[str, Any]) -> OpenStream:
    """The row that an admission kept here will have once it is in the ledger."""
    at, stream = datetime.fromisoformat(item["at"]), item["stream"]
    return OpenStream(
        id=item["number"], journal_number=item["number"], began_utc=at, progress_utc=at, **stream
    )


# as facts -----------------------------------------------------------------------------------------------------


def recall() -> None:
    """At start: what a process that died had kept here is a fact again, and the pictures it had running are ended."""
    global _open
    last = None
    with lock:
        use(_journal)
        for item in journal().pending():
            try:
                last = _recall_one(item, last)
            except (KeyError, TypeError, ValueError):
                log.critical(
                    "record %d of the reserved journal cannot be read; it stays there", item.sequence
                )
        left = [
            StreamClosed(number, "gateway_stopped", max(0, int((last - row.began_utc).total_seconds())), 0, 0)
            for number, row in _open.items()
            if last is not None
        ]
        keep_ends(left)


def settled(item: Record) -> None:
    """This record is in the ledger now: what it made a fact is no longer this module's."""
    global _open, _ended
    with lock:
        kept = facts.journalled
        match item.kind:
            case "start" | "change":
                about = item.payload["wish"]["id"] if item.kind == "start" else item.payload["activation"]
                if not any(_about(other, about) for other in journal().pending() if other.slot != item.slot):
                    keys = {key: card for key, card in kept.keys.items() if card != about}
                    _now(cards=tuple(c for c in kept.cards if c.id != about), keys=MappingProxyType(keys))
            case "stop":
                mine = (item.payload["person"], item.payload["owner"])
                _now(stops=tuple(s for s in kept.stops if (s.person, s.owner) != mine))
            case "asking_end":
                about = item.payload["asking"]
                _now(ended_askings=tuple(c for c in kept.ended_askings if c.id != about))
            case "drill_end":
                about = item.payload["asking"]
                _now(ended_drills=tuple(c for c in kept.ended_drills if c.id != about))
            case "entries":
                gone = {each.get("number") for each in item.payload["items"]}
                _open = MappingProxyType({number: row for number, row in _open.items() if number not in gone})
            case "ends":
                _ended -= {each["index"] for each in item.payload["items"]}


def _recall_one(item: Record, last: datetime | None) -> datetime | None:
    """Make one record a fact again. Returns the newest time seen: the last sign of life of who wrote it."""
    global _open, _ended
    payload, kept = item.payload, facts.journalled
    match item.kind:
        case "start":
            wish, grant, _slug, actor = journal_cards.start_in(payload)
            card = journal_cards.started(wish, grant, actor)
            _now(cards=(*kept.cards, card), keys=MappingProxyType({**kept.keys, wish.key: card.id}))
            return _later(last, wish.started_utc)
        case "change":
            what = journal_cards.change_in(payload)
            before = next((c for c in kept.cards if c.id == what.activation), None) or activation.card(
                what.activation
            )
            if before is not None:
                others = tuple(c for c in kept.cards if c.id != before.id)
                keys = {**kept.keys, what.wish.key: before.id} if what.wish else kept.keys
                _now(cards=(*others, journal_cards.changed(before, what)), keys=MappingProxyType(dict(keys)))
            return _later(last, what.at)
        case "stop":
            _now(stops=(*kept.stops, Stop(person=payload["person"], owner=payload["owner"], until_utc=None)))
        case "asking_end":
            end = journal_cards.asking_end_in(payload)
            stored = askings.card(end.asking)
            if stored is not None:
                _now(ended_askings=(*kept.ended_askings, journal_cards.asking_ended(stored, end)))
            return _later(last, end.at)
        case "drill_end":
            end = journal_cards.asking_end_in(payload)
            drill = drills.card(end.asking)
            if drill is not None:
                _now(ended_drills=(*kept.ended_drills, journal_cards.drill_ended(drill, end)))
            return _later(last, end.at)
        case "entries":
            rows = {int(each["number"]): stream_in(each) for each in payload["items"] if "stream" in each}
            _open = MappingProxyType({**_open, **rows})
            return _later(last, *(datetime.fromisoformat(each["at"]) for each in payload["items"]))
        case "ends":
            gone = {int(each["index"]) for each in payload["items"]}
            _open = MappingProxyType({number: row for number, row in _open.items() if number not in gone})
            _ended |= {index for index in gone if index >= 0}
    return last


def _later(last: datetime | None, *times: datetime) -> datetime:
    return max([*times, last] if last is not None else times)


def _about(item: Record, activation_id: str) -> bool:
    if item.kind == "start":
        return bool(item.payload["wish"]["id"] == activation_id)
    return item.kind == "change" and bool(item.payload["activation"] == activation_id)


def _admission_out(number: int, admission: Admission, at: datetime) -> dict[str, Any]:
    stream = {
        "person_id": admission.person,
        "camera_id": admission.camera,
        "viewer": admission.viewer,
        "device": admission.device,
        "agreement": admission.grant.agreement,
        "clause": admission.grant.clause,
        "situation": admission.grant.situation or "",
    }
    entry = journal_cards.entry_out(admission.entry)
    return {"number": number, "at": at.isoformat(), "entry": entry, "stream": stream}


def _write(kind: str, payload: dict[str, Any], *, keep_free: int = 0) -> None:
    try:
        journal().write(kind, {"id": str(uuid.uuid4()), **payload}, keep_free=keep_free)
    except (JournalFull, OSError) as fault:
        log.critical("neither the record nor the reserved journal can be written: %s", fault)
        raise LogUnwritable(
            "This was not done.",
            "Neither the record nor its reserve can be written.",
            "Call 911. Call the district's IT.",
        ) from fault


def _keep(kind: str, items: Sequence[dict[str, Any]], keep_free: int) -> bool:
    """Keep many small things, several to a slot. False when there is no room: then none is kept."""
    if not items:
        return True
    try:
        journal().write_many([(kind, payload) for payload in _packed(kind, items)], keep_free=keep_free)
    except (JournalFull, OSError) as fault:
        log.critical("the reserved journal has no room for %s: %s", kind, fault)
        return False
    return True


def _packed(kind: str, items: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    packed: list[dict[str, Any]] = []
    room = 0
    for item in items:
        size = len(encoded("", item)) + 2
        if size > room:
            packed.append({"id": str(uuid.uuid4()), "items": []})
            room = MAX_PAYLOAD - len(encoded(kind, packed[-1]))
        packed[-1]["items"].append(item)
        room -= size
    return packed


def _now(**changed: Any) -> None:
    """These are the facts from now on."""
    kept = facts.journalled
    facts.journalled = replace(kept, version=kept.version + 1, **changed)
    publish(EpochValue(-1, facts.journalled.version))
