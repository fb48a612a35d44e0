"""An emergency sharing: who started it, for which schools, until when, and how it ended. Written by `actions.py` alone."""

from __future__ import annotations

import uuid

from django.db import models

from sightpact.agreements.models import Agreement
from sightpact.cameras.models import School
from sightpact.people.models import Party, Person


class Activation(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="activations")
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="activations")
    schools = models.ManyToManyField(School, related_name="activations")
    emergency = models.SlugField()  # kind, as the agreement lists it
    clause = models.CharField(max_length=20)  # the clause that it opens
    started_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="started")
    source = models.CharField(max_length=30)  # switch, command
    idempotency_key = models.CharField(max_length=64, unique=True)
    verified = models.BooleanField(default=True)
    started_utc = models.DateTimeField()
    deadline_utc = models.DateTimeField()  # the one deadline
    told_to = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="told_of", null=True)
    told_utc = models.DateTimeField(null=True)  # when the first screen of the agency showed it
    taken_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="taken", null=True)
    taken_utc = models.DateTimeField(null=True)
    end_proposed_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="proposed_ends", null=True
    )
    end_proposed_utc = models.DateTimeField(null=True)
    end_due_utc = models.DateTimeField(
        null=True
    )  # without dispatch's answer the proposed end comes true then
    ended_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="ended", null=True)
    ended_utc = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=30, blank=True)  # a key of reasons.ENDS
    entry = models.BigIntegerField()  # ledger index of its start
