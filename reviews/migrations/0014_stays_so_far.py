from typing import Any

from django.db import migrations

BATCH = 5_000  # articles


def settle(apps: Any, schema_editor: Any) -> None:
    """Settle the spans there are, batch by batch: each is a transaction of its own, in which spans go on ending."""
    last = apps.get_model("reviews", "TurnSpan").objects.order_by("-article_id").values_list("article_id", flat=True)
    with schema_editor.connection.cursor() as cursor:
        for first in range(0, (last.first() or 0) + 1, BATCH):
            cursor.execute("SELECT settle_spans(%s, %s)", [first, first + BATCH - 1])


class Migration(migrations.Migration):
    atomic = False
    dependencies = (("reviews", "0013_stays"),)
    operations = (migrations.RunPython(settle, migrations.RunPython.noop, elidable=True),)
