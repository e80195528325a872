"""Public sites for the bench: a database full of approved articles, their pages pressed, and servers on it.

Each article is one of middle length of the demonstration, under a title, a slug and dates of its own.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SQL = Path(__file__).with_name("public.sql")
ROOT = Path(__file__).resolve().parent.parent
PRESSED = 1_000  # whose pages the press makes; the others get copies of those under their own addresses
BATCH = 10_000
TEMPLATE = "dizziness-on-turning-over-in-bed.md"
START_WITHIN = 30.0  # seconds
PORTAL, BARE = "ddx_portal.wsgi:application", "bench.bare:application"
#: What is other than in the text that all are made of.
OWN = {
    "id": "t.id + n",
    "article_id": "t.article_id + n",
    "slug": "'bench-' || n",
    "title": "named.title",
    "specialty": "(ARRAY['Neurologic', 'Cardiovascular', 'Dermatology', 'Musculoskeletal'])[1 + n % 4]",
    "content": "text.content",
    "content_sha256": "encode(sha256(convert_to(text.content, 'UTF8')), 'hex')",
    "body_html": "text.body",
    "body_sha256": "encode(sha256(convert_to(text.body, 'UTF8')), 'hex')",
    "approved_at": "t.approved_at - n * interval '1 minute'",
    "last_reviewed_at": "t.approved_at - n * interval '1 minute'",
}
COLUMNS = """
    SELECT attname FROM pg_attribute
    WHERE attrelid = 'pub.publication'::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
"""
ENLIST = "SELECT public.enlist(ids) FROM (SELECT array_agg(id) FROM pub.publication WHERE id BETWEEN %s AND %s) x (ids)"
TO_PRESS = """
    INSERT INTO pub.pressed (publication_id, is_slow)
    SELECT %s + n, is_slow FROM generate_series(1, %s) n, (VALUES (false), (true)) s (is_slow)
"""
PASSAGES = ENLIST.replace("public.enlist", "pub.write_passages")
COPIES = """
    INSERT INTO pub.page (path, publication_id, revision, is_slow, frame, etag, headers, is_gzip, body, good_until)
    SELECT '/articles/bench-' || n || '/', %(template)s + n, 1, is_slow, frame, 'W/"' || md5(n::text) || '"', headers,
        is_gzip, body, good_until
    FROM generate_series(%(pressed)s + 1, %(size)s) n
    JOIN pub.page ON path = '/articles/bench-' || (1 + n %% %(pressed)s) || '/'
"""


class Site:
    """A database with so many public articles, and what a process needs in its environment to serve it."""

    def __init__(self, size: int, database: Any, folder: Path) -> None:
        self.size, self.database, self.folder = size, database, folder
        self.ports: dict[str, int] = {}
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("DDX_")},
            "DJANGO_SETTINGS_MODULE": "ddx_portal.settings",
            "DDX_SURFACE": "public",
            "DDX_SECRET_KEY": "only-for-the-bench-" * 4,
            "DDX_PAGES_IN_MEMORY": "1024",  # as docs/operations.md advises for so many articles
            "DDX_SITE_URL": "http://127.0.0.1",
            "DDX_DATA_DIR": str(folder),
            "PUBLIC_DATABASE_URL": database.url("ddx_public"),
            "BENCH_BYTES": str(folder),
        }

    def manage(self, *command: str, **more: str) -> None:
        words = [sys.executable, "manage.py", *command]
        subprocess.run(words, env=self.environment | more, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)

    def fill(self, superuser: Any) -> None:
        """Write the articles, with the triggers off, and press their pages."""
        from django.core.management import call_command

        from articles.intake import read
        from bench.weight import DEMO
        from tests import factories

        call_command("load_codes", verbosity=0)
        content = read((DEMO / TEMPLATE).read_text("utf-8")).content
        template = factories.make_version("approved", content=content).pk
        names = [name for (name,) in superuser.execute(COLUMNS).fetchall()]
        values = ", ".join(OWN.get(name, f"t.{name}") for name in names)
        superuser.execute("SET session_replication_role = replica")
        for first in range(1, self.size + 1, BATCH):
            last = min(self.size, first + BATCH - 1)
            parts = {"columns": ", ".join(names), "values": values, "template": template}
            superuser.execute(SQL.read_text(encoding="utf-8").format(first=first, last=last, **parts))
            for derived in (ENLIST, PASSAGES):
                superuser.execute(derived, [template + first, template + last])
            superuser.execute("CHECKPOINT")
        superuser.execute("SET session_replication_role = origin")
        superuser.execute(TO_PRESS, [template, min(PRESSED, self.size)])
        self.manage("collectstatic", "--no-input", "-v0")
        self.manage("press", DDX_SURFACE="all", DATABASE_URL=self.database.url("ddx_worker"))
        superuser.execute(COPIES, {"template": template, "pressed": PRESSED, "size": self.size})
        superuser.execute("VACUUM (ANALYZE)")

    @contextmanager
    def served(self, *applications: str) -> Iterator[None]:
        """Run a web server for each of these applications, until the block ends."""
        processes = []
        try:
            for application in applications:
                self.ports[application] = port = free_port()
                processes.append(subprocess.Popen(command(application, port), env=self.environment, cwd=ROOT))
                wait_for(port)
            yield
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                process.wait(20)


def fetched(site: Site, address: str) -> tuple[bytes, Any]:
    """The bytes as they come, and the headers."""
    url = f"http://127.0.0.1:{site.ports[PORTAL]}{address}"
    request = urllib.request.Request(url, headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        return answer.read(), answer.headers


def command(application: str, port: int) -> list[str]:
    """The server that docs/operations.md recommends."""
    words = ["granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--no-ws"]
    return [
        sys.executable,
        "-m",
        *words,
        "--workers",
        "2",
        "--blocking-threads",
        "1",
        "--log-level",
        "error",
        application,
    ]


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def wait_for(port: int) -> None:
    until = time.monotonic() + START_WITHIN
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            return


@contextmanager
def prepared(size: int, folder: Path) -> Iterator[Site]:
    """A site of this size on a database of its own, thrown away afterwards."""
    from ddx_portal.embedded import SUPERUSER
    from tests.harness import WorkerDatabase

    database = WorkerDatabase(folder, f"public_{size}")
    database.start()
    (own := folder / str(size)).mkdir()
    try:
        made = Site(size, database, own)
        with database.connect(SUPERUSER) as superuser:
            made.fill(superuser)
        yield made
    finally:
        database.stop()
