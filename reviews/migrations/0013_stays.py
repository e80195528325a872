from pathlib import Path

from django.db import migrations, models

_HERE = Path(__file__)
_GROUPS = ("queue", "side", "holder")


class Migration(migrations.Migration):
    dependencies = (("reviews", "0012_kept"),)
    operations = (
        *(
            migrations.AddField("turnspan", f"{group}_seconds", models.FloatField(null=True, blank=True))
            for group in _GROUPS
        ),
        *(
            migrations.AddField("turnspan", f"{group}_more_at", models.DateTimeField(null=True, blank=True))
            for group in _GROUPS
        ),
        migrations.RunSQL(_HERE.with_suffix(".sql").read_text(), _HERE.with_suffix(".undo.sql").read_text()),
    )
