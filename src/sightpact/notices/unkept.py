"""What was told while nothing could be written: in memory, with what became of it, until the database takes it. Thread-safe.

Never: a second telling of the same key. A process that dies loses these rows; the reserved journal has who was told.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sightpact.ledger import clock
from sightpact.notices.words import Message

MOST = 300  # notices; beyond that the oldest is dropped
WAITED = timedelta(seconds=60)  # a sender that has not answered by then is taken for dead


@dataclass(frozen=True, slots=True)
class Sent:
    """One delivery. `state` is one of words.STATES; sending until it is known."""

    id: str
    person: str  # id; "" for a party's telephone
    name: str
    kind: str
    address: str = ""
    state: str = "sending"
    at: datetime | None = None
    why: str = ""


@dataclass(slots=True)
class Unkept:
    """One notice that was sent and is not kept. `has_entry`: the reserved journal holds its entry for the record."""

    key: str
    message: Message
    made_utc: datetime
    sent: dict[str, Sent] = field(default_factory=dict)  # by delivery
    has_entry: bool = False

    def says(self) -> str:
        """NAME channel time, of each that went out: for the record."""
        parts = [
            f"{s.name} {s.kind} {s.state}" + (f" {s.at:%H:%M:%S} UTC" if s.at else "")
            for s in self.sent.values()
        ]
        return "; ".join(parts)


_lock = threading.Lock()
_kept: dict[str, Unkept] = {}  # by key


def begin(key: str, message: Message) -> Unkept | None:
    """A new one; None when this key was told so already."""
    with _lock:
        if key in _kept:
            return None
        while len(_kept) >= MOST:
            del _kept[next(iter(_kept))]
        _kept[key] = Unkept(key, message, clock.now())
        return _kept[key]


def add(key: str, sent: Sent) -> None:
    with _lock:
        if key in _kept:
            _kept[key].sent[sent.id] = sent


def became(key: str, delivery: str, state: str, why: str = "") -> None:
    """What became of one delivery."""
    with _lock:
        rows = _kept[key].sent if key in _kept else {}
        if delivery in rows and rows[delivery].state != "acknowledged":
            rows[delivery] = replace(rows[delivery], state=state, at=clock.now(), why=why)


def acknowledge(delivery: str) -> bool:
    """Somebody who holds its token says "seen", before it could be kept. False: it is not one of these."""
    with _lock:
        for each in _kept.values():
            row = each.sent.get(delivery)
            if row is not None and row.state != "acknowledged":
                each.sent[delivery] = replace(row, state="acknowledged", at=clock.now())
                return True
    return False


def about(subject: str) -> tuple[Unkept, ...]:
    """Those about one sharing, alarm or drill, as they are now."""
    with _lock:
        return tuple(
            replace(each, sent=dict(each.sent)) for each in _kept.values() if each.message.about == subject
        )


def settled() -> tuple[Unkept, ...]:
    """Those of which it is known what became of them, oldest first: they can be written."""
    now = clock.now()
    with _lock:
        return tuple(
            replace(each, sent=dict(each.sent))
            for each in _kept.values()
            if now - each.made_utc > WAITED or all(s.state != "sending" for s in each.sent.values())
        )


def forget_all() -> None:
    """What a new process knows, and each test."""
    with _lock:
        _kept.clear()


def forget(key: str) -> tuple[str, ...]:
    """It is kept now. Returns the deliveries to which somebody said "seen" here, also while it was being written."""
    with _lock:
        gone = _kept.pop(key, None)
    return tuple(s.id for s in gone.sent.values() if s.state == "acknowledged") if gone else ()
