"""Keeping what was told while nothing could be written: a notice with its deliveries, as they were, once that is possible."""

from __future__ import annotations

from django.db import transaction

from sightpact.ledger import actions as ledger
from sightpact.ledger import store
from sightpact.ledger.entries import NewEntry, Secret
from sightpact.notices import reads
from sightpact.notices.actions.telling import channel_of, proven, stored
from sightpact.notices.models import Delivery, Notice
from sightpact.notices.unkept import Sent, Unkept
from sightpact.people import reads as people

JOURNALLED = -1  # in place of the index of its entry: the reserved journal wrote one of its own
MOST_SAID = 2000  # characters: a slot of the reserved journal holds it in any script


def keep_sent(told: Unkept) -> bool:
    """Store what was told, with its own times. False when its key is stored already.

    1. The same key again: nothing. 2. Write `notice_sent`, where the reserved journal holds none, and say that it came later.
    3. Store the notice and its deliveries. What nobody knows the outcome of has failed; a channel that was answered on is proven.
    """
    with transaction.atomic():
        store.take_writer_lock()
        if reads.was_told(told.key):
            return False
        message, index = told.message, JOURNALLED
        if not told.has_entry:
            (receipt,) = ledger.append([sent_entry(told)])
            index = receipt.index
        notice = stored(message, told.key, told.made_utc, index)
        here = set(people.contacts([s.person for s in told.sent.values() if s.person]))
        rows = [s for s in told.sent.values() if not s.person or s.person in here]
        kept = Delivery.objects.bulk_create([_row(notice, sent) for sent in rows])
        for row in kept:
            if row.acknowledged_utc:
                proven(str(row.pk), row.acknowledged_utc)
        return True


def sent_entry(told: Unkept) -> NewEntry:
    """Its entry for the record: who was told, by what, while the record could not be written."""
    message = told.message
    says = f"{message.title} ({message.level}), told while the record could not be written: {told.says()}"
    return NewEntry(
        type="notice_sent",
        outcome=message.event,
        reason_code=message.level,
        secret={"situation": Secret(message.about, ""), "text": Secret("", says[:MOST_SAID])},
    )


def _row(notice: Notice, sent: Sent) -> Delivery:
    unknown = sent.state == "sending"
    state = "failed" if unknown else sent.state
    at = sent.at or notice.made_utc
    has_channel = sent.person and sent.kind != "page"
    channel = channel_of(sent.person, sent.kind, sent.address, notice.made_utc) if has_channel else None
    return Delivery(
        id=sent.id,
        notice=notice,
        person_id=sent.person or None,
        name=sent.name,
        kind=sent.kind,
        channel=channel,
        address=sent.address,
        state=state,
        due_utc=notice.made_utc,
        sent_utc=at if state in ("sent", "delivered") else None,
        delivered_utc=at if state == "delivered" else None,
        acknowledged_utc=at if state == "acknowledged" else None,
        ended_utc=at if state == "failed" else None,
        tries=1,
        why="nobody knows whether it went out" if unknown else sent.why[:300],
    )
