from pathlib import Path

from django.db import migrations

_HERE = Path(__file__)


class Migration(migrations.Migration):
    dependencies = (("publications", "0016_first_policies"),)
    operations = (
        migrations.RunSQL(
            _HERE.with_suffix(".sql").read_text(),
            _HERE.with_suffix(".undo.sql").read_text(),
        ),
    )
