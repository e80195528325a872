from pathlib import Path

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_HERE = Path(__file__)
_FIRST = _HERE.parent.parent / "first_policies"


def begin(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Give a new portal policies to begin with: each file has its title in the first line."""
    with schema_editor.connection.cursor() as cursor:
        for path in sorted(_FIRST.glob("*.md")):
            title, _, body = path.read_text("utf-8").partition("\n")
            name = path.stem.partition("-")[2]
            cursor.execute(
                "INSERT INTO pub.policy (name, number, title, body, change_note, published_by) "
                "VALUES (%s, 1, %s, %s, '', '')",
                [name, title.removeprefix("# "), body.strip()],
            )


def end(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """The table goes with the next step back."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("ALTER TABLE pub.policy DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM pub.policy")
        cursor.execute("ALTER TABLE pub.policy ENABLE TRIGGER USER")


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
        migrations.RunPython(begin, end),
    )
