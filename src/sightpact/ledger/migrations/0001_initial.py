import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Epoch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("world", models.BigIntegerField(default=0)),
                ("situation", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Log",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("origin", models.CharField(max_length=200, unique=True)),
                ("vkey", models.CharField(max_length=300)),
                ("size", models.BigIntegerField(default=0)),
                ("frontier", models.BinaryField(default=b"")),
                ("last_at", models.CharField(default="", max_length=23)),
                ("checkpoint", models.TextField(default="")),
            ],
        ),
        migrations.CreateModel(
            name="Erased",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "log", "index", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("index", models.BigIntegerField()),
                ("by", models.BigIntegerField()),
                (
                    "log",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="ledger.log"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Cosigner",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("party", models.SlugField(blank=True)),
                ("name", models.CharField(max_length=200)),
                ("vkey", models.CharField(max_length=300)),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("enrolled_utc", models.DateTimeField()),
                ("withdrawn_utc", models.DateTimeField(null=True)),
                ("size", models.BigIntegerField(default=0)),
                ("note", models.TextField(blank=True)),
                ("countersigned_utc", models.DateTimeField(null=True)),
                (
                    "log",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="cosigners", to="ledger.log"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Node",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "log", "level", "index", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("level", models.SmallIntegerField()),
                ("index", models.BigIntegerField()),
                ("hash", models.BinaryField()),
                (
                    "log",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="ledger.log"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "log", "index", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("index", models.BigIntegerField()),
                ("at", models.CharField(max_length=23)),
                ("type", models.CharField(max_length=24)),
                ("party", models.CharField(max_length=200)),
                ("outcome", models.CharField(max_length=200)),
                ("ref", models.BigIntegerField(null=True)),
                ("data", models.BinaryField()),
                (
                    "log",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="ledger.log"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["log", "type", "index"], name="entry_type"),
                    models.Index(fields=["log", "party", "index"], name="entry_party"),
                    models.Index(
                        condition=models.Q(("ref__isnull", False)), fields=["log", "ref"], name="entry_ref"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Opening",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "log", "index", "field", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("index", models.BigIntegerField()),
                ("field", models.CharField(max_length=12)),
                ("key", models.CharField(max_length=200)),
                ("salt", models.BinaryField()),
                ("value", models.TextField()),
                (
                    "log",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="ledger.log"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["log", "field", "key", "index"], name="opening_key")],
            },
        ),
    ]
