from pathlib import Path

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

_HERE = Path(__file__)


class Migration(migrations.Migration):
    dependencies = (
        ("publications", "0008_letters"),
        ("people", "0007_words_kept"),
        ("articles", "0001_articles"),
    )
    operations = (
        migrations.CreateModel(
            name="Member",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("slug", models.TextField()),
                ("name", models.TextField()),
                ("credentials", models.TextField()),
                ("job_title", models.TextField()),
                ("institution", models.TextField()),
                ("specialties", ArrayField(models.TextField())),
                ("orcid", models.TextField()),
                ("bio", models.TextField()),
                ("terms", models.JSONField()),
                ("interests", models.TextField()),
                ("interests_declared_on", models.DateField(null=True)),
                ("interests_valid_until", models.DateField(null=True)),
                ("has_signed", models.BooleanField()),
            ],
            options={"db_table": "member", "managed": False},
        ),
        migrations.RunSQL(_HERE.with_suffix(".sql").read_text(), _HERE.with_suffix(".undo.sql").read_text()),
    )
