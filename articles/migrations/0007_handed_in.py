"""Who handed a text in for its owner: of each file of an intake, and of the article that was made of it."""

from pathlib import Path
from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

_HERE = Path(__file__)


def _person(*, is_known: bool) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(
        blank=not is_known,
        null=not is_known,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to=settings.AUTH_USER_MODEL,
    )


class Migration(migrations.Migration):
    dependencies = (("articles", "0006_twins"), ("ledger", "0002_chain"))
    operations = (
        migrations.AddField("article", "handed_in_by", _person(is_known=False)),
        migrations.AddField("intakefile", "sent_by", _person(is_known=False)),
        migrations.RunSQL(_HERE.with_suffix(".sql").read_text(), _HERE.with_suffix(".undo.sql").read_text()),
        migrations.AlterField("intakefile", "sent_by", _person(is_known=True)),
    )
