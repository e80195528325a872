"""One request at a time, taken back afterwards: what it answered, and which tables it would have changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLResolver, get_resolver
from psycopg import sql

from people.models import User
from tests.reviews.desks import at_desk

#: Its table, and its columns as JSON.
type Row = tuple[str, str]

#: Who is signed in, what is kept of a page for the next one, and that something public was touched (its own table tells
#: what): no words of anybody's.
ASIDE = {"django_session", "django_cache", "change"}
WRITTEN = """
    SELECT relname, ins + upd + del FROM pg_class,
        pg_stat_get_xact_tuples_inserted(oid) ins,
        pg_stat_get_xact_tuples_updated(oid) upd,
        pg_stat_get_xact_tuples_deleted(oid) del
    WHERE relkind = 'r' AND relnamespace IN ('public'::regnamespace, 'pub'::regnamespace) AND ins + upd + del > 0
"""


@contextmanager
def browser_of(email: str) -> Iterator[Client]:
    """Somebody at the desk, or nobody, until the block ends; nothing of it stays."""
    with transaction.atomic():
        yield at_desk(User.objects.get(email=email)) if email else Client()
        transaction.set_rollback(True)


def ask(client: Client, method: str, path: str, data: Any = None) -> tuple[HttpResponse, set[str]]:
    """The answer, and the tables that were written for it."""
    with transaction.atomic():
        before = _written()
        response = getattr(client, method)(path, data or {})
        after = _written()
        transaction.set_rollback(True)
    return response, {table for table in after if after[table] != before.get(table)} - ASIDE


def rows_changed(client: Client, path: str, data: Any, tables: set[str]) -> set[Row]:
    """Each row of these tables that a post makes, changes or deletes, as it was and as it is."""
    with transaction.atomic():
        before = _rows(tables)
        client.post(path, data)
        after = _rows(tables)
        transaction.set_rollback(True)
    return before ^ after


def _rows(tables: set[str]) -> set[Row]:
    found: set[Row] = set()
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(sql.SQL("SELECT to_jsonb(t)::text FROM {} t").format(sql.Identifier("public", table)))
            found.update((table, row) for (row,) in cursor.fetchall())
    return found


def _written() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(WRITTEN)
        return dict(cursor.fetchall())


def routes(patterns: Any = None, prefix: str = "") -> Iterator[str]:
    """Every address of the desk, with its places for values."""
    for each in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from routes(each.url_patterns, route)
        elif route.startswith("desk/"):
            yield route
