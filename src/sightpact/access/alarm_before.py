"""Whether an alarm came before, and to which earlier ones it refers. Reads the list, and what stands in memory only."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import count

from sightpact.access import alarm_memory, facts
from sightpact.access.facts import Snapshot
from sightpact.activation import alarm_reads as reads
from sightpact.activation.alarm_reads import AlarmCard, SourceCard
from sightpact.activation.alarms.meaning import Earlier, Meaning
from sightpact.activation.alarms.message import Message
from sightpact.activation.alarms.states import OPEN

SAME_WITHIN = timedelta(minutes=10)  # the same number again within this is the sender trying again
SHOWN_FOR = timedelta(hours=12)  # so long a question is before those who may answer it


@dataclass(frozen=True, slots=True)
class Before:
    """What became of the message when it first came. `alarm` is an id; "" while it stands in memory only."""

    alarm: str
    state: str
    why: str
    activation: str | None


def came_before(source: SourceCard, message: Message, mark: str | None, received: datetime) -> Before | None:
    """The same message again: by its signature at any time; by its number and words shortly after, or while it counts.

    Signed anew after its sharing ended, or its question was put away, it may be a second press: it is no repetition then, and
    `repeated` has a person asked.
    """
    before = reads.by_mark(source.id, mark) if mark else None
    if before is None and message.number:
        same = reads.by_digest(source.id, message.number, message.digest)
        counts = same and (_is_asked(same, received) or _is_live(same.activation))
        before = same if counts and not (mark and same and _is_over(same, message)) else None
    if before is not None:
        return Before(before.id, before.state, before.why, before.activation)
    kept = alarm_memory.find(source.id, mark, message.digest if message.number else "")
    return Before("", kept.state, kept.why, kept.activation) if kept else None


def mark_of(source: SourceCard, mark: str | None, body: bytes, received: datetime) -> str | None:
    """The mark to keep a message under that cannot be read; None when it came before.

    Without a mark of its own it is known by its body: the same again is the sender trying again, while its question waits
    or for ten minutes. After that it is another alarm, and is asked anew.
    """
    if mark is not None:
        known = (
            reads.by_mark(source.id, mark) is not None or alarm_memory.find(source.id, mark, "") is not None
        )
        return None if known else mark
    for n in count():
        wanted = sha256(b"%d " % n + body).hexdigest()
        same = reads.by_mark(source.id, wanted)
        if alarm_memory.find(source.id, wanted, "") or (same and _is_asked(same, received)):
            return None
        if same is None:
            return wanted
    raise AssertionError  # counting does not end


def repeated(source: SourceCard, message: Message, found: Meaning) -> Meaning:
    """An alarm under the number of an older one, whose sharing is over: a person is asked, since it may be either."""
    if found.do != "start" or not message.number:
        return found
    same = reads.by_digest(source.id, message.number, message.digest)
    return found if same is None else replace(found, do="ask", why="repeated")


def earlier(source: SourceCard, message: Message, snapshot: Snapshot) -> list[Earlier]:
    """What became of the messages that it names; of itself, where it only says that it is over."""
    if not message.about and message.says not in ("cancel", "closed"):
        return []
    numbers = message.about or (message.number,)
    live = {card.id: card.started_utc for card in snapshot.live}
    return [
        Earlier(
            card.activation or "",
            card.activation in live,
            card.state == OPEN,
            live.get(card.activation or ""),
        )
        for card in reads.by_numbers(source.id, numbers)
    ]


def _is_asked(card: AlarmCard, received: datetime) -> bool:
    """Whether its question is before somebody, or was within the last minutes."""
    age = received - card.received_utc
    return age <= SAME_WITHIN or (card.state == OPEN and age <= SHOWN_FOR)


def _is_over(card: AlarmCard, message: Message) -> bool:
    """Whether what an earlier alarm began has ended, or a person put it away."""
    if message.status != "actual" or message.says not in ("alert", "update"):
        return False
    return card.state == "dismissed" or (card.activation is not None and not _is_live(card.activation))


def _is_live(activation: str | None) -> bool:
    return any(card.id == activation for card in facts.snapshot().live)
