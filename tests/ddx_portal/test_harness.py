"""The fixtures that every other test stands on."""

import socket
import threading
from typing import Any
from urllib.request import urlopen

import psycopg
import pytest
from django.contrib.sessions.models import Session
from django.db import connection, connections
from django.utils import timezone

from ddx_portal.embedded import SUPERUSER
from tests.conftest import Connection
from tests.harness import WorkerDatabase
from tests.serving import QuietLiveServer
from tests.sweeping import Sweeper


def make_session(key: str) -> Session:
    return Session.objects.create(session_key=key, session_data="-", expire_date=timezone.now())


@pytest.mark.parametrize("turn", [1, 2])
def test_db_turns_back_what_a_test_wrote(db: None, turn: int) -> None:
    make_session(f"turn-{turn}")
    assert [session.pk for session in Session.objects.all()] == [f"turn-{turn}"]


@pytest.mark.parametrize("turn", [1, 2])
def test_committed_db_starts_from_the_template(committed_db: None, turn: int) -> None:
    make_session(f"turn-{turn}")
    seen: list[str] = []

    def look() -> None:
        seen.extend(session.pk for session in Session.objects.all())
        connections.close_all()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == [f"turn-{turn}"]


TAMPERED = (
    "SELECT 1",
    "INSERT INTO django_content_type (app_label, model) VALUES ('more', 'more')",
    "UPDATE django_content_type SET model = 'other' || id",
    "DELETE FROM auth_permission WHERE id % 2 = 0",
    "ALTER TABLE ledger_event DISABLE TRIGGER ALL",
    "TRUNCATE django_session",
    "GRANT ALL ON django_session TO ddx_public",
)
LOOK = """SELECT (SELECT array_agg((tgname, tgenabled)::text ORDER BY oid) FROM pg_trigger WHERE NOT tgisinternal),
    (SELECT array_agg(t::text ORDER BY id) FROM django_content_type t),
    (SELECT array_agg(t::text ORDER BY id) FROM auth_permission t),
    (SELECT relacl::text FROM pg_class WHERE relname = 'django_session'),
    pg_sequence_last_value('django_content_type_id_seq')"""


def look(worker_database: WorkerDatabase) -> Any:
    with worker_database.connect(SUPERUSER) as connection:
        return connection.execute(LOOK).fetchone()


def test_database_is_renewed_whatever_was_changed(worker_database: WorkerDatabase, committed_db: None) -> None:
    worker_database.renew()
    before = look(worker_database)
    for statement in TAMPERED:
        with worker_database.connect(SUPERUSER) as connection:
            connection.execute(statement)
        worker_database.renew()
        assert look(worker_database) == before, statement


def test_what_is_kept_comes_back_until_it_is_let_go(worker_database: WorkerDatabase, committed_db: None) -> None:
    def fill() -> None:
        make_session("kept")
        with worker_database.connect(SUPERUSER) as superuser:
            superuser.execute(TAMPERED[1])

    empty = look(worker_database)
    with worker_database.kept(fill):
        kept = look(worker_database)
        for statement in ("DELETE FROM django_session", "DROP TABLE django_session", *TAMPERED[2:4]):
            with worker_database.connect(SUPERUSER) as superuser:
                superuser.execute(statement)
            worker_database.renew()
            assert [session.pk for session in Session.objects.all()] == ["kept"], statement
            assert look(worker_database) == kept, statement
    assert (Session.objects.exists(), look(worker_database)) == (False, empty)


def test_nobody_writes_while_the_database_is_swept(
    worker_database: WorkerDatabase, committed_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused: list[str] = []
    look = Sweeper._marks

    def write_after_a_look(self: Sweeper, tables: Any) -> Any:
        marks = look(self, tables)
        try:
            with worker_database.connect("ddx_staff") as late:
                late.execute("INSERT INTO django_session VALUES ('late', '-', now())")
        except psycopg.OperationalError as error:
            refused.append(str(error))
        return marks

    worker_database.renew()
    monkeypatch.setattr(Sweeper, "_marks", write_after_a_look)
    make_session("before")
    worker_database.renew()
    assert len(refused) == 3
    assert all("too many connections" in each for each in refused)
    assert not Session.objects.exists()


def test_late_request_is_over_before_the_database_is_renewed(
    worker_database: WorkerDatabase, live_server: QuietLiveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that is left asks for something at its end; what that writes is never the next test's."""
    arrived, renewed = threading.Event(), threading.Event()

    def late(environ: Any, start_response: Any) -> list[bytes]:
        arrived.set()
        renewed.wait(0.5)
        make_session("late")
        start_response("204 No Content", [])
        return []

    monkeypatch.setattr(live_server.served, "application", late)
    visitor = threading.Thread(target=lambda: urlopen(live_server.url).close())
    visitor.start()
    assert arrived.wait(10)
    worker_database.renew()
    renewed.set()
    visitor.join()
    assert not Session.objects.exists()


def test_connection_that_stays_open_is_told(live_server: QuietLiveServer) -> None:
    address = (live_server.thread.host, live_server.thread.port)
    with socket.create_connection(address), pytest.raises(TimeoutError, match="close each browser's"):
        live_server.served.wait_until_idle(0.1)
    live_server.wait_until_idle()


def test_default_is_the_staff_login(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("ddx_staff",)


def test_public_is_the_public_login(committed_db: None) -> None:
    with connections["public"].cursor() as cursor:
        cursor.execute("SELECT current_user, current_setting('search_path')")
        assert cursor.fetchone() == ("ddx_public", "pub")


def test_superuser_sees_what_was_committed(committed_db: None, as_superuser: Connection) -> None:
    make_session("seen")
    assert as_superuser.execute("SELECT session_key FROM django_session").fetchall() == [("seen",)]


def test_no_test_reaches_the_network() -> None:
    with socket.socket() as outside, pytest.raises(PermissionError, match="a test tried to reach"):
        outside.connect(("192.0.2.1", 80))


LOGIN_MAY_NOT = [
    ("as_staff", "CREATE TABLE public.mine ()"),
    ("as_staff", "CREATE TEMP TABLE mine ()"),
    ("as_staff", "CREATE SCHEMA mine"),
    ("as_staff", "TRUNCATE django_session"),
    ("as_staff", "SET ROLE ddx_owner"),
    ("as_worker", "CREATE TABLE public.mine ()"),
    ("as_worker", "CREATE TEMP TABLE mine ()"),
    ("as_worker", "TRUNCATE django_session"),
    ("as_public", "SELECT FROM public.django_session"),
    ("as_public", "SELECT FROM public.people_user"),
    ("as_public", "SET default_transaction_read_only = off; CREATE TABLE public.mine ()"),
    ("as_public", "SET default_transaction_read_only = off; CREATE TEMP TABLE mine ()"),
    ("as_public", "SET ROLE ddx_staff"),
]


@pytest.mark.parametrize(("login", "statement"), LOGIN_MAY_NOT)
def test_login_is_refused(request: pytest.FixtureRequest, login: str, statement: str) -> None:
    connection: Connection = request.getfixturevalue(login)
    *before, last = statement.split("; ")
    for part in before:
        connection.execute(part)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(last)
