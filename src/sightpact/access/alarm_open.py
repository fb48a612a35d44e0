"""Alarms that wait for a person: those that are kept, and those in memory only, because the record cannot be written."""

from __future__ import annotations

from sightpact.access.alarm_before import SHOWN_FOR
from sightpact.access.alarm_memory import waiting_unkept
from sightpact.activation import alarm_reads as reads
from sightpact.activation.actions.alarms import Heard
from sightpact.activation.alarm_reads import AlarmCard
from sightpact.activation.alarms.states import OPEN
from sightpact.ledger import clock


def waiting() -> tuple[AlarmCard, ...]:
    """All of them, newest first."""
    kept, unkept = reads.waiting(clock.now() - SHOWN_FOR), waiting_unkept()
    return tuple(sorted((*kept, *map(as_card, unkept)), key=lambda card: card.received_utc, reverse=True))


def one(alarm_id: str) -> AlarmCard | None:
    """This one, while it waits; None when it was answered, or is over."""
    unkept = next((heard for heard in waiting_unkept() if heard.id == alarm_id), None)
    card = as_card(unkept) if unkept else reads.alarm(alarm_id) if reads.is_id(alarm_id) else None
    if card is None or card.state != OPEN or card.received_utc < clock.now() - SHOWN_FOR:
        return None
    return card


def as_card(heard: Heard) -> AlarmCard:
    """What came, as it will read once it is kept."""
    source, message = reads.source(heard.source), heard.message
    return AlarmCard(
        id=heard.id,
        source=heard.source,
        source_name=source.name if source else "",
        source_person=source.person if source else "",
        owner=source.owner if source else "",
        received_utc=heard.received_utc,
        number=message.number,
        status=message.status,
        says=message.says,
        places=message.places,
        codes=message.codes,
        words=message.words,
        schools=heard.schools,
        school_names=(),
        emergency=heard.emergency,
        state=heard.state,
        why=heard.why,
        activation=None,
        answered_by_name="",
        answered_utc=None,
        times=1,
        took_ms=heard.took_ms,
    )
