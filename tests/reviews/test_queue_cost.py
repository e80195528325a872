"""What the queue costs, and what it must not tell: counts, order and filters say no more than the rows do."""

from typing import Any

import psycopg
import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.queues import SHARES, fill, own_queries, pages
from ddx_portal.database import PREPARE_AFTER
from people.models import Role, User
from reviews import desk, desk_sql
from reviews.desk_sql import ORDERS
from reviews.desk_wanted import Wanted
from reviews.forms.queue import QueueForm
from reviews.models import SavedView
from tests.factories import editor
from tests.reviews.desks import at_desk
from tests.reviews.test_turns import WRONG

ADDRESSES = [(who, address) for who, _, address in pages() if who != "house author"]
EMAILS = {"editor": "editor-1@", "author": "author-2@", "reviewer": "reviewer-1@"}

#: Three rows a queue, and three of the author's.
FEWER = """
    DELETE FROM reviews_turn t USING (
        SELECT t.article_id,
            row_number() OVER (PARTITION BY queue, u.email LIKE 'author-2@%' ORDER BY t.article_id) AS n
        FROM reviews_turn t JOIN people_user u ON u.id = t.owner_id
    ) x WHERE x.article_id = t.article_id AND n > 3
"""


def costs(clients: dict[str, Client]) -> dict[str, int]:
    found = {}
    for who, address in ADDRESSES:
        with CaptureQueriesContext(connection) as asked:
            assert clients[who].get(address).status_code == 200
        found[address + who] = len(own_queries([query["sql"] for query in asked.captured_queries]))
    return found


def test_each_queue_costs_the_same_at_3_rows_as_at_300(
    committed_db: None, as_superuser: psycopg.Connection[Any]
) -> None:
    fill(as_superuser, dict.fromkeys(SHARES, 300))
    assert (
        as_superuser.execute(
            WRONG.replace("t IS DISTINCT FROM d", "to_jsonb(t) - 'since' IS DISTINCT FROM to_jsonb(d) - 'since'")
        ).fetchall()
        == []
    )
    clients = {who: at_desk(User.objects.get(email__startswith=email)) for who, email in EMAILS.items()}
    many = costs(clients)
    as_superuser.execute("SET session_replication_role = replica")
    as_superuser.execute(FEWER)
    few = costs(clients)
    assert max(many.values()) == 4
    assert {page: cost for page, cost in few.items() if cost > many[page]} == {}


def test_what_fits_is_the_same_when_it_is_more_than_are_counted(
    committed_db: None, as_superuser: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(as_superuser, dict.fromkeys(SHARES, 20))
    monkeypatch.setattr(desk, "PAGE_SIZE", 7)
    user = User.objects.get(email__startswith="editor-1@")
    filters: list[dict[str, Any]] = [{"q": "p"}, {"label": 1}, {"q": "of kn", "label": 1}, {"specialty": "Renal"}]
    every = [Wanted(sort=sort, **each) for sort in ORDERS for each in filters]
    looked_up = [read_through(user, wanted) for wanted in every]
    assert min(map(len, looked_up)) > 2
    assert max(map(len, looked_up)) > 14
    monkeypatch.setattr(desk_sql, "COUNT_TO", 2)
    assert [read_through(user, wanted) for wanted in every] == looked_up


def test_own_rows_come_in_order_among_those_of_others(
    committed_db: None, as_superuser: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(as_superuser, dict.fromkeys(SHARES, 20))
    monkeypatch.setattr(desk, "PAGE_SIZE", 7)
    User.objects.get(email__startswith="author-1@").grant(Role.EDITOR, by=None)
    user = User.objects.get(email__startswith="author-1@")
    for count_to in (500, 2):
        monkeypatch.setattr(desk_sql, "COUNT_TO", count_to)
        for words in ("", "p"):
            every = [rows_of(user, Wanted(view="all", who="all", q=words, sort=sort)) for sort in ORDERS]
            for sort, rows in zip(ORDERS, every, strict=True):
                keys = [tuple(row[name] for name in ORDERS[sort]) for row in rows]
                assert keys == sorted(set(keys))
            assert {"runs", "owns"} <= {row["source"] for row in every[0]}
            assert len({frozenset(row["version_id"] for row in rows) for rows in every}) == 1


@pytest.mark.django_db
def test_what_every_page_asks_is_planned_once_a_connection() -> None:
    searching = editor()
    SavedView.objects.create(user=searching, name="Pain", query="q=pain")
    for client in (at_desk(editor()), at_desk(searching)):
        for _ in range(PREPARE_AFTER + 2):
            client.get("/desk/?view=all")
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        planned = "".join(statement for (statement,) in cursor.fetchall())
    assert all(words in planned for words in ("reviews_savedview", "LIMIT 501) x)"))
    assert not any(words in planned for words in ("AS public_number", "to_tsquery"))


def read_through(user: User, wanted: Wanted) -> list[int]:
    """The versions of all pages, one after the other."""
    return [line["version_id"] for line in rows_of(user, wanted)]


def rows_of(user: User, wanted: Wanted) -> list[desk.Line]:
    """The rows of all pages, one after the other."""
    found = desk.found(user, wanted)
    rows = found.lines
    while found.next:
        wanted = QueueForm(QueryDict(found.next.partition("?")[2]), user=user).wanted
        found = desk.found(user, wanted)
        rows += found.lines
    return rows
