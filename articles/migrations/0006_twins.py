"""The closest look-alike of each version as a stored fact; the report of an intake reads it, too."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

_HERE = Path(__file__)


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0005_intake"),
    ]

    operations = [
        migrations.RemoveField(
            model_name="intakefile",
            name="likeness",
        ),
        migrations.RemoveField(
            model_name="intakefile",
            name="twin",
        ),
        migrations.AddField(
            model_name="fingerprint",
            name="closest",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="articles.version",
            ),
        ),
        migrations.AddField(
            model_name="fingerprint",
            name="due",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "Up to date"),
                    ("text", "Its own text has changed"),
                    ("twin", "What it looked like has changed or gone"),
                ],
                default="text",
                max_length=4,
            ),
        ),
        migrations.AddField(
            model_name="fingerprint",
            name="is_same_subject",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="fingerprint",
            name="percent",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name="fingerprint",
            index=models.Index(
                condition=models.Q(("closest__isnull", False)), fields=["closest"], name="fingerprint_closest"
            ),
        ),
        migrations.AddIndex(
            model_name="fingerprint",
            index=models.Index(
                condition=models.Q(("closest__isnull", False)), fields=["version"], name="fingerprint_double"
            ),
        ),
        migrations.AddIndex(
            model_name="fingerprint",
            index=models.Index(
                condition=models.Q(("due", ""), _negated=True), fields=["version"], name="fingerprint_due"
            ),
        ),
        migrations.AddConstraint(
            model_name="fingerprint",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closest__isnull", True), ("is_same_subject", False), ("percent__isnull", True)),
                    models.Q(
                        ("closest__isnull", False),
                        ("percent__isnull", False),
                        ("percent__lte", 100),
                        models.Q(("closest", models.F("version")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="fingerprint_closest_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="fingerprint",
            constraint=models.CheckConstraint(
                condition=models.Q(("due__in", ["", "text", "twin"])), name="fingerprint_due_is_known"
            ),
        ),
        migrations.AddIndex(
            model_name="version",
            index=models.Index(
                condition=models.Q(("source", ""), _negated=True), fields=["id"], name="version_imported"
            ),
        ),
        migrations.RunSQL(_HERE.with_suffix(".sql").read_text(), _HERE.with_suffix(".undo.sql").read_text()),
    ]
