"""The database and its four logins, on the embedded PostgreSQL or on any other from 16 on.

`ddx_owner` owns the database and runs migrations; `ddx_staff` is the web, `ddx_worker` the work done later,
`ddx_public` the public pages. No login but the owner may create, truncate or alter anything. The worker only reads
until a migration grants it more, and the public login has no right at all until one does in the schema `pub`.
"""

import select
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from psycopg_pool import ConnectionPool

OWNER, STAFF, PUBLIC, WORKER = LOGINS = ("ddx_owner", "ddx_staff", "ddx_public", "ddx_worker")
DATABASE = "ddx"
OLDEST_SERVER = 160_000

# How long a login may run one statement, wait for a lock and sit in an open transaction; the public login
# cannot write even where it may. The planner is told of disks without a moving head, and not to compile queries of
# milliseconds: both make pages of many short index scans quick (docs/performance.md).
QUICK = {"random_page_cost": "1.1", "jit": "off"}
ROLE_SETTINGS: dict[str, dict[str, str]] = {
    OWNER: {"lock_timeout": "10s"},
    STAFF: {"statement_timeout": "30s", "lock_timeout": "10s", "idle_in_transaction_session_timeout": "60s", **QUICK},
    WORKER: {
        "statement_timeout": "120s",
        "lock_timeout": "10s",
        "idle_in_transaction_session_timeout": "300s",
        **QUICK,
    },
    PUBLIC: {"statement_timeout": "5s", "default_transaction_read_only": "on", "search_path": "pub"},
}

SCHEMA_RIGHTS = """
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO ddx_staff, ddx_worker;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ddx_staff;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO ddx_worker;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO ddx_staff;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT EXECUTE ON FUNCTIONS TO ddx_staff, ddx_worker;
"""


class DatabaseError(Exception):
    """The server or the database cannot be used as it is; the message says why."""


def database_url(parts: Mapping[str, Any]) -> str:
    """Return the address of a connection from libpq's own keywords (user, password, host, port, dbname and others)."""
    rest = {key: value for key, value in parts.items() if key not in {"user", "password", "dbname"}}
    who = ":".join(quote(str(parts[key]), safe="") for key in ("user", "password") if parts.get(key))
    query = f"?{urlencode(rest, quote_via=quote)}" if rest else ""
    return f"postgresql://{who}@/{quote(str(parts['dbname']), safe='')}{query}"


def login_url(admin_url: str, login: str, password: str, database: str) -> str:
    """Return the address of the same server for another login and database."""
    return database_url({**conninfo_to_dict(admin_url), "user": login, "password": password, "dbname": database})


def django_database(url: str, *, pool_size: int, search_path: str = "") -> dict[str, Any]:
    """Return Django's settings for ``url``; a ``pool_size`` of 0 means no pool."""
    try:
        parts: dict[str, Any] = dict(conninfo_to_dict(url))
    except psycopg.ProgrammingError as error:
        raise DatabaseError(f"not a PostgreSQL address: {error}") from None
    named = {key: str(parts.pop(name, "")) for key, name in DJANGO_NAMES.items()}
    if search_path:
        parts["options"] = f"{parts.get('options', '')} -c search_path={search_path}".strip()
    pool = {"min_size": 1, "max_size": pool_size, "timeout": 5, "check": still_there} if pool_size else False
    return {
        "ENGINE": "django.db.backends.postgresql",
        **named,
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": bool(pool_size),
        "OPTIONS": {**parts, "pool": pool, "prepare_threshold": PREPARE_AFTER},
    }


PREPARE_AFTER = 5  # times that a connection asks the same, with a cursor of `publications.prepared`
DJANGO_NAMES = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}


def still_there(connection: psycopg.Connection[Any]) -> None:
    """Raise an error of psycopg's when the server has hung up. Whoever hangs up says so: a server that has said
    nothing since its last answer is not asked, for that would be a second question with each request.
    """
    heard = select.poll()
    heard.register(connection.fileno(), select.POLLIN)
    if heard.poll(0):
        ConnectionPool.check_connection(connection)


def database_name(admin_url: str) -> str:
    """Return the database that an administrator's address means: the one it names, else ``ddx``."""
    named = str(conninfo_to_dict(admin_url).get("dbname") or "")
    return DATABASE if named in {"", "postgres", "template0", "template1"} else named


