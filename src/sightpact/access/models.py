"""Streams that run now, and viewings that the owner stopped. Written by `access/actions.py` alone."""

from __future__ import annotations

import uuid

from django.db import models

from sightpact.cameras.models import Camera
from sightpact.people.models import Party, Person


class OpenStream(models.Model):
    """One picture that runs: written with its admission entry, removed with its end entry.

    A row found at start belongs to a gateway that died; its end is then written from `progress_utc`.
    """

    id = models.BigIntegerField(primary_key=True)  # ledger index of its admission
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    camera = models.ForeignKey(Camera, on_delete=models.PROTECT, related_name="+")
    viewer = models.CharField(max_length=40)
    device = models.CharField(max_length=200, blank=True)
    agreement = models.UUIDField()
    clause = models.CharField(max_length=20)
    situation = models.CharField(max_length=40, blank=True)
    began_utc = models.DateTimeField()
    progress_utc = models.DateTimeField()  # last known to be running
    frames = models.BigIntegerField(default=0)
    bytes = models.BigIntegerField(default=0)
    journal_number = models.BigIntegerField(
        null=True, unique=True
    )  # what stood for its entry in the reserved journal


class ReplayedRecord(models.Model):
    """A record of the reserved journal that is in the ledger, until its slot is cleared: it is never written twice."""

    id = models.UUIDField(primary_key=True)


class StoppedPerson(models.Model):
    """The owner ended this person's viewing; it stays ended until the owner lets the person back."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    stopped_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    stopped_utc = models.DateTimeField()
    lifted_utc = models.DateTimeField(null=True)
    entry = models.BigIntegerField()


class PendingChange(models.Model):
    """A change that would give somebody more, until a second person decides. `data` is read by its kind in `changes/`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20)
    data = models.JSONField()
    title = models.CharField(max_length=300)
    says = models.JSONField(default=list)  # what it opens and closes, for the owner's people
    says_outside = models.JSONField(default=list)  # the same for others: without counts of inside cameras
    owner = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="+", null=True
    )  # whose people it is about
    about = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", null=True
    )  # who would gain by it
    by = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", null=True
    )  # null: command line of the server
    proposed_utc = models.DateTimeField()
    expires_utc = models.DateTimeField()
    world = models.BigIntegerField()  # epoch at which `says` was worked out
    state = models.CharField(
        max_length=10, default="waiting"
    )  # waiting, approved, refused, withdrawn, expired
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    decided_utc = models.DateTimeField(null=True)
    note = models.CharField(max_length=500, blank=True)  # why it was refused
    entry = models.BigIntegerField()


class CameraFrame(models.Model):
    """What came of the last time that the gateway asked this camera for one frame. Never a picture."""

    camera = models.OneToOneField(Camera, on_delete=models.PROTECT, related_name="+", primary_key=True)
    ok = models.BooleanField()
    since_utc = models.DateTimeField()  # since when it is so
    looked_utc = models.DateTimeField()
    seconds = models.FloatField()  # from connecting to the decoded frame, or until it was given up
    why = models.CharField(max_length=300, blank=True)  # no address
    detail = models.CharField(max_length=300, blank=True)  # for the owner's technician; never a password
    one_colour = models.BooleanField(default=False)  # it decodes, and shows nothing


class ReadyState(models.Model):
    """Since when a check of readiness has been as it is."""

    id = models.CharField(primary_key=True, max_length=120)  # owner/school/check
    state = models.CharField(max_length=5)  # well, soon, fails
    text = models.CharField(max_length=600)
    since_utc = models.DateTimeField()
