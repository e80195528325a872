from pathlib import Path

from django.db import migrations

_HERE = Path(__file__).parent
_PARTS = ("words", "diagnoses", "synonyms")


class Migration(migrations.Migration):
    dependencies = (
        ("publications", "0005_notices"),
        ("people", "0007_words_kept"),
        ("ledger", "0002_chain"),
    )
    operations = tuple(
        migrations.RunSQL((_HERE / f"0006_{part}.sql").read_text(), (_HERE / f"0006_{part}.undo.sql").read_text())
        for part in _PARTS
    )
