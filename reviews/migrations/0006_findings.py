from pathlib import Path

from django.db import migrations, models

_HERE = Path(__file__)


class Migration(migrations.Migration):
    dependencies = (("reviews", "0005_rereview"), ("people", "0003_guards"))
    operations = (
        migrations.AddField("assignment", "opened_at", models.DateTimeField(blank=True, null=True)),
        migrations.RunSQL(_HERE.with_suffix(".sql").read_text(), _HERE.with_suffix(".undo.sql").read_text()),
    )
