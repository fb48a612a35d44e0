"""Emergency sharings, and what was asked for: invitations, requests, event periods. Written by `actions/` alone."""

from __future__ import annotations

import uuid

from django.db import models

from sightpact.agreements.models import Agreement
from sightpact.cameras.models import Camera, School
from sightpact.people.models import Party, Person


class Activation(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="activations")
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="activations")
    schools = models.ManyToManyField(School, related_name="activations")
    emergency = models.SlugField()  # kind, as the agreement lists it
    clause = models.CharField(max_length=20)  # the clause that it opens
    started_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="started")
    source = models.CharField(max_length=30)  # switch, command, report, or what an alarm came by
    idempotency_key = models.CharField(max_length=64, unique=True)
    level = models.CharField(max_length=20, default="life_safety")  # of the kind, as the agreement has it
    verified = models.BooleanField(default=True)  # exactly while `unverified` is empty
    unverified = models.CharField(max_length=20, blank=True)  # call_911, word, alarm: on what it was reported
    word_of = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="words", null=True)
    confirmed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="confirmed", null=True)
    confirmed_utc = models.DateTimeField(null=True)
    started_utc = models.DateTimeField()
    deadline_utc = models.DateTimeField()  # the one deadline
    full_utc = models.DateTimeField(null=True)  # its deadline once it is confirmed; null: no other
    cap_utc = models.DateTimeField(null=True)  # the latest to which it may be extended; null: it may not
    extended_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="extended", null=True)
    extended_utc = models.DateTimeField(null=True)
    widened_from = models.SlugField(blank=True)  # the lower kind that it was before
    widened_utc = models.DateTimeField(null=True)
    told_to = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="told_of", null=True)
    told_utc = models.DateTimeField(null=True)  # when the first screen of the agency showed it
    taken_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="taken", null=True)
    taken_utc = models.DateTimeField(null=True)
    was_taken = models.BooleanField(
        default=False
    )  # ever: a widening asks to take anew, and ends stay proposed
    end_proposed_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="proposed_ends", null=True
    )
    end_proposed_utc = models.DateTimeField(null=True)
    end_due_utc = models.DateTimeField(
        null=True
    )  # without dispatch's answer the proposed end comes true then
    end_proposed_reason = models.CharField(
        max_length=30, blank=True
    )  # mistake, incident_closed; "": all clear
    ended_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="ended", null=True)
    ended_utc = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=30, blank=True)  # a key of reasons.ENDS
    undo_until_utc = models.DateTimeField(null=True)  # a stop can be taken back before this
    entry = models.BigIntegerField()  # ledger index of its start


class Report(models.Model):
    """One start as it came: a press, an alarm, dispatch's report. The first began the sharing, others joined or widened it.

    Each kind that was reported counts by its own time, so that a merge takes nothing from anybody.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    activation = models.ForeignKey(Activation, on_delete=models.PROTECT, related_name="reports")
    idempotency_key = models.CharField(max_length=64, unique=True)
    emergency = models.SlugField()
    outcome = models.CharField(max_length=20)  # started, joined, widened; disputed
    source = models.CharField(max_length=30)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="reports")
    at_utc = models.DateTimeField()
    until_utc = models.DateTimeField()  # how long this kind counts, if the sharing lasts so long
    level = models.CharField(max_length=20, default="life_safety")  # of this kind, as the agreement has it
    clause = models.CharField(max_length=20, blank=True)  # the clause that it opens
    unverified = models.CharField(max_length=20, blank=True)  # on what it was reported; "" once it is sure
    cap_utc = models.DateTimeField(null=True)  # the latest to which this kind may be extended
    word_of = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="reported_words", null=True)


class AidCall(models.Model):
    """A neighbour who was called for aid in a sharing, under the agreement that has a section for it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    activation = models.ForeignKey(Activation, on_delete=models.PROTECT, related_name="aid")
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="aid_calls")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="aid_calls")
    called_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="aid_calls")
    called_utc = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["activation", "agreement", "party"], name="called_once")
        ]


