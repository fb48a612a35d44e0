import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cameras", "0001_initial"),
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="CameraFrame",
            fields=[
                (
                    "camera",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="cameras.camera",
                    ),
                ),
                ("ok", models.BooleanField()),
                ("since_utc", models.DateTimeField()),
                ("looked_utc", models.DateTimeField()),
                ("seconds", models.FloatField()),
                ("why", models.CharField(blank=True, max_length=300)),
                ("detail", models.CharField(blank=True, max_length=300)),
                ("one_colour", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="ReadyState",
            fields=[
                ("id", models.CharField(max_length=120, primary_key=True, serialize=False)),
                ("state", models.CharField(max_length=5)),
                ("text", models.CharField(max_length=600)),
                ("since_utc", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="ReplayedRecord",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
            ],
        ),
        migrations.CreateModel(
            name="OpenStream",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("viewer", models.CharField(max_length=40)),
                ("device", models.CharField(blank=True, max_length=200)),
                ("agreement", models.UUIDField()),
                ("clause", models.CharField(max_length=20)),
                ("situation", models.CharField(blank=True, max_length=40)),
                ("began_utc", models.DateTimeField()),
                ("progress_utc", models.DateTimeField()),
                ("frames", models.BigIntegerField(default=0)),
                ("bytes", models.BigIntegerField(default=0)),
                ("journal_number", models.BigIntegerField(null=True, unique=True)),
                (
                    "camera",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cameras.camera"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PendingChange",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("kind", models.CharField(max_length=20)),
                ("data", models.JSONField()),
                ("title", models.CharField(max_length=300)),
                ("says", models.JSONField(default=list)),
                ("says_outside", models.JSONField(default=list)),
                ("proposed_utc", models.DateTimeField()),
                ("expires_utc", models.DateTimeField()),
                ("world", models.BigIntegerField()),
                ("state", models.CharField(default="waiting", max_length=10)),
                ("decided_utc", models.DateTimeField(null=True)),
                ("note", models.CharField(blank=True, max_length=500)),
                ("entry", models.BigIntegerField()),
                (
                    "about",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.party",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.party"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="StoppedPerson",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("stopped_utc", models.DateTimeField()),
                ("lifted_utc", models.DateTimeField(null=True)),
                ("entry", models.BigIntegerField()),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.party"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "stopped_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
            ],
        ),
    ]
