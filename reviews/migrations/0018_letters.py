from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

_HERE = Path(__file__)


class Migration(migrations.Migration):
    dependencies = (
        ("reviews", "0017_notices"),
        ("publications", "0008_letters"),
        ("articles", "0008_kept_texts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    )

    operations = (
        migrations.CreateModel(
            name="ReaderLetter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("problem", "Problem"), ("question", "Question")], max_length=10)),
                (
                    "problem",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("dangerous", "It could harm somebody"),
                            ("wrong", "Something is wrong"),
                            ("unclear", "I cannot understand it"),
                            ("source", "A source is missing, wrong or cannot be opened"),
                            ("technical", "The page does not work"),
                            ("other", "Something else"),
                        ],
                        default="",
                        max_length=10,
                    ),
                ),
                ("diagnosis_key", models.CharField(blank=True, default="", max_length=80)),
                ("diagnosis_name", models.CharField(blank=True, default="", max_length=500)),
                ("words", models.TextField(blank=True)),
                ("address", models.CharField(blank=True, default="", max_length=254)),
                ("consented_at", models.DateTimeField(blank=True, null=True)),
                ("sender_key", models.CharField(blank=True, default="", max_length=64)),
                ("received_at", models.DateTimeField()),
                ("acknowledged_at", models.DateTimeField(blank=True, null=True)),
                ("due_on", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("new", "New"),
                            ("taken", "Taken"),
                            ("awaiting", "In a new version"),
                            ("closed", "Closed"),
                        ],
                        default="new",
                        max_length=10,
                    ),
                ),
                ("answer", models.TextField(blank=True, default="")),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("awaits_number", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("in_version", "Corrected or answered in a version"),
                            ("answered", "Answered by mail"),
                            ("no_change", "No change needed"),
                            ("duplicate", "Same as another letter"),
                            ("not_for_us", "Not for us"),
                            ("spam", "Spam"),
                        ],
                        default="",
                        max_length=12,
                    ),
                ),
                ("reason", models.TextField(blank=True, default="")),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("forgotten_at", models.DateTimeField(blank=True, null=True)),
                ("revision", models.PositiveIntegerField(default=0)),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="letters", to="articles.article"
                    ),
                ),
                (
                    "came_with",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="articles.version",
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "duplicate_of",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duplicates",
                        to="reviews.readerletter",
                    ),
                ),
                (
                    "holder",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letters",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="letters", to="articles.version"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["state", "due_on"], name="letter_queue"),
                    models.Index(fields=["received_at"], name="letter_by_time"),
                    models.Index(
                        condition=models.Q(("address", ""), _negated=True),
                        fields=["acknowledged_at"],
                        name="letter_told",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["problem", "question"])), name="letter_kind_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["new", "taken", "awaiting", "closed"])),
                        name="letter_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "question"), ("problem", "")),
                            models.Q(
                                ("kind", "problem"),
                                ("problem__in", ["dangerous", "wrong", "unclear", "source", "technical", "other"]),
                            ),
                            _connector="OR",
                        ),
                        name="letter_problem_fits_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("address", ""),
                            models.Q(("consented_at__isnull", False), ("forgotten_at", None)),
                            _connector="OR",
                        ),
                        name="letter_address_by_consent",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("holder", None), ("state", "new")),
                            models.Q(("holder__isnull", False), ("state__in", ("taken", "awaiting"))),
                            ("state", "closed"),
                            _connector="OR",
                        ),
                        name="letter_holder_fits_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("awaits_number__isnull", False), ("state", "awaiting")),
                            models.Q(("state", "awaiting"), _negated=True),
                            _connector="OR",
                        ),
                        name="letter_awaits_a_version",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("closed_at__isnull", False),
                                (
                                    "outcome__in",
                                    ["in_version", "answered", "no_change", "duplicate", "not_for_us", "spam"],
                                ),
                                ("state", "closed"),
                            ),
                            models.Q(
                                models.Q(("state", "closed"), _negated=True),
                                ("closed_at", None),
                                ("closed_by", None),
                                ("outcome", ""),
                            ),
                            _connector="OR",
                        ),
                        name="letter_closed_paired",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("duplicate_of__isnull", False), ("outcome", "duplicate")),
                            models.Q(models.Q(("outcome", "duplicate"), _negated=True), ("duplicate_of", None)),
                            _connector="OR",
                        ),
                        name="letter_duplicate_paired",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("came_with__isnull", False), ("outcome", "in_version")),
                            models.Q(models.Q(("outcome", "in_version"), _negated=True), ("came_with", None)),
                            _connector="OR",
                        ),
                        name="letter_version_paired",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at", None), ("answered_by", None)),
                            models.Q(("answered_at__isnull", False), ("answered_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="letter_answered_paired",
                    ),
                ],
            },
        ),
        migrations.RunSQL(_HERE.with_suffix(".sql").read_text(), _HERE.with_suffix(".undo.sql").read_text()),
    )
