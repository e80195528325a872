from typing import Any

from django.db import migrations

BATCH = 50_000  # events
#: Whoever was taken off and asked again has said nothing yet.
ACCEPTED = """
    UPDATE reviews_assignment a SET accepted_at = e.at FROM (
        SELECT DISTINCT ON (1) (payload::json ->> 'assignment')::bigint AS assignment, at FROM ledger_event
        WHERE kind = 'invitation_accepted' AND seq BETWEEN %s AND %s ORDER BY 1, seq DESC
    ) e WHERE e.assignment = a.id AND e.at >= a.invited_at
"""


def look_up(apps: Any, schema_editor: Any) -> None:
    """When those who said yes did so, as the ledger has it, batch by batch, each a transaction of its own."""
    last = apps.get_model("ledger", "Event").objects.order_by("-seq").values_list("seq", flat=True).first()
    with schema_editor.connection.cursor() as cursor:
        for first in range(0, (last or 0) + 1, BATCH):
            cursor.execute(ACCEPTED, [first, first + BATCH - 1])


class Migration(migrations.Migration):
    atomic = False
    dependencies = (("reviews", "0015_accepted"), ("ledger", "0002_chain"))
    operations = (migrations.RunPython(look_up, migrations.RunPython.noop, elidable=True),)
