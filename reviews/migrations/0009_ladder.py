from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

_HERE = Path(__file__)


class Migration(migrations.Migration):
    dependencies = (("reviews", "0008_desk"), ("people", "0005_outbox"))
    operations = (
        migrations.RunSQL(_HERE.with_suffix(".sql").read_text(), _HERE.with_suffix(".undo.sql").read_text()),
        migrations.CreateModel(
            name="Debt",
            fields=[
                ("key", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("queue", models.CharField(max_length=12)),
                ("side", models.CharField(max_length=10)),
                ("due_on", models.DateField()),
                ("began_on", models.DateField()),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="articles.article"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DO_NOTHING, related_name="debts", to="articles.version"
                    ),
                ),
                (
                    "holder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="debts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "editor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"db_table": "reviews_debt", "managed": False},
        ),
        migrations.AddIndex(
            model_name="reminder",
            index=models.Index(fields=["version", "user", "made_at"], name="reminder_lately"),
        ),
    )
