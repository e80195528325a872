"""The public site reads a streaming replica, follows it at once, and goes on while the primary is down."""

import time
from pathlib import Path

import psycopg
import pytest

from ddx_portal.database import PUBLIC, WORKER
from ddx_portal.embedded import SUPERUSER
from tests import factories
from tests.harness import WorkerDatabase
from tests.publications.pressing import press_all
from tests.publications.replicas import address, has_caught_up, primary_and_replica
from tests.publications.test_surface import PAGE, ask, environment, running

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


@pytest.mark.usefixtures("committed_db")
def test_public_process_reads_a_replica_while_the_primary_is_down(
    worker_database: WorkerDatabase, tmp_path: Path
) -> None:
    factories.make_version("approved")
    press_all(worker_database)
    with primary_and_replica(worker_database, tmp_path) as (primary, replica):
        here = {"PUBLIC_DATABASE_URL": address(replica, worker_database, PUBLIC)}
        with running(environment(worker_database, tmp_path / "site") | here) as port:
            before = {path: ask(port, "GET", path) for path in READ}
            assert {path: answer[0] for path, answer in before.items()} == dict.fromkeys(READ, 200)
            with psycopg.connect(address(primary, worker_database, SUPERUSER)) as owner:
                owner.execute("UPDATE pub.publication SET title = 'Hiccups by day'")
            until = time.monotonic() + 20
            while not has_caught_up(primary, replica):
                assert time.monotonic() < until
            for path in (PAGE, "/search/?q=hiccups"):
                assert b" by day" in ask(port, "GET", path)[2], path
            primary.release()
            with pytest.raises(psycopg.OperationalError):
                psycopg.connect(address(primary, worker_database, WORKER))
            for path in READ * 3:
                answer = ask(port, "GET", path)
                assert answer[0] == 200, path
            assert ask(port, "GET", PAGE, **{"If-None-Match": ask(port, "GET", PAGE)[1]["etag"]})[0] == 304
