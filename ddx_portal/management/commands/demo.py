"""The whole portal on one machine: database, people and articles, web and worker, until Ctrl-C."""

import fcntl
import os
import shutil
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from typing import Any

import psycopg
from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command, get_commands

from ddx_portal import database
from ddx_portal.embedded import EmbeddedError
from ddx_portal.installation import NOWHERE, Installation, here
from ddx_portal.processes import ChildDied, Children, Stopped, stop_on_signals
from publications.provenance import countersigning

SIGN_INS = ("author", "editor", *(f"reviewer-{number}" for number in range(1, 7)), "admin")
START_LIMIT = 60.0  # seconds
STEPS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (database.OWNER, "migrate", ()),
    (database.OWNER, "createcachetable", ()),
    (database.STAFF, "load_codes", ()),
    (database.STAFF, "demo_content", ()),
)


class Command(BaseCommand):
    """`make demo`."""

    help = "Prepare the database, make demo people and articles, and run web and worker until Ctrl-C."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take --reset and --prepare-only."""
        parser.add_argument("--reset", action="store_true", help="drop the database and the mail first")
        parser.add_argument("--prepare-only", action="store_true", help="make everything ready, but run nothing")

    def handle(self, *, reset: bool, prepare_only: bool, **options: Any) -> None:
        """Run the demo; exit code 0 after Ctrl-C, 1 when anything went wrong."""
        stop_on_signals()
        self.local, self.port = here(), port_number()
        try:
            with told_in_a_sentence(), only_one(self.local):
                require_free(self.port)
                self.prepare(reset=reset)
                if not prepare_only:
                    self.serve()
        except Stopped:
            self.stdout.write("Stopped.")
        finally:
            self.local.cluster.release()

    def prepare(self, *, reset: bool) -> None:
        """Make the database, its content and the static files ready."""
        self.say("Preparing the database")
        admin_url = os.environ.get("DATABASE_URL", NOWHERE)
        admin_url = "" if admin_url == NOWHERE else admin_url
        if reset:
            self.local.drop(admin_url)
            shutil.rmtree(settings.DATA_DIR / "mail", ignore_errors=True)
        self.local.prepare(admin_url)
        known = get_commands()
        for login, command, arguments in STEPS:
            if command in known:
                self.say(f"Running {command}")
                self.step(login, command, *arguments)
        self.say("Running collectstatic")
        call_command("collectstatic", interactive=False, verbosity=0)

    def step(self, login: str, command: str, *arguments: str) -> None:
        """Run one management command as ``login`` in a process of its own; show what it says only if it fails."""
        words = [sys.executable, "manage.py", command, *arguments]
        done = subprocess.run(
            words, env=self.environment(login), cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise CommandError(f"{command} failed:\n{done.stdout}{done.stderr}")

    def serve(self) -> None:
        """Start web, worker and chores, say where they are, and stay until one ends or we are stopped."""
        os.chdir(settings.BASE_DIR)
        web = ["granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port), "--no-ws"]
        web += ["--workers", "2", "--blocking-threads", "1", "--log-level", "warning", "ddx_portal.wsgi:application"]
        worker, tend = ["manage.py", "worker"], ["manage.py", "tend", "--every", "60"]
        children = Children()
        try:
            children.start("web", [sys.executable, "-m", *web], self.environment(database.STAFF, pool="2"))
            children.start("worker", [sys.executable, *worker], self.environment(database.WORKER))
            children.start("tend", [sys.executable, *tend], self.environment(database.STAFF))
            wait_until_ready(self.port, children)
            self.welcome()
            children.watch()
        finally:
            children.end()

    def environment(self, login: str, *, pool: str = "0") -> dict[str, str]:
        """Return the environment of a child that runs as ``login``; the key of the press is the worker's alone."""
        inherited = dict(os.environ)
        if login != database.WORKER:
            inherited.pop(countersigning.VARIABLE, None)
        own = {
            "DATABASE_URL": self.local.url(login),
            "PUBLIC_DATABASE_URL": self.local.url(database.PUBLIC),
            "DDX_DATABASE_POOL": pool,
            "DDX_DEMO_PASSWORD": self.password(),
        }
        return {**inherited, **own}

    def password(self) -> str:
        """Return the password of every demo sign-in."""
        return os.environ.get("DDX_DEMO_PASSWORD") or self.local.secrets()["demo_password"]

    def welcome(self) -> None:
        """Print the address and the sign-ins."""
        sign_ins = "\n".join(f"    {name}@demo.example" for name in SIGN_INS)
        self.stdout.write(
            f"\n  DDx Portal runs at http://localhost:{self.port}/\n"
            f"  Sign in at http://localhost:{self.port}/accounts/login/ with the password {self.password()} as\n"
            f"{sign_ins}\n"
            f"  Mail goes to {settings.DATA_DIR / 'mail'}\n"
            f"  Ctrl-C ends it.\n"
        )
        self.stdout.flush()

    def say(self, what: str) -> None:
        """Print one line of progress."""
        self.stdout.write(f"{what} ...")
        self.stdout.flush()


def port_number() -> int:
    """Return the port from `PORT`, by default 8000."""
    port = os.environ.get("PORT") or "8000"
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise CommandError(f"PORT must be a number between 1 and 65535, not {port!r}.")
    return int(port)


def require_free(port: int) -> None:
    """Stop with a clear word when somebody else listens on ``port``."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            hint = f"make demo PORT={port + 1 if port < 65535 else 8000}"
            raise CommandError(f"Port {port} cannot be used ({error.strerror}). Try another: {hint}") from None


@contextmanager
def told_in_a_sentence() -> Iterator[None]:
    """End with exit code 1 and what went wrong, not with a traceback."""
    try:
        yield
    except (ChildDied, EmbeddedError, database.DatabaseError, psycopg.Error) as error:
        raise CommandError(str(error)) from None


@contextmanager
def only_one(local: Installation) -> Iterator[None]:
    """Hold the data folder for one demo at a time."""
    local.folder.mkdir(parents=True, exist_ok=True)
    with (local.folder / "demo.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CommandError(f"A demo runs in {local.folder} already; end it first, or set DDX_DATA_DIR.") from None
        yield


def wait_until_ready(port: int, children: Children) -> None:
    """Return when the web answers that it is ready."""
    deadline = time.monotonic() + START_LIMIT
    while not is_ready(port):
        children.check()
        if time.monotonic() > deadline:
            raise CommandError(f"The portal was not ready after {START_LIMIT:.0f} seconds.")
        time.sleep(0.2)


def is_ready(port: int) -> bool:
    """Ask /readyz."""
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
