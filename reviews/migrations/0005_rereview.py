import re
from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

_HERE = Path(__file__)
_REPLACED = ("open_must_fix", "quorum_is_met", "decision_guard", "assignment_guard", "publish_version")


def _as_before() -> str:
    """The functions that this migration replaces, as the guards made them."""
    guards = _HERE.with_name("0002_guards.sql").read_text()
    found = {name: re.search(rf"CREATE (FUNCTION {name}\(.*?\n\$\$;\n)", guards, re.DOTALL) for name in _REPLACED}
    if missing := [name for name, each in found.items() if each is None]:
        raise LookupError(f"0002_guards.sql does not make {', '.join(missing)}")
    return "".join(f"CREATE OR REPLACE {each[1]}" for each in found.values() if each)


class Migration(migrations.Migration):
    dependencies = (("reviews", "0004_turns"), ("publications", "0003_confirmations"))
    operations = (
        migrations.AddField(
            "finding",
            "rereview",
            models.ForeignKey(
                "reviews.Rereview",
                null=True,
                blank=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="findings",
            ),
        ),
        migrations.AddField("rereview", "next_review_on", models.DateField(null=True, blank=True)),
        migrations.RunSQL(
            _HERE.with_suffix(".sql").read_text(), _as_before() + _HERE.with_suffix(".undo.sql").read_text()
        ),
    )
