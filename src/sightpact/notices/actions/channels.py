"""A person's own channels: a browser that agreed to be told, its removal, and a test that wants an answer."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.db import transaction

from sightpact.ledger import actions as ledger
from sightpact.ledger import clock, store
from sightpact.ledger.entries import NewEntry, Secret
from sightpact.notices import reads
from sightpact.notices.actions.telling import channel_of
from sightpact.notices.errors import ChannelFault
from sightpact.notices.models import Channel, Delivery, Notice
from sightpact.notices.push_address import check_keys
from sightpact.notices.words import OPEN_STATES
from sightpact.people import reads as people
from sightpact.people.reads import PersonCard

TEST_TTL_S = 600
TESTS_A_MINUTE = 6  # of one person: messages and calls cost money
MOST_PUSH = 8  # phones and browsers of one person


def add_push(person: PersonCard, endpoint: str, p256dh: str, auth: str, label: str) -> None:
    """Remember a browser that agreed to be told.

    1. Keys and address must be what a push service gives. 2. At most a few for one person: the oldest goes. 3. Store it.
    4. Write `channel_changed`.

    Raises:
        ChannelFault: what the browser sent cannot be used; says why.
    """
    check_keys(endpoint, p256dh, auth)
    now = clock.now()
    with transaction.atomic():
        row = channel_of(person.id, "push", endpoint, now)
        Channel.objects.filter(pk=row.pk).update(
            p256dh=p256dh,
            auth=auth,
            label=label[:200],
            removed_utc=None,
            failed_utc=None,
            why="",
            added_utc=now,
        )
        mine = Channel.objects.filter(person_id=person.id, kind="push", removed_utc=None)
        for old in mine.order_by("-added_utc", "id")[MOST_PUSH:]:
            Channel.objects.filter(pk=old.pk).update(removed_utc=now)
        _record(person, "push_added", label)


def remove(person: PersonCard, channel: str) -> bool:
    """A phone or browser is told nothing more. False when it was none of this person's.

    1. Claim it by a conditional update. 2. Write `channel_changed`.
    """
    with transaction.atomic():
        mine = Channel.objects.filter(pk=channel, person_id=person.id, kind="push", removed_utc=None)
        label = mine.values_list("label", flat=True).first()
        if label is None or not mine.update(removed_utc=clock.now()):
            return False
        _record(person, "push_removed", label)
        return True


def test_channel(person: PersonCard, kind: str, channel: str = "") -> None:
    """Send a test that its receiver must acknowledge.

    1. It must be this person's, and usable here. 2. One test of a channel at a time, and few a minute.
    3. Store a notice with one delivery. No entry: nobody else is told.

    Args:
        kind: push (with the channel's id), email, sms or voice (to the address of the person's own entry).
    Raises:
        ChannelFault: there is no such channel, it cannot be used, or it is tested too often; says why.
    """
    now = clock.now()
    with transaction.atomic():
        row = _own(person, kind, channel)
        if why := reads.unset(kind):
            raise ChannelFault(
                "The test was not sent.", f"{why[0].upper()}{why[1:]}.", "Ask your district's IT."
            )
        _not_too_often(person, row)
        notice = Notice.objects.create(
            key=f"test/{uuid.uuid4()}",
            about="",
            event="test",
            level="urgent",
            title="Sightpact test: tap to answer",
            text="A test of this channel. Nothing has happened.",
            url="/told/",
            topic="test",
            made_utc=now,
            expires_utc=now + timedelta(seconds=TEST_TTL_S),
            entry=-1,
        )
        Delivery.objects.create(
            notice=notice,
            person_id=person.id,
            name=person.name,
            kind=kind,
            channel=row,
            address=row.address,
            due_utc=now,
        )


test_channel.__test__ = False  # type: ignore[attr-defined]  # its name begins like a test's


def _not_too_often(person: PersonCard, row: Channel) -> None:
    store.take_writer_lock()  # of two at once, the second sees the first
    now = clock.now()
    tests = Delivery.objects.filter(person_id=person.id, notice__event="test", notice__expires_utc__gt=now)
    if tests.filter(channel=row, state__in=OPEN_STATES).exists():
        why = "A test of this channel is on its way already."
        raise ChannelFault("No second test was sent.", why, "Wait for it; it is tried again by itself.")
    if tests.filter(notice__made_utc__gt=now - timedelta(minutes=1)).count() >= TESTS_A_MINUTE:
        why = f"You sent {TESTS_A_MINUTE} tests in a minute."
        raise ChannelFault("The test was not sent.", why, "Wait a minute, then send it again.")


def _own(person: PersonCard, kind: str, channel: str) -> Channel:
    if kind == "push":
        row = Channel.objects.filter(pk=channel, person_id=person.id, kind="push", removed_utc=None).first()
        if row is not None:
            return row
    else:
        contact = people.contacts([person.id]).get(person.id)
        for own, address in reads.addresses(contact):
            if own == kind:
                return channel_of(person.id, kind, address, clock.now())
    raise ChannelFault(
        "The test was not sent.",
        "There is no such channel.",
        "Load the page again, or ask your district's IT.",
    )


def _record(person: PersonCard, what: str, label: str) -> None:
    secret = {"person": people.as_secret(person), "device": Secret("", label[:200])}
    ledger.append([NewEntry("channel_changed", party=person.party_slug, reason_code=what, secret=secret)])
