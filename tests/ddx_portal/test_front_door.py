"""Health, headers and limits that hold for every address."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client

from ddx_portal.database import PUBLIC, STAFF
from ddx_portal.environment import mailer
from tests.harness import WorkerDatabase

PRODUCTION = {
    "PATH": os.environ["PATH"],
    "DJANGO_SETTINGS_MODULE": "ddx_portal.settings",
    "DDX_SECRET_KEY": "k7Jq0v!w3-Zx9Lr2_Tb6Yh5Nc8Md4Sf1Gp0Wa7Eu3Oi9Rk2Vj5Xl8Qz4Bt6Hy1",
    "DDX_SITE_URL": "https://ddx.example.org",
    "DDX_TRUSTED_PROXIES": "1",
    "DATABASE_URL": "postgresql://ddx_staff@/ddx?host=/nonexistent",
    "PUBLIC_DATABASE_URL": "postgresql://ddx_public@/ddx?host=/nonexistent",
    "DDX_MAIL_URL": "smtp://user:secret@mail.example.org:587?tls=1",
}


def production(*words: str, **changes: str) -> subprocess.CompletedProcess[str]:
    """Run Python with the environment of production."""
    environment = {name: value for name, value in {**PRODUCTION, **changes}.items() if value}
    command = [sys.executable, *words]
    return subprocess.run(command, env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)


def test_livez_needs_no_database(client: Client) -> None:
    response = client.get("/livez")
    assert (response.status_code, response.content) == (200, b"ok")


def test_readyz_asks_both_logins(committed_db: None, client: Client) -> None:
    assert client.get("/readyz").status_code == 200


def test_readyz_without_database_is_503(
    committed_db: None, client: Client, worker_database: WorkerDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    connections["public"].close()
    monkeypatch.setitem(settings.DATABASES["public"], "PASSWORD", "wrong")
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (503, b"not ready")


def test_every_response_carries_the_headers(client: Client) -> None:
    headers = client.get("/livez").headers
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; ")
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert "camera=()" in headers["Permissions-Policy"]


@pytest.mark.parametrize("path", ["/desk/", "/desk/nothing/", "/accounts/login/"])
def test_staff_pages_are_stored_nowhere(db: None, client: Client, path: str) -> None:
    assert "no-store" in client.get(path).headers["Cache-Control"]


def test_answer_that_sets_a_cookie_is_stored_nowhere(client: Client) -> None:
    client.cookies[settings.SESSION_COOKIE_NAME] = "short"  # no session's: Django has the browser drop it
    response = client.get("/robots.txt")
    assert response.cookies
    assert "no-store" in response.headers["Cache-Control"]


def test_large_body_is_refused_before_it_is_read(client: Client) -> None:
    response = client.generic("POST", "/livez", b"", headers={"content-length": str(100 * 1024 * 1024)})
    assert response.status_code == 413


def test_deployment_check_is_clean(committed_db: None, worker_database: WorkerDatabase) -> None:
    urls = {"DATABASE_URL": worker_database.url(STAFF), "PUBLIC_DATABASE_URL": worker_database.url(PUBLIC)}
    done = production("manage.py", "check", "--deploy", "--fail-level", "WARNING", **urls)
    assert done.returncode == 0, done.stderr


def test_public_surface_has_no_session_and_needs_no_staff_login() -> None:
    code = (
        "import django; django.setup()\n"
        "from django.conf import settings; from django.urls import get_resolver\n"
        "print(any('Session' in name or 'allauth' in name for name in settings.MIDDLEWARE + settings.INSTALLED_APPS))\n"
        "print(settings.DATABASES['default']['USER'])\n"
        "routes = [str(entry.pattern) for entry in get_resolver().url_patterns]\n"
        "print([route for route in routes if route.startswith(('desk', 'accounts'))])"
    )
    done = production("-c", code, DDX_SURFACE="public", DATABASE_URL="")
    assert done.stdout.splitlines() == ["False", "ddx_public", "[]"], done.stderr


WRONG = [
    ("DDX_SECRET_KEY", "", "DDX_SECRET_KEY is not set"),
    ("DDX_SITE_URL", "example.org", "DDX_SITE_URL must be"),
    ("DDX_SURFACE", "private", "DDX_SURFACE must be"),
    ("PUBLIC_DATABASE_URL", "", "PUBLIC_DATABASE_URL is not set"),
    ("APPROVALS_REQUIRED", "two", "APPROVALS_REQUIRED must be"),
    ("APPROVALS_REQUIRED", "0", "APPROVALS_REQUIRED must be"),
    ("DDX_MAIL_URL", "imap://host", "DDX_MAIL_URL must be"),
]
#: Reads the settings once for each setting that it is given, in an environment that is otherwise that of production.
EACH = """
import json, os, runpy, sys
given = dict(os.environ)
for name, value in json.loads(sys.argv[1]):
    os.environ.clear()
    os.environ.update({key: text for key, text in {**given, name: value}.items() if text})
    try:
        runpy.run_module("ddx_portal.settings")
    except Exception as error:
        print(error)
    else:
        print("started")
"""


def test_wrong_setting_stops_the_start_with_its_name() -> None:
    done = production("-c", "import ddx_portal.settings", **{WRONG[0][0]: WRONG[0][1]})
    assert done.returncode == 1
    assert WRONG[0][2] in done.stderr
    done = production("-c", EACH, json.dumps([["PATH", PRODUCTION["PATH"]], *([name, to] for name, to, _ in WRONG)]))
    right, *said = done.stdout.splitlines()
    assert right == "started", done.stderr
    assert [(line, sentence) for line, (_, _, sentence) in zip(said, WRONG, strict=True) if sentence not in line] == []


def test_mail_url_names_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "a folder"
    assert mailer(folder.as_uri())["OPTIONS"] == {"file_path": str(folder)}


def test_mail_url_names_a_server() -> None:
    options = mailer("smtp://user:p%40ss@mail.example.org:587?tls=1")["OPTIONS"]
    assert (options["host"], options["port"], options["password"]) == ("mail.example.org", 587, "p@ss")
    assert (options["use_tls"], options["use_ssl"]) == (True, False)