class Asking(models.Model):
    """An invitation, a request or an event period (product word: window): one row from the asking to its end.

    It counts while `opened_utc` is set, `ended_utc` is not, and `deadline_utc` lies ahead.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20)  # invitation, request, window
    owner = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="askings")
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="askings")
    clause = models.CharField(max_length=20)  # the section that it rests on
    schools = models.ManyToManyField(School, related_name="askings")
    cameras = models.ManyToManyField(Camera, related_name="askings")  # none: all that the section opens there
    purpose = models.CharField(max_length=60, blank=True)  # a key of the agreement's purposes
    reason = models.CharField(max_length=200)  # in the asker's words
    incident = models.CharField(max_length=40, blank=True)  # dispatch's number
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="asked")
    asked_utc = models.DateTimeField()
    idempotency_key = models.CharField(max_length=64, unique=True)
    minutes = models.PositiveIntegerField()  # for how long it opens
    opens_utc = models.DateTimeField(null=True)  # a window: when it is to begin
    answer_due_utc = models.DateTimeField(null=True)  # an answer counts before this; null: none is asked for
    unanswered = models.CharField(max_length=20, blank=True)  # then: stays_closed, opens
    escalate_utc = models.DateTimeField(null=True)  # when an unanswered request goes to the second line
    escalated_utc = models.DateTimeField(null=True)  # when it did
    escalated_to = models.ManyToManyField(Person, related_name="escalated_to_them")  # as they were then
    decision = models.CharField(max_length=20, blank=True)  # approved, refused, unanswered
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="decided", null=True)
    decided_utc = models.DateTimeField(null=True)
    opened_utc = models.DateTimeField(null=True)
    deadline_utc = models.DateTimeField(null=True)  # the one deadline, once it is known
    ended_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="ended_askings", null=True)
    ended_utc = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=30, blank=True)  # a key of asking_words.ENDS
    entry = models.BigIntegerField()  # ledger index of its asking

    class Meta:
        indexes = (models.Index(fields=["ended_utc"], name="asking_ended"),)


class AlarmSource(models.Model):
    """A panic button, a mass-notification product, a feed or a dispatch system that may start, or propose an end.

    To the law it is a person without an account, whose one role at the owner is `alarm`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="alarm_source")
    owner = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="alarm_sources")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=12)  # webhook, cap, cap_feed, mqtt
    address = models.CharField(max_length=500, blank=True)  # of a feed or a broker
    topic = models.CharField(max_length=200, blank=True)  # MQTT topic filter
    trust = models.CharField(max_length=10, default="signed")  # signed, broker (whoever may publish there)
    authority = models.TextField(blank=True)  # PEM of the certificate authority of feed or broker, if its own
    places = models.JSONField(default=dict)  # place, as the sender writes it -> slugs of schools
    codes = models.JSONField(default=dict)  # code -> kind of emergency
    heartbeat_s = models.PositiveIntegerField(
        null=True
    )  # silent for longer is a fault; null: nothing promised
    sealed = models.BinaryField(null=True)  # its key and login, for this server alone
    key_made_utc = models.DateTimeField(null=True)
    created_utc = models.DateTimeField()
    revoked_utc = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)  # moves with each change of the settings above
    heard_utc = models.DateTimeField(null=True)  # the last authentic message
    clock_off_ms = models.IntegerField(null=True)  # received minus sent, of the last one signed with its time
    forged = models.PositiveIntegerField(default=0)  # refused because not signed with its key
    fault = models.CharField(max_length=300, blank=True)  # why feed or broker cannot be reached now
    fault_utc = models.DateTimeField(null=True)


class Alarm(models.Model):
    """One authentic message of a source, and what became of it. The same message sent again is counted, not stored."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    source = models.ForeignKey(AlarmSource, on_delete=models.PROTECT, related_name="alarms")
    received_utc = models.DateTimeField()
    number = models.CharField(max_length=200)  # the sender's own
    digest = models.CharField(max_length=64)  # sha256 hex of what it says
    mark = models.CharField(
        max_length=64
    )  # sha256 hex of its signature; where none is asked for, of id or chance
    status = models.CharField(max_length=12)  # actual, test, drill, heartbeat, draft
    says = models.CharField(max_length=12)  # alert, update, cancel, closed
    places = models.JSONField(default=list)
    codes = models.JSONField(default=list)
    about = models.JSONField(default=list)  # numbers that it refers to
    sent_utc = models.DateTimeField(null=True)
    words = models.CharField(max_length=400, blank=True)
    schools = models.ManyToManyField(School, related_name="alarms")  # those that it maps to
    emergency = models.SlugField(blank=True)  # kind that its code maps to
    state = models.CharField(max_length=20)  # a key of alarms.states.STATES
    why = models.CharField(max_length=400, blank=True)
    activation = models.ForeignKey(Activation, on_delete=models.PROTECT, related_name="alarms", null=True)
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="alarms", null=True)
    answered_utc = models.DateTimeField(null=True)
    times = models.PositiveIntegerField(default=1)  # how often it came
    took_ms = models.PositiveIntegerField(default=0)  # from received to what became of it
    entry = models.BigIntegerField()  # ledger index

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "mark"], name="one_message_once")]
        indexes = (
            models.Index(fields=["state", "received_utc"], name="alarm_state"),
            models.Index(fields=["source", "number"], name="alarm_number"),
            models.Index(fields=["source", "received_utc"], name="alarm_received"),
        )


class Drill(models.Model):
    """An emergency practised on the real path, with simulated pictures only. It counts until its end or its deadline.

    Beside its times stands what the real cameras said meanwhile: a count, and for those that would not show, why.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="drills")
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="drills")
    clause = models.CharField(max_length=20)  # the section on drills
    schools = models.ManyToManyField(School, related_name="drills")
    emergency = models.SlugField()  # the kind that is practised
    started_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="started_drills")
    idempotency_key = models.CharField(max_length=64, unique=True)
    started_utc = models.DateTimeField()  # when the gateway heard it
    recorded_utc = models.DateTimeField()  # when it stood in the record
    deadline_utc = models.DateTimeField()  # the one deadline
    told_to = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    told_utc = models.DateTimeField(null=True)  # when the first screen of the agency showed it
    taken_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="taken_drills", null=True)
    taken_utc = models.DateTimeField(null=True)
    pictured_utc = models.DateTimeField(null=True)  # when the first screen showed a moving simulated picture
    checked_utc = models.DateTimeField(null=True)  # when every real camera had been asked for one frame
    cameras_asked = models.PositiveIntegerField(null=True)  # real ones that this emergency would open there
    cameras_dark = models.JSONField(default=list)  # of these, [camera id, why] of each that would not show
    ended_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="ended_drills", null=True)
    ended_utc = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=30, blank=True)  # a key of drill_words.ENDS
    entry = models.BigIntegerField()  # ledger index of its start

    class Meta:
        indexes = (models.Index(fields=["ended_utc"], name="drill_ended"),)
