"""The public site as a process of its own: only public addresses, only the public login, from a streaming replica.

It follows the replica at once, and goes on while the primary is down.
"""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from ddx_portal.database import PUBLIC, WORKER
from ddx_portal.embedded import SUPERUSER, Cluster
from tests import factories
from tests.harness import WorkerDatabase
from tests.publications.pressing import press_all
from tests.publications.replicas import address, has_caught_up, primary_and_replica

PAGE, NOT_PRESSED = "/articles/hiccups-at-night/", "/articles/hiccups-by-surprise/"
READ = (
    PAGE,
    f"{PAGE}provenance.json",
    "/",
    "/search/?q=hiccups",
    "/search/?letter=H",
    "/feed.atom",
    "/board/",
    "/readyz",
)
START_WITHIN = 30.0  # seconds


def environment(database: WorkerDatabase, folder: Path) -> dict[str, str]:
    """All that a public process is given: no address of any other login."""
    return {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "DJANGO_SETTINGS_MODULE": "ddx_portal.settings",
        "DDX_SURFACE": "public",
        "DDX_SECRET_KEY": "only-for-this-test-" * 4,
        "DDX_SITE_URL": "http://127.0.0.1",
        "DDX_DATA_DIR": str(folder),
        "PUBLIC_DATABASE_URL": database.url(PUBLIC),
    }


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def running(given: dict[str, str]) -> Iterator[int]:
    """Run a public process with this environment; gives its port."""
    port = free_port()
    for command in (["check"], ["collectstatic", "--no-input", "-v0"]):
        subprocess.run([sys.executable, "manage.py", *command], env=given, cwd=settings.BASE_DIR, check=True)
    command = ["granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--no-ws"]
    process = subprocess.Popen([*command, "ddx_portal.wsgi:application"], env=given, cwd=settings.BASE_DIR)
    try:
        until = time.monotonic() + START_WITHIN
        while not is_open(port) and time.monotonic() < until and process.poll() is None:
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


def ask(port: int, method: str, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request(method, path, headers=headers)
        response = connection.getresponse()
        return response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
    finally:
        connection.close()


@pytest.mark.usefixtures("committed_db")
def test_public_process_serves_the_public_site_and_nothing_else_and_goes_on_without_the_primary(
    worker_database: WorkerDatabase, tmp_path: Path
) -> None:
    factories.make_version("approved")
    press_all(worker_database)
    factories.make_version("approved", content=factories.make_content("Hiccups by surprise"))
    factories.make_version("submitted", content=factories.make_content("Cold feet"))
    with primary_and_replica(worker_database, tmp_path) as (primary, replica):
        here = {"PUBLIC_DATABASE_URL": address(replica, worker_database, PUBLIC)}
        here |= {"PUBLIC_INBOX_URL": address(primary, worker_database, PUBLIC)}
        with running(environment(worker_database, tmp_path / "site") | here) as port:
            for page in (PAGE, NOT_PRESSED):
                check_page(port, page)
            check_surface(port)
            assert {path: ask(port, "GET", path)[0] for path in READ} == dict.fromkeys(READ, 200)
            check_it_follows(port, primary, replica, address(primary, worker_database, SUPERUSER))
            primary.release()
            with pytest.raises(psycopg.OperationalError):
                psycopg.connect(address(primary, worker_database, WORKER))
            for path in (*READ * 3, "/readyz"):
                assert ask(port, "GET", path)[0] == 200, path
            assert ask(port, "GET", PAGE, **{"If-None-Match": ask(port, "GET", PAGE)[1]["etag"]})[0] == 304


def check_page(port: int, page: str) -> None:
    """A page is there to be read and to be asked for again, and takes nothing."""
    status, headers, body = ask(port, "GET", page)
    assert (status, b"Hiccups" in body) == (200, True)
    assert headers["cache-control"] == "public, max-age=0, must-revalidate"
    assert (headers["vary"], "set-cookie" in headers) == ("Accept-Encoding", False)
    assert ask(port, "HEAD", page)[::2] == (200, b"")
    assert ask(port, "GET", page, **{"If-None-Match": headers["etag"]})[::2] == (304, b"")
    assert ask(port, "POST", page)[0] == 405


def check_surface(port: int) -> None:
    """What is public is there; the desk, the sign-in and what is not approved look like what does not exist."""
    for path in ("/", "/search/?q=hiccups", "/board/", "/feed.atom", "/readyz", "/livez"):
        assert ask(port, "GET", path)[0] == 200, path
    missing = ask(port, "GET", "/there-is-no-such-page/")
    for path in ("/desk/", "/accounts/login/", "/desk/ledger/", "/desk/people/", "/articles/cold-feet/"):
        status, headers, body = ask(port, "GET", path)
        assert (status, body) == (404, missing[2]), path
        assert "set-cookie" not in headers


def check_it_follows(port: int, primary: Cluster, replica: Cluster, owner: str) -> None:
    """What changes on the primary is read at once."""
    with psycopg.connect(owner) as connection:
        connection.execute("UPDATE pub.publication SET title = 'Hiccups by day' WHERE slug = 'hiccups-at-night'")
    until = time.monotonic() + 20
    while not has_caught_up(primary, replica):
        assert time.monotonic() < until
    for path in (PAGE, "/search/?q=hiccups"):
        assert b" by day" in ask(port, "GET", path)[2], path
