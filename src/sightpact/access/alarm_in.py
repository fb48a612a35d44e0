"""An alarm comes in: verified, understood, started by the law's leave, kept. Everything authentic reaches a human.

The start comes first and the listing after it: a crash between them leaves a sharing, and the sender, who got no answer,
sends again and joins it. Never: a start that `access.sharing` would not make for the source's own person.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex

from sightpact.access import alarm_pace, exercises, facts, sharing
from sightpact.access.alarm_before import came_before, earlier, mark_of, repeated
from sightpact.access.alarm_health import health
from sightpact.access.alarm_memory import count_forged, keep, quietly, settle, waiting_unkept
from sightpact.access.alarm_open import as_card
from sightpact.access.alarm_telling import ask
from sightpact.access.alarm_would import ids_of, would
from sightpact.access.errors import AccessError
from sightpact.access.facts import Snapshot
from sightpact.activation import alarm_reads as reads
from sightpact.activation.actions import alarm_sources
from sightpact.activation.actions import alarms as actions
from sightpact.activation.actions.alarms import Heard
from sightpact.activation.alarm_reads import SourceCard
from sightpact.activation.alarms import asap, cap, signature, webhook
from sightpact.activation.alarms.meaning import Meaning, meaning
from sightpact.activation.alarms.message import MOST_BYTES, BadAlarm, Forged, Message
from sightpact.activation.alarms.states import OPEN
from sightpact.activation.errors import ActivationError
from sightpact.ledger import clock

log = logging.getLogger(__name__)

_locks: dict[str, threading.Lock] = {}  # by source: of two same messages at once, the second finds the first


class TooOften(ActivationError):
    """The source sends more than it may. What it says is known already."""

    code = "too_often"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a message. `is_new` False: it came before, and nothing was done again."""

    state: str
    says: str
    is_new: bool = True
    activation: str | None = None
    alarm: str | None = None


def receive(source_id: str, headers: Mapping[str, str], body: bytes) -> Outcome:
    """A message by HTTP.

    1. Verify that it was signed with a key of this source (a product of CAP that cannot sign: that it holds the key).
    2. Read it. What cannot be read, and is authentic, becomes a question to a person. 3. As `act`.

    Raises:
        Forged: not known, revoked, or not signed; all alike. BadAlarm: authentic and not readable: a person is asked.
        TooOften: nothing new is held back by this.
    """
    received = clock.now()
    source = reads.source(source_id)
    if source is not None and (source.revoked_utc is not None or source.kind not in ("webhook", "cap")):
        source = None
    secrets = reads.secrets_of(source.id) if source else reads.Secrets()
    try:
        signed = signature.verify(headers, body[: MOST_BYTES + 1], secrets.keys)
    except Forged:
        if source is None:
            raise
        if source.kind != "cap" or not signature.is_bearer(headers, secrets.keys):
            count_forged(source.id)
            raise
        signed = None
    assert source is not None
    if len(secrets.keys) > 1 and _by_newest(headers, body, secrets.keys[0]):
        quietly(lambda: alarm_sources.drop_old_key(source.id))
    mark = signed.mark if signed else None
    try:
        message = read(source, body, received, signed.sent_utc if signed else None)
    except BadAlarm as fault:
        unreadable(source, fault, received, mark, body)
        raise
    off = received - signed.sent_utc if signed else None
    return act(source, message, received, mark=mark, clock_off=off)


def read(source: SourceCard, body: bytes, received: datetime, sent: datetime | None) -> Message:
    """The message in a body, by the kind of its source.

    Raises:
        BadAlarm: naming what is wrong.
    """
    if source.kind in ("webhook", "mqtt"):
        return webhook.parse(body, sent)
    found = cap.root(body)
    return asap.of(found, received) if asap.looks_so(found) else cap.of(found)


def act(
    source: SourceCard,
    message: Message,
    received: datetime,
    *,
    mark: str | None = None,
    clock_off: timedelta | None = None,
    late: bool = False,
) -> Outcome:
    """Do what an authentic message means.

    1. A message that came before is merged into that one. 2. Understand it. 3. Start, propose an end, try (a test), or ask
    a person. 4. Keep it with what became of it. 5. Note the sign of life.

    Args:
        mark: of its signature; None: none was asked for.
        clock_off: received minus sent, where the sender signed its time.
        late: see `meaning`.
    """
    off = clock_off if clock_off is not None else (received - message.sent_utc if message.sent_utc else None)
    off_ms = int(off.total_seconds() * 1000) if off is not None and not late else None
    try:
        if message.status == "heartbeat":
            return Outcome("heartbeat", "Heard.")
        return _acted(source, message, received, mark, late)
    finally:
        quietly(lambda: actions.heard(source.id, received, off_ms))


