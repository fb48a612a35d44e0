import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("agreements", "0001_initial"),
        ("cameras", "0001_initial"),
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Activation",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("emergency", models.SlugField()),
                ("clause", models.CharField(max_length=20)),
                ("source", models.CharField(max_length=30)),
                ("idempotency_key", models.CharField(max_length=64, unique=True)),
                ("level", models.CharField(default="life_safety", max_length=20)),
                ("verified", models.BooleanField(default=True)),
                ("unverified", models.CharField(blank=True, max_length=20)),
                ("confirmed_utc", models.DateTimeField(null=True)),
                ("started_utc", models.DateTimeField()),
                ("deadline_utc", models.DateTimeField()),
                ("full_utc", models.DateTimeField(null=True)),
                ("cap_utc", models.DateTimeField(null=True)),
                ("extended_utc", models.DateTimeField(null=True)),
                ("widened_from", models.SlugField(blank=True)),
                ("widened_utc", models.DateTimeField(null=True)),
                ("told_utc", models.DateTimeField(null=True)),
                ("taken_utc", models.DateTimeField(null=True)),
                ("was_taken", models.BooleanField(default=False)),
                ("end_proposed_utc", models.DateTimeField(null=True)),
                ("end_due_utc", models.DateTimeField(null=True)),
                ("end_proposed_reason", models.CharField(blank=True, max_length=30)),
                ("ended_utc", models.DateTimeField(null=True)),
                ("end_reason", models.CharField(blank=True, max_length=30)),
                ("undo_until_utc", models.DateTimeField(null=True)),
                ("entry", models.BigIntegerField()),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="activations",
                        to="agreements.agreement",
                    ),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="confirmed",
                        to="people.person",
                    ),
                ),
                (
                    "end_proposed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposed_ends",
                        to="people.person",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ended",
                        to="people.person",
                    ),
                ),
                (
                    "extended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="extended",
                        to="people.person",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="activations",
                        to="people.party",
                    ),
                ),
                ("schools", models.ManyToManyField(related_name="activations", to="cameras.school")),
                (
                    "started_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="started",
                        to="people.person",
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="taken",
                        to="people.person",
                    ),
                ),
                (
                    "told_to",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="told_of",
                        to="people.person",
                    ),
                ),
                (
                    "word_of",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="words",
                        to="people.person",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AlarmSource",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("name", models.CharField(max_length=120)),
                ("kind", models.CharField(max_length=12)),
                ("address", models.CharField(blank=True, max_length=500)),
                ("topic", models.CharField(blank=True, max_length=200)),
                ("trust", models.CharField(default="signed", max_length=10)),
                ("authority", models.TextField(blank=True)),
                ("places", models.JSONField(default=dict)),
                ("codes", models.JSONField(default=dict)),
                ("heartbeat_s", models.PositiveIntegerField(null=True)),
                ("sealed", models.BinaryField(null=True)),
                ("key_made_utc", models.DateTimeField(null=True)),
                ("created_utc", models.DateTimeField()),
                ("revoked_utc", models.DateTimeField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("heard_utc", models.DateTimeField(null=True)),
                ("clock_off_ms", models.IntegerField(null=True)),
                ("forged", models.PositiveIntegerField(default=0)),
                ("fault", models.CharField(blank=True, max_length=300)),
                ("fault_utc", models.DateTimeField(null=True)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alarm_sources",
                        to="people.party",
                    ),
                ),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alarm_source",
                        to="people.person",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("idempotency_key", models.CharField(max_length=64, unique=True)),
                ("emergency", models.SlugField()),
                ("outcome", models.CharField(max_length=20)),
                ("source", models.CharField(max_length=30)),
                ("at_utc", models.DateTimeField()),
                ("until_utc", models.DateTimeField()),
                ("level", models.CharField(default="life_safety", max_length=20)),
                ("clause", models.CharField(blank=True, max_length=20)),
                ("unverified", models.CharField(blank=True, max_length=20)),
                ("cap_utc", models.DateTimeField(null=True)),
                (
                    "activation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="activation.activation",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="people.person",
                    ),
                ),
                (
                    "word_of",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reported_words",
                        to="people.person",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AidCall",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("called_utc", models.DateTimeField()),
                (
                    "activation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="aid",
                        to="activation.activation",
                    ),
                ),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="aid_calls",
                        to="agreements.agreement",
                    ),
                ),
                (
                    "called_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="aid_calls",
                        to="people.person",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="aid_calls",
                        to="people.party",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("activation", "agreement", "party"), name="called_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Alarm",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("received_utc", models.DateTimeField()),
                ("number", models.CharField(max_length=200)),
                ("digest", models.CharField(max_length=64)),
                ("mark", models.CharField(max_length=64)),
                ("status", models.CharField(max_length=12)),
                ("says", models.CharField(max_length=12)),
                ("places", models.JSONField(default=list)),
                ("codes", models.JSONField(default=list)),
                ("about", models.JSONField(default=list)),
                ("sent_utc", models.DateTimeField(null=True)),
                ("words", models.CharField(blank=True, max_length=400)),
                ("emergency", models.SlugField(blank=True)),
                ("state", models.CharField(max_length=20)),
                ("why", models.CharField(blank=True, max_length=400)),
                ("answered_utc", models.DateTimeField(null=True)),
                ("times", models.PositiveIntegerField(default=1)),
                ("took_ms", models.PositiveIntegerField(default=0)),
                ("entry", models.BigIntegerField()),
                (
                    "activation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alarms",
                        to="activation.activation",
                    ),
                ),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alarms",
                        to="people.person",
                    ),
                ),
                ("schools", models.ManyToManyField(related_name="alarms", to="cameras.school")),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alarms",
                        to="activation.alarmsource",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["state", "received_utc"], name="alarm_state"),
                    models.Index(fields=["source", "number"], name="alarm_number"),
                    models.Index(fields=["source", "received_utc"], name="alarm_received"),
                ],
                "constraints": [models.UniqueConstraint(fields=("source", "mark"), name="one_message_once")],
            },
        ),
        migrations.CreateModel(
            name="Asking",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("kind", models.CharField(max_length=20)),
                ("clause", models.CharField(max_length=20)),
                ("purpose", models.CharField(blank=True, max_length=60)),
                ("reason", models.CharField(max_length=200)),
                ("incident", models.CharField(blank=True, max_length=40)),
                ("asked_utc", models.DateTimeField()),
                ("idempotency_key", models.CharField(max_length=64, unique=True)),
                ("minutes", models.PositiveIntegerField()),
                ("opens_utc", models.DateTimeField(null=True)),
                ("answer_due_utc", models.DateTimeField(null=True)),
                ("unanswered", models.CharField(blank=True, max_length=20)),
                ("escalate_utc", models.DateTimeField(null=True)),
                ("escalated_utc", models.DateTimeField(null=True)),
                ("decision", models.CharField(blank=True, max_length=20)),
                ("decided_utc", models.DateTimeField(null=True)),
                ("opened_utc", models.DateTimeField(null=True)),
                ("deadline_utc", models.DateTimeField(null=True)),
                ("ended_utc", models.DateTimeField(null=True)),
                ("end_reason", models.CharField(blank=True, max_length=30)),
                ("entry", models.BigIntegerField()),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="askings",
                        to="agreements.agreement",
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="asked", to="people.person"
                    ),
                ),
                ("cameras", models.ManyToManyField(related_name="askings", to="cameras.camera")),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decided",
                        to="people.person",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ended_askings",
                        to="people.person",
                    ),
                ),
                (
                    "escalated_to",
                    models.ManyToManyField(related_name="escalated_to_them", to="people.person"),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="askings", to="people.party"
                    ),
                ),
                ("schools", models.ManyToManyField(related_name="askings", to="cameras.school")),
            ],
            options={
                "indexes": [models.Index(fields=["ended_utc"], name="asking_ended")],
            },
        ),
        migrations.CreateModel(
            name="Drill",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("clause", models.CharField(max_length=20)),
                ("emergency", models.SlugField()),
                ("idempotency_key", models.CharField(max_length=64, unique=True)),
                ("started_utc", models.DateTimeField()),
                ("recorded_utc", models.DateTimeField()),
                ("deadline_utc", models.DateTimeField()),
                ("told_utc", models.DateTimeField(null=True)),
                ("taken_utc", models.DateTimeField(null=True)),
                ("pictured_utc", models.DateTimeField(null=True)),
                ("checked_utc", models.DateTimeField(null=True)),
                ("cameras_asked", models.PositiveIntegerField(null=True)),
                ("cameras_dark", models.JSONField(default=list)),
                ("ended_utc", models.DateTimeField(null=True)),
                ("end_reason", models.CharField(blank=True, max_length=30)),
                ("entry", models.BigIntegerField()),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="drills",
                        to="agreements.agreement",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ended_drills",
                        to="people.person",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="drills", to="people.party"
                    ),
                ),
                ("schools", models.ManyToManyField(related_name="drills", to="cameras.school")),
                (
                    "started_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="started_drills",
                        to="people.person",
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="taken_drills",
                        to="people.person",
                    ),
                ),
                (
                    "told_to",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["ended_utc"], name="drill_ended")],
            },
        ),
    ]
