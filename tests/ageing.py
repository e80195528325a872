"""Time that passes: every day and moment in the database moves back a day, so that the real clock and SQL's now() are
a day later in the world of the data. Triggers are off while it does: nothing happens but time.
"""

from typing import Any

import psycopg

KEPT = ("django_", "ledger_", "account_", "mfa_", "auth_")
_COLUMNS = """
    SELECT c.table_name, c.column_name FROM information_schema.columns c
    JOIN information_schema.tables t USING (table_schema, table_name)
    WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' AND c.is_generated = 'NEVER'
    AND c.data_type IN ('date', 'timestamp with time zone')
"""
#: The daily mail of a day is known by it.
_DIGESTS = """
    UPDATE people_message SET key = 'digest.aged.' || id,
        arguments = jsonb_build_object('day', ((arguments ->> 'day')::date - 1)::text)
    WHERE kind = 'people/digest' AND key NOT LIKE 'digest.aged.%'
"""
#: Mail that was dealt with is history: nothing asks how old it is, for more than a year.
_ONLY = {"people_message": "WHERE settled_at IS NULL"}


class Calendar:
    """The days of one database; `superuser` is a connection that may do anything to it."""

    def __init__(self, superuser: psycopg.Connection[Any]) -> None:
        self.superuser = superuser
        self.statements = [_DIGESTS]
        columns: dict[str, list[str]] = {}
        for table, column in superuser.execute(_COLUMNS):
            if not table.startswith(KEPT):
                columns.setdefault(table, []).append(column)
        for table, names in columns.items():
            # far away and back, so that no two rows meet on the way at what must be unique
            for days in (
                ("- interval '100001 days'", "+ interval '100000 days'")
                if table == "reviews_reminder"
                else ("- interval '1 day'",)
            ):
                changes = ", ".join(f"{name} = {name} {days}" for name in names)
                self.statements.append(f"UPDATE {table} SET {changes} {_ONLY.get(table, '')}")

    def next_day(self) -> None:
        """Let a day pass."""
        with self.superuser.transaction():
            self.superuser.execute("SET LOCAL session_replication_role = replica")
            for statement in self.statements:
                self.superuser.execute(statement)
