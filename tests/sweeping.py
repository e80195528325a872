"""A database brought back to what it was when cloned, many times quicker than cloning it anew.

Every row carries the number of the transaction that wrote it (`xmin`), in the tables and in the catalogue alike. So a
count and a sum say whether a table, or the schema, is still as it was.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql

CATALOGUE = (
    "pg_attrdef",
    "pg_attribute",
    "pg_class",
    "pg_constraint",
    "pg_default_acl",
    "pg_extension",
    "pg_index",
    "pg_namespace",
    "pg_policy",
    "pg_proc",
    "pg_rewrite",
    "pg_sequence",
    "pg_trigger",
    "pg_type",
)
OURS = "n.nspname IN ('public', 'pub')"
TABLES = f"SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {OURS}"
SEQUENCES = f"""
    SELECT c.oid::regclass::text, pg_sequence_last_value(c.oid), s.seqstart
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_sequence s ON s.seqrelid = c.oid WHERE {OURS}
"""
SHUT = "ALTER DATABASE {} CONNECTION LIMIT 0"
OPEN = "ALTER DATABASE {} CONNECTION LIMIT -1"
TURN_OUT = """
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
        AND pid <> ALL (%s)
"""


class Sweeper:
    """Knows a database as it is now, and brings it back to that. ``connection`` is the superuser's, autocommitting."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.connection = connection
        self.tables = self._names(f"{TABLES} AND c.relkind = 'r' ORDER BY 1")
        self.marks = self._marks(self.tables)
        self.schema = self._marks(CATALOGUE)
        self.seeds = {name: self._copy_out(name) for name, (rows, _) in self.marks.items() if rows}
        self.sequences = {name: value for name, value, _ in connection.execute(SEQUENCES)}

    def sweep(self, but: Sequence[int] = ()) -> bool:
        """Undo everything that was committed since; False when the schema itself has changed, which takes a clone.

        Every session is ended but those in ``but``, which the caller knows to be idle.
        """
        with self._alone(but):
            return self._sweep()

    @contextmanager
    def _alone(self, but: Sequence[int]) -> Iterator[None]:
        """Let nobody in while it lasts, so that nothing is written between a look at a table and the next."""
        database = sql.Identifier(self.connection.info.dbname)
        self.connection.execute(sql.SQL(SHUT).format(database))
        try:
            self.connection.execute(TURN_OUT, [list(but)])
            yield
        finally:
            self.connection.execute(sql.SQL(OPEN).format(database))

    def _sweep(self) -> bool:
        if self._marks(CATALOGUE) != self.schema:
            return False
        marks = self._marks(self.tables)
        changed = [name for name in self.tables if marks[name] != self.marks[name]]
        with self.connection.transaction():
            self.connection.execute("SET LOCAL session_replication_role = replica")  # no trigger, no foreign key
            for name in changed:
                self._restore(name)
            self._restore_sequences()
        self.marks |= self._marks([name for name in changed if name in self.seeds])
        return True

    def moved(self, connection: psycopg.Connection[Any]) -> "Sweeper":
        """Bring a clone, which has the schema as it was, to what this one knows; return who knows that of the clone."""
        with connection.transaction():
            moving = Sweeper(connection)
            connection.execute("SET LOCAL session_replication_role = replica")
            changed = [name for name in self.tables if moving.seeds.get(name) != self.seeds.get(name)]
            moving.seeds, moving.sequences = self.seeds, self.sequences
            for name in changed:
                moving._restore(name)
            moving._restore_sequences()
        return Sweeper(connection)

    def _restore(self, name: str) -> None:
        self.connection.execute(sql.SQL("DELETE FROM {}").format(sql.SQL(name)))
        if name in self.seeds:
            statement = sql.SQL("COPY {} FROM STDIN (FORMAT binary)").format(sql.SQL(name))
            with self.connection.cursor().copy(statement) as copy:
                copy.write(self.seeds[name])

    def _restore_sequences(self) -> None:
        for name, value, start in self.connection.execute(SEQUENCES).fetchall():
            if value != (before := self.sequences[name]):
                done = (name, before or start, before is not None)
                self.connection.execute("SELECT setval(%s::regclass, %s, %s)", done)

    def _copy_out(self, name: str) -> bytes:
        statement = sql.SQL("COPY {} TO STDOUT (FORMAT binary)").format(sql.SQL(name))
        with self.connection.cursor().copy(statement) as copy:
            return b"".join(bytes(block) for block in copy)

    def _marks(self, tables: Any) -> dict[str, tuple[int, int]]:
        """How many rows each table has, and the sum of the transactions that wrote them."""
        one = "SELECT '{0}', count(*), coalesce(sum(xmin::text::bigint), 0) FROM {0}"
        if not tables:
            return {}
        query = " UNION ALL ".join(one.format(name) for name in tables)
        return {name: (rows, written) for name, rows, written in self.connection.execute(query)}

    def _names(self, query: str) -> list[str]:
        return [name for (name,) in self.connection.execute(query)]
