"""The tests' own PostgreSQL: one cluster, one migrated template, one clone of it for each worker."""

import fcntl
import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connections

from ddx_portal import database
from ddx_portal.embedded import SUPERUSER, Cluster
from ddx_portal.installation import Installation
from tests.sweeping import Sweeper

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("people", "ledger", "publications", "articles", "reviews")
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_wal_size": "4GB"}
FAST |= {"scram_iterations": "1"}  # of passwords that nobody else has
TEMPLATE_PREFIX, WORKER_PREFIX = "ddx_test_template_", "ddx_test_worker_"


def fingerprint() -> str:
    """Return a hash of everything that shapes the template: migrations, rights, installed packages."""
    files = [ROOT / "requirements.txt", ROOT / "ddx_portal" / "database.py", Path(__file__)]
    for room in ROOMS:
        files += sorted(path for path in (ROOT / room / "migrations").rglob("*") if path.suffix in {".py", ".sql"})
    digest = hashlib.sha256()
    for path in files:
        digest.update(bytes(path.relative_to(ROOT)) + b"\0" + path.read_bytes())
    return digest.hexdigest()[:10]


def is_running(process: int) -> bool:
    """Say whether a process of this number exists."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def own_sessions() -> list[int]:
    """Leave Django's connections of this thread as new, for the next test: a new session compiles every trigger anew.

    Returns the numbers of their processes.
    """
    kept = []
    for connection in connections.all(initialized_only=True):
        try:
            connection.rollback()
            connection.set_autocommit(True)
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock_all(), pg_backend_pid()")
                kept.append(cursor.fetchone()[1])
        except DatabaseError:
            connection.close()
    return kept


class WorkerDatabase:
    """The database of this test process, with all four logins."""

    def __init__(self, folder: Path, worker: str) -> None:
        self.folder = folder
        self.secrets = Installation(folder).secrets()
        self.cluster = Cluster(folder, self.secrets[SUPERUSER], FAST)
        self.name = f"{WORKER_PREFIX}{worker}_{os.getpid()}"
        self.template = ""
        self.users: list[Callable[[], None]] = []
        self._sweeper: Sweeper | None = None  # knows what `renew` brings back
        self._empty: Sweeper | None = None  # knows the database as cloned

    def start(self) -> None:
        """Start the cluster, build the template unless it is there, clone it and point Django at the clone."""
        self.cluster.use()
        with (self.folder / "template.lock").open("a") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            self._drop_leftovers(alone=self._join())
            self.template = TEMPLATE_PREFIX + fingerprint()
            if not self._exists(self.template):
                self._build_template()
        self.renew()
        self._point_django_at(self.name, database.STAFF)

    def renew(self) -> None:
        """Bring this process's database back to what it is to be: swept, or cloned if its schema was changed.

        Each of `users` is waited for first: what they still write belongs to the test that is over.
        """
        for wait_until_idle in self.users:
            wait_until_idle()
        kept = self._sweeper
        if kept is None or not kept.sweep(but=own_sessions()):
            is_empty = kept is self._empty
            connections.close_all()
            empty = self._clone()
            if kept is not None and not is_empty:
                self._sweeper = kept.moved(empty.connection)

    @contextmanager
    def kept(self, fill: Callable[[], Any]) -> Iterator[None]:
        """Let `renew` bring back what ``fill`` writes, rather than the empty template, until the block ends."""
        assert self._empty is not None
        fill()
        self._sweeper = Sweeper(self._empty.connection)
        try:
            yield
        finally:
            self._sweeper = self._empty
            self.renew()

    def _clone(self) -> Sweeper:
        self._forget()
        with database.connect_admin(self.cluster.url()) as admin:
            admin.execute(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')
            admin.execute(f'CREATE DATABASE "{self.name}" TEMPLATE "{self.template}" OWNER {database.OWNER}')
            database.secure_database(admin, self.name)
        self._sweeper = self._empty = Sweeper(psycopg.connect(self.url(SUPERUSER), autocommit=True))
        return self._empty

    def _forget(self) -> None:
        """Let go of the database, as it is about to be dropped."""
        if self._empty is not None:
            self._empty.connection.close()
        self._sweeper = self._empty = None

    def stop(self) -> None:
        """Drop this process's database, and stop the cluster if nobody else uses it."""
        connections.close_all()
        self._forget()
        self._drop(self.name)
        self._member.close()
        self.cluster.release()

    def url(self, login: str) -> str:
        """Return this process's database for ``login`` (one of the four, or the superuser)."""
        return database.login_url(self.cluster.url(), login, self.secrets[login], self.name)

    @contextmanager
    def connect(self, login: str) -> Iterator[psycopg.Connection[Any]]:
        """Open a connection as ``login`` in which every statement commits itself."""
        with psycopg.connect(self.url(login), autocommit=True) as connection:
            yield connection

    def _point_django_at(self, name: str, login: str) -> None:
        server = self.cluster.url()
        for alias, who, path in (("default", login, ""), ("public", database.PUBLIC, "pub")):
            url = database.login_url(server, who, self.secrets[who], name)
            settings.DATABASES[alias].update(database.django_database(url, pool_size=0, search_path=path))
            settings.DATABASES[alias]["CONN_MAX_AGE"] = None  # as long as the browser's own connection to the server

    def _build_template(self) -> None:
        """Prepare and migrate under another name, so that a half-built template is never used."""
        half = f"{self.template}_half"
        self._drop(half)
        database.prepare(self.cluster.url(), self.secrets, half)
        self._point_django_at(half, database.OWNER)
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        connections.close_all()
        with database.connect_admin(self.cluster.url()) as admin:
            admin.execute(f'ALTER DATABASE "{half}" RENAME TO "{self.template}"')

    def _exists(self, name: str) -> bool:
        with database.connect_admin(self.cluster.url()) as admin:
            return bool(admin.execute("SELECT FROM pg_database WHERE datname = %s", [name]).rowcount)

    def _drop(self, name: str) -> None:
        with database.connect_admin(self.cluster.url()) as admin:
            admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _join(self) -> bool:
        """Count ourselves in among the test processes, by a lock that ends with us; say whether we are alone."""
        self._member = (self.folder / "members.lock").open("a")
        try:
            fcntl.flock(self._member, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            alone = False
        else:
            alone = True
        fcntl.flock(self._member, fcntl.LOCK_SH)
        return alone

    def _drop_leftovers(self, *, alone: bool) -> None:
        """Drop the databases of test processes that are gone, and old templates when nobody else can use them."""
        with database.connect_admin(self.cluster.url()) as admin:
            names = [row[0] for row in admin.execute("SELECT datname FROM pg_database WHERE datname LIKE 'ddx_test_%'")]
        workers = {name for name in names if name.startswith(WORKER_PREFIX)}
        gone = {name for name in workers if not is_running(int(name.rpartition("_")[2]))}
        if alone:
            gone |= {name for name in names if name.startswith(TEMPLATE_PREFIX)} - {TEMPLATE_PREFIX + fingerprint()}
        for name in gone:
            self._drop(name)
