"""Where people can be told, what they were told, and what became of each telling. Written by `actions/` alone.

Never: a name of a camera, or what a picture shows.
"""

from __future__ import annotations

import uuid

from django.db import models

from sightpact.people.models import Person


class Channel(models.Model):
    """One way to a person. Push: a browser that agreed. E-mail and telephone come from the person's own entry; their row
    keeps whether they were tested and whether they fail.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="channels")
    kind = models.CharField(max_length=8)  # push, email, sms, voice
    address = models.CharField(max_length=1000)  # of a push: its endpoint
    address_hash = models.CharField(max_length=64)  # sha256 hex, for the index
    p256dh = models.CharField(max_length=120, blank=True)  # push: the browser's public key, base64url
    auth = models.CharField(max_length=60, blank=True)  # push: its secret, base64url
    label = models.CharField(max_length=200, blank=True)  # what the browser calls itself
    added_utc = models.DateTimeField()
    proven_utc = models.DateTimeField(null=True)  # the last time that somebody acknowledged on it
    failed_utc = models.DateTimeField(null=True)  # the last time that it failed, if after that
    why = models.CharField(max_length=300, blank=True)
    removed_utc = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "kind", "address_hash"], name="one_channel_once")
        ]


class Notice(models.Model):
    """Something that people are told once. `key` makes telling twice one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=120, unique=True)
    about = models.CharField(max_length=40, db_index=True)  # id of a sharing, or "" (a test)
    event = models.CharField(max_length=20)
    level = models.CharField(max_length=12)  # a key of levels.LEVELS
    title = models.CharField(max_length=120)  # bare: it stands on a locked screen
    text = models.CharField(max_length=600)  # after sign-in
    url = models.CharField(max_length=200)
    topic = models.CharField(max_length=32)  # a later notice of the same topic replaces it on a phone
    acknowledge_s = models.PositiveIntegerField(default=0)  # within so many seconds; 0: nobody has to
    made_utc = models.DateTimeField(db_index=True)
    expires_utc = models.DateTimeField()  # nothing is sent after this
    entry = models.BigIntegerField()  # ledger index


class Delivery(models.Model):
    """One notice to one person on one channel, or to a party's telephone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="deliveries")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="deliveries", null=True)
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="deliveries", null=True)
    name = models.CharField(max_length=200)  # as it was then
    kind = models.CharField(max_length=8)  # page, push, email, sms, voice
    address = models.CharField(max_length=1000, blank=True)
    state = models.CharField(max_length=12, default="queued")  # a key of states.STATES
    due_utc = models.DateTimeField()  # not before; moves with each attempt
    sent_utc = models.DateTimeField(null=True)
    delivered_utc = models.DateTimeField(null=True)
    acknowledged_utc = models.DateTimeField(null=True)
    ended_utc = models.DateTimeField(null=True)  # failed or spared
    tries = models.PositiveSmallIntegerField(default=0)
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = (models.Index(fields=["state", "due_utc"], name="delivery_due"),)


class ReadyMade(models.Model):
    """Words for families or staff, made from a sharing, mended by a person and approved by one. Never sent from here."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    about = models.CharField(max_length=40)  # id of a sharing
    which = models.CharField(max_length=30)  # a key of ready_made.KINDS
    language = models.CharField(max_length=8)
    text = models.TextField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="notices_made")
    made_utc = models.DateTimeField()
    approved_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="notices_approved", null=True
    )
    approved_utc = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["about", "which", "language"], name="one_text_of_a_sort")
        ]
