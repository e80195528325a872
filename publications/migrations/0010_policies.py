from pathlib import Path

from django.db import migrations, models

_HERE = Path(__file__)


class Migration(migrations.Migration):
    dependencies = (
        ("publications", "0009_members"),
        ("people", "0007_words_kept"),
        ("ledger", "0002_chain"),
    )
    operations = (
        migrations.CreateModel(
            name="Policy",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("name", models.TextField()),
                ("number", models.IntegerField()),
                ("title", models.TextField()),
                ("body", models.TextField()),
                ("change_note", models.TextField()),
                ("published_at", models.DateTimeField()),
                ("published_by", models.TextField()),
            ],
            options={"db_table": "policy", "managed": False},
        ),
        migrations.RunSQL(_HERE.with_suffix(".sql").read_text(), _HERE.with_suffix(".undo.sql").read_text()),
    )
