from pathlib import Path

from django.db import migrations, models

_HERE = Path(__file__)


class Migration(migrations.Migration):
    dependencies = (("reviews", "0006_checklist"),)
    operations = (
        migrations.AddField("alternate", "despite", models.CharField(blank=True, default="", max_length=500)),
        migrations.AddField("planitem", "despite", models.CharField(blank=True, default="", max_length=500)),
        migrations.AddField(
            "plan",
            "specialists",
            models.CharField(
                choices=[
                    ("one", "At least one reviewer"),
                    ("all", "All reviewers"),
                    ("none", "Nobody must be, but such come first"),
                ],
                default="one",
                max_length=4,
            ),
        ),
        migrations.RunSQL(_HERE.with_suffix(".sql").read_text(), _HERE.with_suffix(".undo.sql").read_text()),
    )
