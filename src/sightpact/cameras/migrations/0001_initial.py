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
            name="Area",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("slug", models.SlugField(max_length=120, unique=True)),
                ("kind", models.CharField(max_length=30)),
                ("name", models.CharField(max_length=120)),
                ("floor", models.SmallIntegerField(default=1)),
            ],
        ),
        migrations.CreateModel(
            name="School",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("slug", models.SlugField(unique=True)),
                ("name", models.CharField(max_length=120)),
                ("address", models.CharField(blank=True, max_length=200)),
                ("zone", models.CharField(max_length=60)),
                ("order", models.PositiveIntegerField(default=0)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="schools", to="people.party"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Camera",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("slug", models.SlugField(max_length=120, unique=True)),
                ("name", models.CharField(max_length=120)),
                ("place", models.CharField(blank=True, max_length=120)),
                ("tags", models.JSONField(default=list)),
                ("address", models.CharField(max_length=500)),
                ("credentials", models.BinaryField(null=True)),
                ("in_service", models.BooleanField(default=True)),
                ("standby", models.BooleanField(default=False)),
                ("drill_source", models.BooleanField(default=False)),
                ("order", models.PositiveIntegerField(default=0)),
                ("areas", models.ManyToManyField(related_name="cameras", to="cameras.area")),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cameras",
                        to="cameras.school",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="area",
            name="school",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="areas", to="cameras.school"
            ),
        ),
    ]
