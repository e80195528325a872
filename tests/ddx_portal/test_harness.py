"""The fixtures that every other test stands on."""

import socket
import threading

import psycopg
import pytest
from django.contrib.sessions.models import Session
from django.db import connection, connections
from django.utils import timezone

from tests.conftest import Connection


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
