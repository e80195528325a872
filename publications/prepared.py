"""SQL that goes to the database apart from its parameters: to be kept planned, or lest a log has them in its text."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.utils import CursorWrapper
from psycopg import Cursor
from psycopg.abc import Params


@contextmanager
def prepared(using: str = DEFAULT_DB_ALIAS) -> Iterator[CursorWrapper]:
    """A cursor of which what a connection asks often is planned once (`prepare_threshold`), where planning takes longer
    than running. Not for conditions whose best plan depends on what is asked for.
    """
    with _wrapped(using, Cursor) as cursor:
        yield cursor


@contextmanager
def confided(using: str = DEFAULT_DB_ALIAS) -> Iterator[CursorWrapper]:
    """A cursor for what readers write about themselves: a statement that fails stands in the server's log with
    all that is in its text, but without its parameters.
    """
    with _wrapped(using, _Confided) as cursor:
        yield cursor


class _Confided(Cursor[Any]):
    """Planned anew for each question."""

    def execute(self, query: Any, params: Params | None = None, **how: Any) -> Self:
        return super().execute(query, params, **{**how, "prepare": False})


@contextmanager
def _wrapped(using: str, kind: type[Cursor[Any]]) -> Iterator[CursorWrapper]:
    connection: Any = connections[using]
    connection.ensure_connection()
    wrapped: Any = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    with wrapped(kind(connection.connection)) as cursor:
        yield cursor
