"""What one installation keeps in its data folder: its secrets, and which database it uses."""

import fcntl
import json
import os
import secrets
from collections.abc import MutableMapping, Sequence
from functools import cached_property
from pathlib import Path

from ddx_portal import database
from ddx_portal.embedded import SUPERUSER, Cluster, EmbeddedError

BASE_DIR = Path(__file__).resolve().parent.parent
SECRET_NAMES = (SUPERUSER, *database.LOGINS, "secret_key", "demo_password")
OWNER_COMMANDS = {"migrate", "makemigrations", "createcachetable", "showmigrations", "sqlmigrate", "rebuild_public"}
WORKER_COMMANDS = {"worker", "db_worker", "failed_tasks", "press", "index_passages", "revoke_provenance_key"}
OFFLINE_COMMANDS = {
    "demo",
    "prepare_database",
    "collectstatic",
    "state_diagram",
    "help",
    "version",
    "--help",
    "--version",
}
NOWHERE = "postgresql://nobody@/nothing?host=/nonexistent"


class Installation:
    """The data folder of one installation (`DDX_DATA_DIR`, by default ``var/``)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()

    @property
    def exists(self) -> bool:
        """Whether a database was ever prepared for this folder."""
        return bool(self._read().get("prepared"))

    def serves(self, admin_url: str) -> bool:
        """Whether the database was prepared on the server at ``admin_url``."""
        return bool(admin_url) and self._read().get("admin_url") == admin_url

    @cached_property
    def cluster(self) -> Cluster:
        """The embedded PostgreSQL of this folder."""
        return Cluster(self.folder, self.secrets()[SUPERUSER])

    def secrets(self) -> dict[str, str]:
        """Return all secrets, made at random when first asked for and kept in a file only we can read."""
        self.folder.mkdir(parents=True, exist_ok=True)
        mail = self.folder / "mail"  # holds links into accounts
        mail.mkdir(exist_ok=True)
        mail.chmod(0o700)
        with (self.folder / "secrets.lock").open("a") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            kept = self._read()
            missing = [name for name in SECRET_NAMES if name not in kept]
            if missing:
                kept |= {name: secrets.token_urlsafe(48 if name == "secret_key" else 18) for name in missing}
                self._write(kept)
        return kept

    def prepare(self, admin_url: str = "") -> None:
        """Make the logins and the database ready, on the server at ``admin_url`` or the embedded one."""
        known = self.secrets()
        if not admin_url:
            self.cluster.use()
        server = admin_url or self.cluster.url()
        database.prepare(server, known, database.database_name(server))
        self._write(known | {"prepared": "yes", "admin_url": admin_url})

    def drop(self, admin_url: str = "") -> None:
        """Drop the database; the cluster and the secrets stay."""
        if not admin_url:
            self.cluster.use()
        server = admin_url or self.cluster.url()
        database.drop_database(server, database.database_name(server))

    def url(self, login: str) -> str:
        """Return the address of the database for ``login``; starts the embedded PostgreSQL if need be."""
        server = self._server()
        return database.login_url(server, login, self.secrets()[login], database.database_name(server))

    def environment(self, login: str, *, port: str = "") -> dict[str, str]:
        """Return what a process of the demo needs in its environment to run as ``login``."""
        return {
            "DATABASE_URL": self.url(login),
            "PUBLIC_DATABASE_URL": self.url(database.PUBLIC),
            **self.offline_environment(port=port),
        }

    def offline_environment(self, *, port: str = "") -> dict[str, str]:
        """Return the same without a database."""
        return {
            "DDX_DATA_DIR": str(self.folder),
            "DDX_SECRET_KEY": self.secrets()["secret_key"],
            "DDX_SITE_URL": f"http://localhost:{port or os.environ.get('PORT') or '8000'}",
            "DDX_ALLOWED_HOSTS": "127.0.0.1,localhost",
            "REQUIRE_SECOND_FACTOR": "0",
        }

    def _server(self) -> str:
        if admin_url := self._read().get("admin_url"):
            return admin_url
        cluster = self.cluster
        cluster.use()
        return cluster.url()

    def _read(self) -> dict[str, str]:
        path = self.folder / "secrets.json"
        return dict(json.loads(path.read_text())) if path.exists() else {}

    def _write(self, kept: dict[str, str]) -> None:
        path = self.folder / "secrets.json"
        half = path.with_suffix(".half")
        half.unlink(missing_ok=True)
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(kept, file, indent=1)
        half.replace(path)


def here() -> Installation:
    """Return the installation that this process belongs to."""
    return Installation(Path(os.environ.get("DDX_DATA_DIR") or BASE_DIR / "var"))


def login_for(command: str) -> str:
    """Return the login that a management command runs as."""
    if command in OWNER_COMMANDS:
        return database.OWNER
    return database.WORKER if command in WORKER_COMMANDS else database.STAFF


def is_offline(command: str, arguments: Sequence[str]) -> bool:
    """Whether these arguments keep a command away from the database."""
    return bool({"-h", "--help"} & {*arguments}) or (command == "import_articles" and "--dry-run" in arguments)


def into_environment(arguments: Sequence[str], environ: MutableMapping[str, str]) -> None:
    """Fill ``environ`` for ``manage.py`` from the data folder, wherever the environment names no database itself.

    Raises EmbeddedError when a command needs a database and there is none.
    """
    local = here()
    command = arguments[0] if arguments else "help"
    offline = command in OFFLINE_COMMANDS or is_offline(command, arguments)
    if not offline and local.serves(environ.get("DATABASE_URL", "")) and not environ.get("PUBLIC_DATABASE_URL"):
        environ.pop("DATABASE_URL")  # the administrator's address that `make demo` was given
    if environ.get("DATABASE_URL") or environ.get("PUBLIC_DATABASE_URL"):
        found = {**local.offline_environment(), "PUBLIC_DATABASE_URL": NOWHERE} if offline else {}
    elif local.exists and not offline:
        found = local.environment(login_for(command))
    elif offline or "--dry-run" in arguments:
        found = local.offline_environment() | {"DATABASE_URL": NOWHERE, "PUBLIC_DATABASE_URL": NOWHERE}
    else:
        raise EmbeddedError("there is no database yet: run `make demo`, or set DATABASE_URL (docs/operations.md).")
    for name, value in found.items():
        environ.setdefault(name, value)
