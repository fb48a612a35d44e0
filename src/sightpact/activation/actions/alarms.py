"""What came from sources of alarms, and what became of it. The only writer of `Alarm` and of what was heard of a source.

Never: a decision whether a sharing starts; that was made before, by the law, and stands in `Heard`.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q

from sightpact.activation.actions.sharings import Actor
from sightpact.activation.alarms.message import Message
from sightpact.activation.alarms.states import EXERCISE, OPEN, STATES
from sightpact.activation.models import Activation, Alarm, AlarmSource
from sightpact.cameras.models import School
from sightpact.ledger import actions as ledger
from sightpact.ledger import clock
from sightpact.ledger.actions import Receipt
from sightpact.ledger.entries import NewEntry, Secret


@dataclass(frozen=True, slots=True)
class Heard:
    """One authentic message with what became of it, as it will be kept."""

    source: str  # id
    party: str  # slug of the owner
    message: Message
    mark: str
    received_utc: datetime
    state: str  # of alarms.states.STATES
    why: str = ""  # a key of states.why_words, then what is to be added
    schools: tuple[str, ...] = ()  # ids
    emergency: str = ""
    activation: str | None = None  # id; one that stands in the reserved journal only is not linked
    took_ms: int = 0
    id: str = field(default_factory=lambda: str(uuid.uuid4()))


def keep(heard: Heard) -> None:
    """Store what came and what became of it. The same message again changes nothing.

    1. Take the writer's place; leave at a message that is kept already. 2. Write `alarm_received`; where a person is asked,
    bump the situation epoch, so that open pages ask again. 3. Store it.
    """
    if heard.state not in STATES:
        raise ValueError(f"{heard.state!r} is nothing that becomes of an alarm")
    with transaction.atomic():
        ledger.append([])
        source = AlarmSource.objects.get(pk=heard.source)
        if Alarm.objects.filter(source=source, mark=heard.mark).exists():
            return
        (receipt,) = _append(
            "alarm_received", source, heard.party, heard.state, heard.emergency, heard.id, heard
        )
        message = heard.message
        row = Alarm.objects.create(
            id=uuid.UUID(heard.id),
            source=source,
            received_utc=heard.received_utc,
            number=message.number,
            digest=message.digest,
            mark=heard.mark,
            status=message.status,
            says=message.says,
            places=list(message.places),
            codes=list(message.codes),
            about=list(message.about),
            sent_utc=message.sent_utc,
            words=message.words,
            emergency=heard.emergency,
            state=heard.state,
            why=heard.why[:400],
            activation_id=_stored(heard.activation),
            took_ms=heard.took_ms,
            entry=receipt.index,
        )
        row.schools.set(School.objects.filter(pk__in=heard.schools))


def again(alarm_id: str) -> None:
    """The same message came once more. 1. Count it. No entry: nothing has happened."""
    Alarm.objects.filter(pk=alarm_id).update(times=F("times") + 1)


def answer(alarm_id: str, state: str, actor: Actor, activation: str | None = None, note: str = "") -> bool:
    """A person says what an alarm is. False when somebody else did before.

    1. Claim it while it waits. 2. Write `alarm_answered`, which closes the entry of its coming.

    Args:
        state: answered (a sharing was opened for it, or a drill begun) or dismissed.
        activation: id of that sharing.
    """
    if state not in ("answered", "dismissed"):
        raise ValueError(f"{state!r} is no answer")
    with transaction.atomic():
        ledger.append([])
        claimed = Alarm.objects.filter(pk=alarm_id, state__in=(OPEN, EXERCISE)).update(
            state=state,
            answered_by_id=actor.person,
            answered_utc=clock.now(),
            activation_id=_stored(activation),
        )
        if claimed:
            row = Alarm.objects.get(pk=alarm_id)
            entry = NewEntry(
                "alarm_answered",
                party=actor.party,
                outcome=state,
                ref=row.entry,
                secret={"person": Secret(actor.person, actor.says), "text": Secret(alarm_id, note[:400])},
            )
            ledger.append([entry], bump="situation")
        return bool(claimed)


def heard(source_id: str, at: datetime, clock_off_ms: int | None) -> None:
    """A sign of life. 1. Note when, and how far its clock was off; never backwards. No entry: the message has one."""
    values: dict[str, object] = {"heard_utc": at}
    if clock_off_ms is not None:
        values["clock_off_ms"] = max(-(2**31), min(2**31 - 1, clock_off_ms))
    rows = AlarmSource.objects.filter(Q(heard_utc=None) | Q(heard_utc__lt=at), pk=source_id)
    rows.update(**values)


def forged(source_id: str, count: int) -> None:
    """So many were refused because they are not signed with its key. 1. Count them. 2. Write `alarm_forged`, once for all."""
    with transaction.atomic():
        ledger.append([])
        source = AlarmSource.objects.select_related("owner").filter(pk=source_id).first()
        if source is None:
            return
        AlarmSource.objects.filter(pk=source_id).update(forged=F("forged") + count)
        text = f"{count} refused at the source {source.name}: not signed with its key"
        secret = {"text": Secret(source_id, text)}
        ledger.append([NewEntry("alarm_forged", party=source.owner.slug, outcome="refused", secret=secret)])


def trouble(source_id: str, fault: str) -> None:
    """Why a feed or broker cannot be reached now; "" when it can. 1. Note it, with since when."""
    at = clock.now() if fault else None
    rows = AlarmSource.objects.filter(pk=source_id).exclude(fault=fault[:300])
    rows.update(fault=fault[:300], fault_utc=at)


def _stored(activation: str | None) -> str | None:
    """The id, where a row has it."""
    return activation if activation and Activation.objects.filter(pk=activation).exists() else None


def _append(
    kind: str, source: AlarmSource, party: str, state: str, emergency: str, alarm_id: str, heard: Heard
) -> list[Receipt]:
    said = heard.message
    text = f"{source.name}: {said.says} {said.number}, place {', '.join(said.places)}, code {', '.join(said.codes)}"
    secret = {"person": Secret(str(source.person_id), source.name), "text": Secret(alarm_id, text[:3000])}
    if heard.activation:
        secret["situation"] = Secret(heard.activation, heard.activation)
    entry = NewEntry(
        kind,
        party=party,
        emergency=emergency,
        outcome=state,
        reason_code=heard.why.partition(" ")[0],
        secret=secret,
    )
    return ledger.append([entry], bump="situation" if state in (OPEN, EXERCISE) else None)
