"""The four logins on somebody else's PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg_pool import ConnectionPool

from ddx_portal import database
from ddx_portal.embedded import Cluster
from ddx_portal.installation import Installation, into_environment

PASSWORDS = {login: f"{login}'s own" for login in database.LOGINS}


@pytest.fixture(scope="module")
def server(cluster_folder: Path) -> Iterator[Cluster]:
    """A PostgreSQL that is not ours, prepared by an administrator who is no superuser."""
    cluster = Cluster(cluster_folder, "secret", {"fsync": "off"})
    cluster.use()
    with psycopg.connect(cluster.url(), autocommit=True) as superuser:
        superuser.execute("CREATE ROLE clerk LOGIN CREATEROLE CREATEDB PASSWORD 'pa/ss@word'")
    database.prepare(clerks_url(cluster), PASSWORDS, "clinic")
    yield cluster
    cluster.release()


@pytest.fixture
def clerk(server: Cluster) -> str:
    return clerks_url(server)


def clerks_url(server: Cluster) -> str:
    return database.login_url(server.url(), "clerk", "pa/ss@word", "clinic")


def test_prepare_needs_no_superuser_and_may_be_repeated(clerk: str) -> None:
    database.prepare(clerk, PASSWORDS, "clinic")
    for login in database.LOGINS:
        with psycopg.connect(database.login_url(clerk, login, PASSWORDS[login], "clinic")) as connection:
            assert connection.execute("SELECT current_user").fetchone() == (login,)


def test_new_tables_are_open_to_staff_and_worker_alone(clerk: str) -> None:
    database.prepare(clerk, PASSWORDS, "clinic")
    with psycopg.connect(database.login_url(clerk, database.OWNER, PASSWORDS[database.OWNER], "clinic")) as owner:
        owner.execute("DROP TABLE IF EXISTS chart; CREATE TABLE chart (id int)")
        owner.execute("CREATE OR REPLACE FUNCTION one() RETURNS int LANGUAGE sql RETURN 1")
        rights = "SELECT has_table_privilege(%s, 'public.chart', %s)"
        found = {
            (login, right)
            for login in database.LOGINS
            for right in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
            if owner.execute(rights, [login, right]).fetchone() == (True,)
        }
        query = "SELECT has_function_privilege(%s, 'public.one()', 'EXECUTE')"
        callers = {login for login in database.LOGINS if owner.execute(query, [login]).fetchone() == (True,)}
    writers = {login for login, _ in found if login != database.OWNER}
    assert writers == {database.STAFF, database.WORKER}
    assert {right for login, right in found if login == database.STAFF} == {"SELECT", "INSERT", "UPDATE", "DELETE"}
    assert callers == {database.OWNER, database.STAFF, database.WORKER}


def test_prepare_leaves_a_database_with_tables_alone(server: Cluster) -> None:
    with psycopg.connect(server.url(), autocommit=True) as superuser:
        superuser.execute("CREATE DATABASE payroll")
    with psycopg.connect(server.url("payroll"), autocommit=True) as superuser:
        superuser.execute("CREATE TABLE salaries (id int)")
    with pytest.raises(database.DatabaseError, match="'payroll' holds tables"):
        database.prepare(server.url("payroll"), PASSWORDS, "payroll")
    database.drop_database(server.url("payroll"), "payroll")
    psycopg.connect(server.url("payroll")).close()


def test_commands_after_the_demo_use_its_logins(
    server: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DDX_DATA_DIR", str(tmp_path))
    admin_url = server.url("portal")
    Installation(tmp_path).prepare(admin_url)
    for environ in ({}, {"DATABASE_URL": admin_url}):
        found: dict[str, str] = dict(environ)
        into_environment(["import_articles"], found)
        with psycopg.connect(found["DATABASE_URL"]) as connection:
            who = connection.execute("SELECT current_user, current_database()").fetchone()
        assert who == (database.STAFF, "portal")


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("postgresql://admin@db.example.org/clinic", "clinic"),
        ("postgresql://admin@db.example.org/postgres", "ddx"),
        ("postgresql://admin@db.example.org", "ddx"),
    ],
)
def test_database_name_is_the_one_in_the_address(url: str, name: str) -> None:
    assert database.database_name(url) == name


def test_a_connection_that_the_server_has_ended_is_not_given_out_again(clerk: str) -> None:
    pool = database.django_database(clerk, pool_size=1)["OPTIONS"]["pool"]
    with ConnectionPool(clerk, **pool, open=True) as connections, psycopg.connect(clerk, autocommit=True) as other:
        with connections.connection() as connection:
            first = connection.info.backend_pid
        with connections.connection() as connection:
            assert connection.info.backend_pid == first

        other.execute("SELECT pg_terminate_backend(%s, 5000)", [first])

        with connections.connection() as connection:
            assert connection.execute("SELECT pg_backend_pid()").fetchone() != (first,)
