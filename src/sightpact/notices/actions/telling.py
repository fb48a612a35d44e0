"""Telling: one notice with its deliveries, once. Nothing is sent here; senders take what is queued (`outbox.py`).

Never: a second notice of the same key; a word about a camera.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from sightpact.ledger import actions as ledger
from sightpact.ledger import clock, store
from sightpact.ledger.entries import NewEntry, Secret
from sightpact.notices import reads
from sightpact.notices.models import Channel, Delivery, Notice
from sightpact.notices.words import LATER, Message
from sightpact.people import reads as people
from sightpact.people.phone import e164
from sightpact.people.reads import Contact

MOST_NAMED = 3900  # characters of names in an entry


def tell(persons: Iterable[str], message: Message, key: str, on_page: frozenset[str] = frozenset()) -> bool:
    """Tell persons, once. Returns False when it was told before.

    1. The same key again: nothing. 2. Store the notice, and a delivery for each person and channel that its level uses.
    3. Write `notice_sent`, in the same transaction. After the commit the senders look.

    Args:
        persons: ids; who was taken out is left out.
        on_page: ids of those who have a page open now: it reaches them by itself.
    """
    wanted = list(dict.fromkeys(persons))
    with transaction.atomic():
        store.take_writer_lock()
        if reads.was_told(key):
            return False
        contacts = [c for c in people.contacts(wanted).values() if c.active]
        contacts.sort(key=lambda c: wanted.index(c.id))
        notice = _notice(message, key, [c.name for c in contacts])
        kept: dict[str, list[Channel]] = {}
        for known in Channel.objects.filter(person_id__in=wanted, removed_utc=None):
            kept.setdefault(str(known.person_id), []).append(known)
        rows = [
            row
            for c in contacts
            for row in _deliveries(notice, message.channels(), c, kept.get(c.id, []), on_page)
        ]
        new = {row.channel.pk: row.channel for row in rows if row.channel and row.channel._state.adding}
        Channel.objects.bulk_create(new.values())
        Delivery.objects.bulk_create(rows)
    return True


def call_party(name: str, phone: str, message: Message, key: str) -> bool:
    """Call a party's own telephone, once. Returns False when that was done before, or cannot be.

    1. The same key again, no number, or no gateway: nothing. 2. Store notice and delivery. 3. Write `notice_sent`.
    """
    number = e164(phone)
    if not number or reads.unset("voice"):
        return False
    with transaction.atomic():
        store.take_writer_lock()
        if reads.was_told(key):
            return False
        notice = _notice(message, key, [name])
        Delivery.objects.create(
            notice=notice, name=name, kind="voice", address=number, due_utc=notice.made_utc
        )
    return True


def stored(message: Message, key: str, made_utc: datetime, entry: int) -> Notice:
    """The row of a notice. In the caller's transaction.

    Args:
        entry: ledger index of its `notice_sent`.
    """
    return Notice.objects.create(
        key=key,
        about=message.about,
        event=message.event,
        level=message.level,
        title=message.title[:120],
        text=message.text[:600],
        url=message.url,
        topic=message.topic[:32],
        acknowledge_s=message.acknowledge_s,
        made_utc=made_utc,
        expires_utc=made_utc + timedelta(seconds=message.ttl_s),
        entry=entry,
    )


def proven(delivery: str, at: datetime) -> None:
    """Its channel works: somebody answered on it. In the caller's transaction."""
    Channel.objects.filter(deliveries=delivery).update(proven_utc=at, failed_utc=None, why="")


def channel_of(person: str, kind: str, address: str, now: datetime) -> Channel:
    """The row of an address, made at its first use. In the caller's transaction."""
    row, _made = Channel.objects.get_or_create(
        person_id=person,
        kind=kind,
        address_hash=_hash(address),
        defaults={"address": address, "added_utc": now},
    )
    return row


def _hash(address: str) -> str:
    return hashlib.sha256(address.encode()).hexdigest()


def _notice(message: Message, key: str, names: list[str]) -> Notice:
    now = clock.now()
    says = f"{message.title} ({message.level}): {', '.join(names) or 'nobody'}"[:MOST_NAMED]
    entry = NewEntry(
        type="notice_sent",
        outcome=message.event,
        reason_code=message.level,
        secret={"situation": Secret(message.about, ""), "text": Secret("", says)},
    )
    (receipt,) = ledger.append([entry])
    return stored(message, key, now, receipt.index)


def _deliveries(
    notice: Notice,
    at_once: tuple[str, ...],
    contact: Contact,
    kept: list[Channel],
    on_page: frozenset[str],
) -> list[Delivery]:
    """One row a channel. What this deployment cannot use at all has none: pages say so beforehand (`reads.unreachable`)."""
    now, later = notice.made_utc, notice.made_utc + timedelta(seconds=notice.acknowledge_s)
    found = []
    if "page" in at_once:
        there = contact.id in on_page
        found.append(_row(notice, contact, "page", state="delivered" if there else "queued", delivered=there))
    push = [row for row in kept if row.kind == "push"]
    if "push" in at_once:
        found += [_row(notice, contact, "push", channel=row) for row in push]
    for kind, address in reads.addresses(contact):
        if kind not in (*at_once, *LATER[notice.level]):
            continue
        if kind in LATER[notice.level] and not notice.acknowledge_s:
            continue
        if reads.unset(kind):
            continue
        digest = _hash(address)
        channel = next((c for c in kept if c.kind == kind and c.address_hash == digest), None) or Channel(
            person_id=contact.id, kind=kind, address=address, address_hash=digest, added_utc=now
        )
        due = later if kind in LATER[notice.level] else now
        found.append(_row(notice, contact, kind, channel=channel, due=due))
    return found


def _row(
    notice: Notice,
    contact: Contact,
    kind: str,
    *,
    channel: Channel | None = None,
    state: str = "queued",
    delivered: bool = False,
    due: datetime | None = None,
) -> Delivery:
    return Delivery(
        notice=notice,
        person_id=contact.id,
        name=contact.name,
        kind=kind,
        channel=channel,
        address=channel.address if channel else "",
        state=state,
        due_utc=due or notice.made_utc,
        delivered_utc=notice.made_utc if delivered else None,
    )
