"""The public site as a process of its own: only public addresses, only the public login."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings

from ddx_portal.database import PUBLIC
from tests import factories
from tests.harness import WorkerDatabase

PAGE = "/articles/hiccups-at-night/"
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


@pytest.fixture
def public_process(committed_db: None, worker_database: WorkerDatabase, tmp_path: Path) -> Iterator[int]:
    """The port of a running public process."""
    with running(environment(worker_database, tmp_path)) as port:
        yield port


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


def test_public_process_serves_the_public_site_and_nothing_else(public_process: int) -> None:
    factories.make_version("approved")
    factories.make_version("submitted", content=factories.make_content("Cold feet"))
    status, headers, body = ask(public_process, "GET", PAGE)
    assert (status, b"Hiccups at night" in body) == (200, True)
    assert headers["cache-control"] == "public, max-age=0, must-revalidate"
    assert (headers["vary"], "set-cookie" in headers) == ("Accept-Encoding", False)
    assert ask(public_process, "HEAD", PAGE)[::2] == (200, b"")
    assert ask(public_process, "GET", PAGE, **{"If-None-Match": headers["etag"]})[::2] == (304, b"")
    assert ask(public_process, "POST", PAGE)[0] == 405
    for path in ("/", "/search/?q=hiccups", "/board/", "/feed.atom", "/readyz", "/livez"):
        assert ask(public_process, "GET", path)[0] == 200, path
    missing = ask(public_process, "GET", "/there-is-no-such-page/")
    for path in ("/desk/", "/accounts/login/", "/desk/ledger/", "/desk/people/", "/articles/cold-feet/"):
        status, headers, body = ask(public_process, "GET", path)
        assert (status, body) == (404, missing[2]), path
        assert "set-cookie" not in headers
