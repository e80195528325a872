"""Fixtures for every test: databases with their four logins, work done later, and no network.

`db` gives the staff login in a transaction that is rolled back. `committed_db` gives a database in which commits
are real, seen by the public login, other threads and processes, and which is thrown away afterwards.
"""

import ipaddress
import os
import socket
from collections.abc import Callable, Iterator
from typing import Any, Protocol

import psycopg
import pytest
from django.conf import settings
from django.db import transaction

from ddx_portal import database
from ddx_portal.embedded import SUPERUSER
from tests.harness import WorkerDatabase
from tests.serving import QuietLiveServer

type Connection = psycopg.Connection[Any]

#: What takes long begins early, lest one worker waits for another; what needs no database before the template is made.
LONG = ("journeys", "test_lint.py", "test_demo.py", "test_quarter.py", "attacks", "test_leaks.py", "test_versions.py")
#: Folders whose modules share what is long in the making.
TOGETHER = ("journeys", "attacks", "api")


class Blocker(Protocol):
    """What pytest-django uses to keep tests that did not ask for it away from the database."""

    def unblock(self) -> Any: ...


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give each worker whole modules, so that what a module keeps is made once, and one worker all browser journeys."""
    for item in items:
        folder = item.path.parent.name
        if folder == "journeys":
            item.add_marker(pytest.mark.journey)
        group = folder if folder in TOGETHER else f"{folder}.{item.path.stem}"
        item.add_marker(pytest.mark.xdist_group(group))
    items.sort(key=lambda item: next((n for n, name in enumerate(LONG) if name in item.path.parts), len(LONG)))


@pytest.fixture(scope="session")
def worker_database(django_test_environment: None, django_db_blocker: Blocker) -> Iterator[WorkerDatabase]:
    """The PostgreSQL database of this test process."""
    own = WorkerDatabase(settings.DATA_DIR, os.environ.get("PYTEST_XDIST_WORKER", "main"))
    with django_db_blocker.unblock():
        own.start()
    yield own
    with django_db_blocker.unblock():
        own.stop()


@pytest.fixture(scope="session")
def live_server(worker_database: WorkerDatabase) -> Iterator[QuietLiveServer]:
    """pytest-django's server in a thread; it brings `committed_db` with it, which waits for its last request."""
    server = QuietLiveServer("localhost")
    worker_database.users.append(server.wait_until_idle)
    yield server
    worker_database.users.remove(server.wait_until_idle)
    server.stop()


@pytest.fixture(scope="session")
def django_db_setup(worker_database: WorkerDatabase) -> None:
    """Take the place of pytest-django's own databases, which the staff login may not create."""


@pytest.fixture(scope="module")
def kept_db(django_db_setup: None, django_db_blocker: Blocker) -> Iterator[None]:
    """Let a module's fixtures write what all its tests begin with; each test still turns back what it wrote itself.

    Only for modules whose tests use `db`: what is kept here is never committed.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def kept_states(kept_db: None) -> dict[str, Any]:
    """A version in every state: for the tests that read it by `in_state`."""
    from articles.states import VersionState
    from tests.factories import make_version

    return {state: make_version(state) for state in VersionState.values}


@pytest.fixture
def in_state(db: None, kept_states: dict[str, Any]) -> Callable[[str], Any]:
    """Return a function that reads the version in a state anew: there is one in each."""
    from tests.factories import reread

    return lambda state: reread(kept_states[state])


@pytest.fixture
def committed_db(
    request: pytest.FixtureRequest, worker_database: WorkerDatabase, django_db_blocker: Blocker
) -> Iterator[None]:
    """Let the test commit for real, on both logins; the database is brought back afterwards."""
    if "db" in request.fixturenames or request.node.get_closest_marker("django_db"):
        pytest.fail("committed_db and db exclude each other: use one")
    with django_db_blocker.unblock():
        yield
        worker_database.renew()


@pytest.fixture
def transactional_db(committed_db: None) -> None:
    """Take the place of pytest-django's, which truncates tables that refuse it; `live_server` asks for this."""


@pytest.fixture
def as_owner(committed_db: None, worker_database: WorkerDatabase) -> Iterator[Connection]:
    """A connection as the owner of all tables; every statement commits itself."""
    with worker_database.connect(database.OWNER) as connection:
        yield connection


@pytest.fixture
def as_staff(committed_db: None, worker_database: WorkerDatabase) -> Iterator[Connection]:
    """A connection as the web's login; every statement commits itself."""
    with worker_database.connect(database.STAFF) as connection:
        yield connection


@pytest.fixture
def as_public(committed_db: None, worker_database: WorkerDatabase) -> Iterator[Connection]:
    """A connection as the public pages' login; every statement commits itself."""
    with worker_database.connect(database.PUBLIC) as connection:
        yield connection


@pytest.fixture
def as_worker(committed_db: None, worker_database: WorkerDatabase) -> Iterator[Connection]:
    """A connection as the login of work done later; every statement commits itself."""
    with worker_database.connect(database.WORKER) as connection:
        yield connection


@pytest.fixture
def as_superuser(committed_db: None, worker_database: WorkerDatabase) -> Iterator[Connection]:
    """A connection that may tamper with everything; every statement commits itself."""
    with worker_database.connect(SUPERUSER) as connection:
        yield connection


@pytest.fixture
def run_tasks(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """Return a function that does all waiting work, as the worker would, and says how many tasks it did.

    A task that failed fails the test. Works inside the transaction of `db` too, whose connection stays open.
    """

    def run() -> int:
        from django_tasks_db.management.commands import db_worker
        from django_tasks_db.models import DBTaskResult

        monkeypatch.setattr(db_worker, "close_old_connections", lambda: None)

        waiting = DBTaskResult.objects.ready().count()
        options: dict[str, Any] = {"interval": 0.0, "batch": True, "backend_name": "default", "startup_delay": False}
        options |= {"queue_names": ["*"], "excluded_queue_names": [], "max_tasks": None, "worker_id": "tests"}
        db_worker.Worker(**options).run()
        failed = list(DBTaskResult.objects.failed().values_list("traceback", flat=True))
        assert not failed, "\n".join(failed)
        return waiting

    return run


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Refuse every connection but those to this machine."""
    allowed = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and not is_loopback(str(address[0])):
            raise PermissionError(f"a test tried to reach {address}")
        allowed(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect)
        yield


def is_loopback(host: str) -> bool:
    """Say whether ``host`` is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
