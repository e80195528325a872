from pathlib import Path

from django.db import migrations

_HERE = Path(__file__)


class Migration(migrations.Migration):
    dependencies = (
        ("reviews", "0001_reviews"),
        ("publications", "0002_pub"),
        ("articles", "0002_guards"),
        ("people", "0001_people"),
    )
    operations = (
        migrations.RunSQL(
            _HERE.with_suffix(".sql").read_text(),
            _HERE.with_suffix(".undo.sql").read_text(),
        ),
    )