def unreadable(
    source: SourceCard, fault: BadAlarm, received: datetime, mark: str | None, body: bytes = b""
) -> None:
    """What is authentic and cannot be read: a person is asked, and the first words are shown.

    1. What came before is left. 2. Keep it as a question. 3. Tell of it.

    Args:
        mark: of its signature, or of what stays the same however often it is read; None: by its body.
    Raises:
        TooOften: nothing was kept; it may be sent again.
    """
    words = " ".join(
        "".join(c if c.isprintable() else " " for c in body[:300].decode(errors="replace")).split()
    )
    message = Message("", "actual", "alert", (), (), None, words=words[:300])
    with _lock_of(source.id):
        new = mark_of(source, mark, body, received)
        if new is None:
            return
        if not alarm_pace.may(source.id, (), clock.monotonic()):
            raise _too_often()
        snapshot = facts.snapshot()
        why = f"unreadable {fault.why}"
        heard = Heard(source.id, _slug(snapshot, source.owner), message, new, received, OPEN, why)
        keep(heard)
    ask(snapshot, as_card(heard))


# parts ------------------------------------------------------------------------------------------------------------


def _acted(source: SourceCard, message: Message, received: datetime, mark: str | None, late: bool) -> Outcome:
    began = clock.monotonic()
    with _lock_of(source.id):
        before = came_before(source, message, mark, received)
        if before is not None:
            if before.alarm:
                quietly(lambda: actions.again(before.alarm))
            return Outcome(before.state, before.why, False, before.activation, before.alarm or None)
        snapshot = facts.snapshot()
        found = meaning(message, source.mapping, received, earlier(source, message, snapshot), late)
        found = repeated(source, message, found)
        if not alarm_pace.may(source.id, _about(found), clock.monotonic()):
            raise _too_often()
        state, why, activation = _do(snapshot, source, message, found)
        heard = Heard(
            source=source.id,
            party=_slug(snapshot, source.owner),
            message=message,
            mark=mark or _chance(),
            received_utc=received,
            state=state,
            why=why,
            schools=ids_of(snapshot, found.schools),
            emergency=found.kind,
            activation=activation,
            took_ms=int((clock.monotonic() - began) * 1000),
        )
        keep(heard)
    if state == OPEN:
        ask(snapshot, as_card(heard))
    return Outcome(state, why, True, activation, heard.id)


def _lock_of(source_id: str) -> threading.Lock:
    return _locks.setdefault(source_id, threading.Lock())


def _do(
    snapshot: Snapshot, source: SourceCard, message: Message, found: Meaning
) -> tuple[str, str, str | None]:
    """What became of it: state, why, sharing."""
    match found.do:
        case "start":
            return _start(snapshot, source, message, found)
        case "end":
            return _end(snapshot, source, found)
        case "test":
            return "tested", would(snapshot, source, found), None
        case "drill":
            return (*exercises.begin(snapshot, source, found), None)
        case "ask":
            return OPEN, found.why, None
    known = {"too_old": "too_old", "draft": "draft"}
    return known.get(found.why, "nothing_to_end"), found.why, None


def _start(
    snapshot: Snapshot, source: SourceCard, message: Message, found: Meaning
) -> tuple[str, str, str | None]:
    ran = {card.id: card.emergency for card in snapshot.live}
    key = f"alarm-{_key(source, message)}"
    try:
        card = sharing.start(
            source.person, ids_of(snapshot, found.schools), found.kind, key, "alarm", source.name
        )
    except (AccessError, ActivationError) as fault:
        return OPEN, f"refused {fault.why}", None
    except Exception:
        log.exception("an alarm could not be started by itself; a person is asked")
        return OPEN, "failed", None
    state = "started" if card.id not in ran else "joined" if card.emergency == ran[card.id] else "widened"
    return state, "", card.id


def _end(snapshot: Snapshot, source: SourceCard, found: Meaning) -> tuple[str, str, str | None]:
    """Propose the end of what it names; without a name, of the one sharing that runs at its schools."""
    wanted = found.activations
    if not wanted:
        schools = set(ids_of(snapshot, found.schools))
        here = [card.id for card in snapshot.live if schools & set(card.schools)]
        if len(here) > 1:
            return OPEN, "which_end", None
        wanted = tuple(here)
    state = "nothing_to_end"
    for activation in wanted:
        try:
            card = sharing.propose_by_machine(source.person, activation, "incident_closed")
        except (AccessError, ActivationError) as fault:
            return "nothing_to_end", f"refused {fault.why}", activation
        state = "end_proposed" if card.is_live else "ended"
    return state, found.why, wanted[0] if wanted else None


def _by_newest(headers: Mapping[str, str], body: bytes, key: str) -> bool:
    try:
        signature.verify(headers, body, (key,))
    except Forged:
        return signature.is_bearer(headers, (key,))
    return True


def _about(found: Meaning) -> list[str]:
    return [f"{found.do} {school} {found.kind}" for school in found.schools]


def _too_often() -> TooOften:
    return TooOften("This source", "sends more than 60 messages a minute.", "Wait a minute.")


def _slug(snapshot: Snapshot, party: str) -> str:
    card = snapshot.names.parties.get(party)
    return card.slug if card else ""


def _key(source: SourceCard, message: Message) -> str:
    return hashlib.sha256(f"{source.id} {message.digest}".encode()).hexdigest()[:48]


def _chance() -> str:
    return token_hex(32)


__all__ = [
    "Outcome",
    "TooOften",
    "act",
    "count_forged",
    "health",
    "receive",
    "settle",
    "unreadable",
    "waiting_unkept",
]
