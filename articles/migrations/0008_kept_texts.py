"""What people had typed into drafts that somebody discarded."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("articles", "0007_handed_in"),)
    operations = (
        migrations.CreateModel(
            name="KeptText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("article_id", models.BigIntegerField()),
                ("version_id", models.BigIntegerField()),
                ("number", models.PositiveIntegerField()),
                ("revision", models.PositiveIntegerField()),
                ("title", models.CharField(blank=True, default="", max_length=500)),
                ("tab", models.CharField(blank=True, default="", max_length=32)),
                ("content", models.TextField(blank=True, default="")),
                ("typed", models.JSONField(blank=True, default=list)),
                ("kept_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "discarded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="kept_texts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["article_id", "number"], name="kept_text_of_draft")],
                "constraints": [
                    models.UniqueConstraint(fields=("version_id", "user", "tab"), name="one_kept_text_a_tab"),
                    models.CheckConstraint(
                        condition=models.Q(("content", ""), ("typed", []), _connector="OR"),
                        name="kept_text_is_saved_or_typed",
                    ),
                ],
            },
        ),
    )
