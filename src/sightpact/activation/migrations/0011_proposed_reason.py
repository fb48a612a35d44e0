from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("activation", "0010_report_word")]

    operations = [
        migrations.AddField(
            model_name="activation",
            name="end_proposed_reason",
            field=models.CharField(blank=True, default="", max_length=30),
            preserve_default=False,
        ),
    ]
