from typing import Any

from django.db import migrations, transaction

BATCH = 100  # publications: a second or two, for which somebody who publishes has to wait
LAST = "SELECT max(id) FROM (SELECT id FROM pub.publication WHERE id >= %s ORDER BY id LIMIT %s) batch"
#: Publishing takes its turn at the head of the ledger, then the row. So do we: each row is then either as it was, and
#: is put in here, or as its triggers have put it in already.
TURNS = (
    "SELECT FROM ledger_head FOR UPDATE",
    "SELECT FROM pub.publication WHERE id BETWEEN %(first)s AND %(last)s ORDER BY id FOR SHARE",
)
DERIVED = (
    """
    SELECT enlist(array_agg(id)) FROM pub.publication p
    WHERE id BETWEEN %(first)s AND %(last)s AND state = 'current'
    AND NOT EXISTS (SELECT FROM pub.listed l WHERE l.publication_id = p.id) HAVING count(*) > 0
    """,
    """
    SELECT pub.write_passages(array_agg(id)) FROM pub.publication p
    WHERE id BETWEEN %(first)s AND %(last)s AND state = 'current'
    AND NOT EXISTS (SELECT FROM pub.passage g WHERE g.publication_id = p.id) HAVING count(*) > 0
    """,
    """
    INSERT INTO pub.pressed (publication_id, is_slow)
    SELECT id, slow FROM pub.publication, (VALUES (false), (true)) s (slow)
    WHERE id BETWEEN %(first)s AND %(last)s ON CONFLICT DO NOTHING
    """,
)


def derive(apps: Any, schema_editor: Any) -> None:
    """Put what was public before into all that is derived from it, batch by batch, each a transaction of its own;
    between them others go on publishing. It can be broken off and begun again.
    """
    using, first = schema_editor.connection.alias, 0
    with schema_editor.connection.cursor() as cursor:
        while last := _last(cursor, first):
            with transaction.atomic(using=using):
                for statement in (*TURNS, *DERIVED):
                    cursor.execute(statement, {"first": first, "last": last})
            first = last + 1
        cursor.execute("SELECT user_id FROM people_boardprofile ORDER BY id")
        for member in cursor.fetchall():
            cursor.execute("SELECT show_members_of(%s)", member)


def _last(cursor: Any, first: int) -> int | None:
    """Of the batch that begins there, None where there is nothing any more."""
    cursor.execute(LAST, [first, BATCH])
    found: int | None = cursor.fetchone()[0]
    return found


class Migration(migrations.Migration):
    atomic = False
    dependencies = (("publications", "0013_changes"), ("ledger", "0002_chain"), ("people", "0007_words_kept"))
    operations = (migrations.RunPython(derive, migrations.RunPython.noop, elidable=True),)
