import re
from pathlib import Path

from django.db import migrations

_HERE = Path(__file__)
_REPLACED = ("publication_history", "retract_publication")


def _as_before() -> str:
    """The functions that this migration replaces, as the guards made them."""
    guards = _HERE.with_name("0002_guards.sql").read_text()
    found = {name: re.search(rf"CREATE (FUNCTION {name}\(.*?\n\$\$;\n)", guards, re.DOTALL) for name in _REPLACED}
    if missing := [name for name, each in found.items() if each is None]:
        raise LookupError(f"0002_guards.sql does not make {', '.join(missing)}")
    return "".join(f"CREATE OR REPLACE {each[1]}" for each in found.values() if each)


class Migration(migrations.Migration):
    dependencies = (
        ("reviews", "0016_accepted_so_far"),
        ("publications", "0005_notices"),
        ("ledger", "0002_chain"),
    )
    operations = (
        migrations.RunSQL(
            _HERE.with_suffix(".sql").read_text(),
            _HERE.with_suffix(".undo.sql").read_text() + _as_before(),
        ),
    )