def connect_admin(admin_url: str) -> psycopg.Connection[Any]:
    """Connect as the administrator to the server's own database, so that ours may be created or dropped."""
    return psycopg.connect(database_url({**conninfo_to_dict(admin_url), "dbname": "postgres"}), autocommit=True)


def prepare(admin_url: str, passwords: Mapping[str, str], database: str = DATABASE) -> None:
    """Make or mend the four logins, ``database`` and everybody's rights in it. Doing it again changes nothing.

    ``admin_url`` is a superuser's, or one's who may create roles and databases.
    Raises DatabaseError when the server is too old or the database is somebody else's.
    """
    with connect_admin(admin_url) as admin:
        if admin.info.server_version < OLDEST_SERVER:
            raise DatabaseError(f"PostgreSQL 16 or later is needed, this is {admin.info.server_version // 10_000}.")
        admin.execute("SELECT pg_advisory_lock(hashtext('ddx_portal.prepare'))")
        for login in LOGINS:
            ensure_login(admin, login, passwords[login])
        may_become_owner(admin)
        ensure_database(admin, database)
        secure_database(admin, database)
    with psycopg.connect(login_url(admin_url, OWNER, passwords[OWNER], database), autocommit=True) as owner:
        owner.execute(SCHEMA_RIGHTS)


def ensure_login(admin: psycopg.Connection[Any], login: str, password: str) -> None:
    """Make the role when it is missing; set its password and its limits."""
    name = sql.Identifier(login)
    if not admin.execute("SELECT FROM pg_roles WHERE rolname = %s", [login]).rowcount:
        admin.execute(sql.SQL("CREATE ROLE {}").format(name))
    admin.execute(sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(name, sql.Literal(password)))
    for setting, value in ROLE_SETTINGS[login].items():
        parts = name, sql.Identifier(setting), sql.Literal(value)
        admin.execute(sql.SQL("ALTER ROLE {} SET {} = {}").format(*parts))


def may_become_owner(admin: psycopg.Connection[Any]) -> None:
    """Let an administrator who is no superuser give things to ``ddx_owner``."""
    row = admin.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    if row and not row[0]:
        admin.execute(sql.SQL("GRANT {} TO CURRENT_USER WITH INHERIT TRUE, SET TRUE").format(sql.Identifier(OWNER)))


def ensure_database(admin: psycopg.Connection[Any], database: str) -> None:
    """Make the database when it is missing; take over an empty one; leave another's alone."""
    name = sql.Identifier(database)
    query = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = %s"
    row = admin.execute(query, [database]).fetchone()
    if row is None:
        parts = name, sql.Identifier(OWNER)
        admin.execute(sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8'").format(*parts))
    elif row[0] != OWNER:
        refuse_if_used(admin, database)
        admin.execute(sql.SQL("ALTER DATABASE {} OWNER TO {}").format(name, sql.Identifier(OWNER)))


def refuse_if_used(admin: psycopg.Connection[Any], database: str) -> None:
    """Raise DatabaseError when ``database`` holds tables."""
    parts = {**admin.info.get_parameters(), "password": admin.info.password, "dbname": database}
    with psycopg.connect(database_url(parts)) as connection:
        query = "SELECT FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        if connection.execute(query).rowcount:
            raise DatabaseError(f"The database {database!r} holds tables of somebody else; name an empty one.")


def secure_database(admin: psycopg.Connection[Any], database: str) -> None:
    """Leave CONNECT on ``database`` to our logins, and TEMP and CREATE to its owner alone."""
    name = sql.Identifier(database)
    admin.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))
    logins = sql.SQL(", ").join(map(sql.Identifier, (STAFF, PUBLIC, WORKER)))
    admin.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(name, logins))


def drop_database(admin_url: str, database: str) -> None:
    """Drop ``database``, whoever is connected to it; a database that holds another's tables is left alone."""
    with connect_admin(admin_url) as admin:
        query = "SELECT FROM pg_database WHERE datname = %s AND pg_get_userbyid(datdba) = %s"
        if admin.execute(query, [database, OWNER]).rowcount:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(database)))
