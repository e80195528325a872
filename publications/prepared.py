"""SQL that the database keeps planned: where the text is always the same, planning it takes longer than running it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.utils import CursorWrapper
from psycopg import Cursor


@contextmanager
def prepared(using: str = DEFAULT_DB_ALIAS) -> Iterator[CursorWrapper]:
    """A cursor that sends SQL and parameters apart; what a connection asks often is prepared once
    (`prepare_threshold`). Not for conditions whose best plan depends on what is asked for.
    """
    connection: Any = connections[using]
    connection.ensure_connection()
    wrapped: Any = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    with wrapped(Cursor(connection.connection)) as cursor:
        yield cursor
