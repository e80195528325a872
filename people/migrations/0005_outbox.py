from pathlib import Path

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

_HERE = Path(__file__)


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0004_availability"),
    ]

    operations = [
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=60)),
                ("key", models.CharField(max_length=200, unique=True)),
                (
                    "address",
                    models.EmailField(
                        blank=True,
                        default="",
                        help_text="Where it went, or is to go without an account.",
                        max_length=254,
                    ),
                ),
                ("arguments", models.JSONField(blank=True, default=dict)),
                ("article_id", models.BigIntegerField(blank=True, null=True)),
                ("version_id", models.BigIntegerField(blank=True, db_index=True, null=True)),
                ("at_once", models.BooleanField(help_text="Does not wait for the daily mail.")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("held", "Held"),
                            ("sent", "Sent"),
                            ("dropped", "Not needed any more"),
                            ("failed", "Failed"),
                        ],
                        default="waiting",
                        max_length=12,
                    ),
                ),
                ("why", models.CharField(blank=True, default="", max_length=500)),
                ("sendings", models.PositiveSmallIntegerField(default=1)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                ("handled_at", models.DateTimeField(blank=True, null=True)),
                ("subject", models.CharField(blank=True, default="", max_length=200)),
                ("text", models.TextField(blank=True, default="")),
                ("html", models.TextField(blank=True, default="")),
            ],
            options={
                "ordering": ("-pk",),
            },
        ),
        migrations.AddField(
            model_name="user",
            name="mail_pace",
            field=models.CharField(
                choices=[("daily", "Once a day"), ("as_it_happens", "As it happens")], default="daily", max_length=16
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(("mail_pace__in", ["daily", "as_it_happens"])), name="user_mail_pace_known"
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="carried_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="carried",
                to="people.message",
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="handled_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="person",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="messages",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["person", "state", "at_once"], name="message_of_person"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["state", "-id"], name="message_by_state"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["kind", "-id"], name="message_by_kind"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["settled_at"], name="message_settled"),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["waiting", "held", "sent", "dropped", "failed"])),
                name="message_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ("waiting", "held")), ("settled_at__isnull", False), _connector="OR"),
                name="message_settled_has_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("person__isnull", False), models.Q(("address", ""), _negated=True), _connector="OR"
                ),
                name="message_goes_somewhere",
            ),
        ),
        migrations.RunSQL(_HERE.with_suffix(".sql").read_text(), _HERE.with_suffix(".undo.sql").read_text()),
    ]
