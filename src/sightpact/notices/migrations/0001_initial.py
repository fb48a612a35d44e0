import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("key", models.CharField(max_length=120, unique=True)),
                ("about", models.CharField(db_index=True, max_length=40)),
                ("event", models.CharField(max_length=20)),
                ("level", models.CharField(max_length=12)),
                ("title", models.CharField(max_length=120)),
                ("text", models.CharField(max_length=600)),
                ("url", models.CharField(max_length=200)),
                ("topic", models.CharField(max_length=32)),
                ("acknowledge_s", models.PositiveIntegerField(default=0)),
                ("made_utc", models.DateTimeField(db_index=True)),
                ("expires_utc", models.DateTimeField()),
                ("entry", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Channel",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("kind", models.CharField(max_length=8)),
                ("address", models.CharField(max_length=1000)),
                ("address_hash", models.CharField(max_length=64)),
                ("p256dh", models.CharField(blank=True, max_length=120)),
                ("auth", models.CharField(blank=True, max_length=60)),
                ("label", models.CharField(blank=True, max_length=200)),
                ("added_utc", models.DateTimeField()),
                ("proven_utc", models.DateTimeField(null=True)),
                ("failed_utc", models.DateTimeField(null=True)),
                ("why", models.CharField(blank=True, max_length=300)),
                ("removed_utc", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="channels",
                        to="people.person",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("name", models.CharField(max_length=200)),
                ("kind", models.CharField(max_length=8)),
                ("address", models.CharField(blank=True, max_length=1000)),
                ("state", models.CharField(default="queued", max_length=12)),
                ("due_utc", models.DateTimeField()),
                ("sent_utc", models.DateTimeField(null=True)),
                ("delivered_utc", models.DateTimeField(null=True)),
                ("acknowledged_utc", models.DateTimeField(null=True)),
                ("ended_utc", models.DateTimeField(null=True)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("why", models.CharField(blank=True, max_length=300)),
                (
                    "channel",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="notices.channel",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="people.person",
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="notices.notice",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReadyMade",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("about", models.CharField(max_length=40)),
                ("which", models.CharField(max_length=30)),
                ("language", models.CharField(max_length=8)),
                ("text", models.TextField()),
                ("made_utc", models.DateTimeField()),
                ("approved_utc", models.DateTimeField(null=True)),
                (
                    "approved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices_approved",
                        to="people.person",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices_made",
                        to="people.person",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="channel",
            constraint=models.UniqueConstraint(
                fields=("person", "kind", "address_hash"), name="one_channel_once"
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(fields=["state", "due_utc"], name="delivery_due"),
        ),
        migrations.AddConstraint(
            model_name="readymade",
            constraint=models.UniqueConstraint(
                fields=("about", "which", "language"), name="one_text_of_a_sort"
            ),
        ),
    ]
