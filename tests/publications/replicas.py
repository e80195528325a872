"""A primary of our own and a streaming replica of it, both of the embedded PostgreSQL."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from ddx_portal import database
from ddx_portal.embedded import SUPERUSER, Cluster, programs
from tests.harness import FAST, WorkerDatabase

HBA = "local all all scram-sha-256\nlocal replication all scram-sha-256\n"


class Replica(Cluster):
    """A cluster that begins as a copy of another and follows it."""

    def __init__(self, home: Path, primary: Cluster) -> None:
        super().__init__(home, primary.password, FAST)
        self.primary = primary

    def _make(self) -> None:
        owner = self._system_user()
        self.data.mkdir(parents=True, mode=0o700)
        if owner:
            os.chown(self.data, owner.pw_uid, owner.pw_gid)
        what = ["--write-recovery-conf", "--checkpoint=fast", "--no-sync", "--no-manifest", "--wal-method=stream"]
        self._run("pg_basebackup", "-D", str(self.data), *what, "-d", self.primary.url())
        (self.data / ".s.PGSQL.5432.lock").unlink(missing_ok=True)  # of the primary's socket, which lies in its folder


@contextmanager
def primary_and_replica(source: WorkerDatabase, folder: Path) -> Iterator[tuple[Cluster, Replica]]:
    """A copy of this test's database on a primary, and a replica that follows it; thrown away afterwards."""
    primary = Cluster(folder / "primary", source.secrets[SUPERUSER], FAST)
    replica = Replica(folder / "replica", primary)
    try:
        primary.use()
        primary._write("pg_hba.conf", HBA)
        copy(source, primary)
        replica.use()
        yield primary, replica
    finally:
        for cluster in (replica, primary):
            cluster.release()
            shutil.rmtree(cluster.data.parent, ignore_errors=True)


def copy(source: WorkerDatabase, primary: Cluster) -> None:
    """The logins, then the database with everything in it."""
    with database.connect_admin(primary.url()) as admin:
        admin.execute("SELECT pg_reload_conf()")
    database.prepare(primary.url(), source.secrets)
    dump = [str(programs() / "pg_dump"), "-d", source.url(SUPERUSER)]
    told = subprocess.run(dump, capture_output=True, check=True).stdout
    restore = [str(programs() / "psql"), "-q", "-X", "-d", primary.url(database.DATABASE)]
    subprocess.run(restore, input=told, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def address(cluster: Cluster, source: WorkerDatabase, login: str) -> str:
    """The database on this cluster for a login."""
    return database.login_url(cluster.url(), login, source.secrets[login], database.DATABASE)


def has_caught_up(primary: Cluster, replica: Cluster) -> bool:
    """Whether the replica shows all that was committed on the primary."""
    with psycopg.connect(primary.url()) as one, psycopg.connect(replica.url()) as other:
        position = one.execute("SELECT pg_current_wal_insert_lsn()").fetchone()
        return other.execute("SELECT pg_last_wal_replay_lsn() >= %s", position).fetchone() == (True,)
