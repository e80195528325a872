from pathlib import Path

from django.db import migrations, models

_HERE = Path(__file__)


class Migration(migrations.Migration):
    dependencies = (("publications", "0003_confirmations"),)
    operations = (
        migrations.RunSQL(
            _HERE.with_suffix(".sql").read_text(),
            _HERE.with_suffix(".undo.sql").read_text(),
        ),
        migrations.CreateModel(
            name="Page",
            fields=[
                ("path", models.TextField(primary_key=True, serialize=False)),
                ("publication_id", models.BigIntegerField()),
                ("revision", models.BigIntegerField()),
                ("is_slow", models.BooleanField()),
                ("frame", models.TextField()),
                ("etag", models.TextField()),
                ("headers", models.JSONField()),
                ("is_gzip", models.BooleanField()),
                ("body", models.BinaryField()),
                ("good_until", models.DateField()),
            ],
            options={"db_table": "page", "managed": False},
        ),
    )
