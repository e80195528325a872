"""Promise 1, below the application: what the public login can do by raw SQL is to read what is public."""

import psycopg
import pytest
from psycopg import sql

from ddx_portal.database import OWNER, STAFF, WORKER
from tests import factories
from tests.conftest import Connection

READABLE = {
    "pub.change",
    "pub.changes_before",
    "pub.diagnosis",
    "pub.diagnosis_name",
    "pub.member",
    "pub.page",
    "pub.passage",
    "pub.policy",
    "pub.provenance_key",
    "pub.publication",
    "pub.shelf",
    "pub.standing",
    "pub.suggestion",
    "pub.synonym",
    "pub.word",
}
PRIVILEGES = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
MAY_NOT = [
    "CREATE TABLE pub.mine (x int)",
    "CREATE TABLE public.mine (x int)",
    "CREATE TEMPORARY TABLE mine (x int)",
    "CREATE SCHEMA mine",
    "CREATE VIEW pub.mine AS SELECT 1",
    "CREATE FUNCTION pub.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "INSERT INTO pub.publication (id) VALUES (1)",
    "UPDATE pub.publication SET title = 'x'",
    "DELETE FROM pub.publication",
    "TRUNCATE pub.publication",
    "ALTER TABLE pub.publication ADD x int",
    "DROP TABLE pub.publication",
    "SELECT public.publish_version(1, 'x')",
    "SELECT public.retract_publication(1)",
    "SELECT public.publication_history(1)",
    "SELECT nextval('public.articles_version_id_seq')",
    "COPY pub.publication TO PROGRAM 'cat'",
    "COPY pub.publication TO '/tmp/stolen'",
    "SELECT pg_read_file('/etc/passwd')",
    *(f"SET ROLE {login}" for login in (OWNER, STAFF, WORKER)),
]


def rows(connection: Connection, query: str) -> list[tuple[object, ...]]:
    return connection.execute(query).fetchall()


@pytest.fixture
def public(as_public: Connection) -> Connection:
    """The public login without the setting that makes it read-only: rights alone must hold."""
    as_public.execute("SET default_transaction_read_only = off")
    return as_public


def test_public_login_reads_what_is_published(public: Connection) -> None:
    factories.make_version("approved")
    factories.make_version("submitted", content=factories.make_content("Cold feet"))
    assert rows(public, "SELECT title FROM pub.publication") == [("Hiccups at night",)]


def test_public_login_has_one_right_on_what_is_public(public: Connection, as_superuser: Connection) -> None:
    tables = rows(
        as_superuser,
        "SELECT oid, relnamespace::regnamespace || '.' || relname FROM pg_class"
        " WHERE relkind IN ('r', 'v', 'm', 'p', 'f') AND relnamespace::regnamespace::text IN ('public', 'pub')",
    )
    assert len(tables) > 20
    held = {
        (name, right)
        for oid, name in tables
        for right in PRIVILEGES
        if as_superuser.execute("SELECT has_table_privilege('ddx_public', %s::oid, %s)", [oid, right]).fetchone()
        == (True,)
    }
    assert held == {(table, "SELECT") for table in READABLE}


def test_public_login_is_refused_at_every_table_of_the_desk(public: Connection, as_superuser: Connection) -> None:
    names = rows(as_superuser, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    assert ("articles_version",) in names
    for (name,) in names:
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="permission denied"):
            public.execute(sql.SQL("SELECT FROM public.{}").format(sql.Identifier(str(name))))


def test_public_login_may_call_two_functions_of_ours(as_superuser: Connection) -> None:
    callable_ones = rows(
        as_superuser,
        "SELECT proname FROM pg_proc WHERE pronamespace::regnamespace::text IN ('public', 'pub')"
        " AND has_function_privilege('ddx_public', oid, 'EXECUTE')",
    )
    assert sorted(callable_ones) == [("nearest_passages",), ("take_letter",)]
    for schema, held in (("public", False), ("pub", True)):
        assert rows(as_superuser, f"SELECT has_schema_privilege('ddx_public', '{schema}', 'USAGE')") == [(held,)]
        assert rows(as_superuser, f"SELECT has_schema_privilege('ddx_public', '{schema}', 'CREATE')") == [(False,)]


@pytest.mark.parametrize("statement", MAY_NOT)
def test_public_login_may_not(public: Connection, statement: str) -> None:
    with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.FeatureNotSupported)):
        public.execute(statement)


def test_public_login_sees_no_words_of_the_desk_in_the_catalogue(public: Connection) -> None:
    factories.make_version("draft", content=factories.make_content(canary="zqsecretqz"))
    for view in ("pg_stats", "pg_stat_activity", "pg_prepared_statements", "pg_largeobject_metadata"):
        assert "zqsecretqz" not in str(rows(public, f"SELECT * FROM {view}"))


def test_staff_login_reads_publications_by_no_way_of_its_own(as_staff: Connection) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        as_staff.execute("SELECT FROM pub.publication")
