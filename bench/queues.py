"""What a page of the queue costs, with 1,000 to 100,000 open versions: `python -m bench.queues [1000 10000 …]`.

Fills a throw-away database by SQL, with the triggers off, then asks for each page as a browser would: through every
middleware, with a session. `fill` also serves the tests that count queries. Exit 1 when a limit is broken.
"""

from __future__ import annotations

import json
import os
import re
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

MOST_QUERIES, MOST_MILLISECONDS = 4, 25.0
SIZES = (1_000, 10_000, 100_000)
#: How many of 1,000 open versions stand where; the last five are not open.
SHARES = {
    "draft": 200,
    "unassigned": 200,
    "answer": 200,
    "reading": 300,
    "stuck": 100,
    "changes": 150,
    "rereview": 50,
    "confirming": 50,
    "public": 300,
    "ended": 50,
}
EDITORS, LABELS = 5, 30
ARTICLES_A_PERSON = 30  # the board and the authors grow with the work; one house author owns half of all
SQL = Path(__file__).with_suffix(".sql")


class Cost(NamedTuple):
    """Of one page: queries beside session and user; in milliseconds the middle of its times at the server, the least of
    what Python itself took, and what one request waited for the database.
    """

    page: str
    queries: int
    milliseconds: float
    in_python: float
    in_database: float

    @property
    def is_within(self) -> bool:
        return self.queries <= MOST_QUERIES and self.milliseconds <= MOST_MILLISECONDS

    def line(self) -> str:
        verdict = "" if self.is_within else "  OVER"
        times = f"{self.milliseconds:8.1f}{self.in_python:8.1f}{self.in_database:8.1f}"
        return f"{times}{self.queries:9}  {self.page}{verdict}"


def fill(superuser: Any, numbers: dict[str, int]) -> None:
    """Write so many articles into each queue of an empty database. The connection's triggers are off for it."""
    from people import icmje

    superuser.execute("SET session_replication_role = replica")
    superuser.execute("SELECT set_config('bench.nothing', %s, false)", [json.dumps(icmje.all_none())])
    many = max(40, sum(numbers.values()) // ARTICLES_A_PERSON)
    people = {"editors": EDITORS, "authors": many, "reviewers": many, "labels": LABELS}
    for name, value in people.items():
        superuser.execute("SELECT set_config(%s, %s, false)", [f"bench.{name}", str(value)])
    lines = ", ".join(f"('{queue}', {count})" for queue, count in numbers.items())
    superuser.execute("CREATE TEMP TABLE wanted (queue text, many int)")
    superuser.execute(f"INSERT INTO wanted VALUES {lines}")  # noqa: S608 - our own names and numbers
    superuser.execute(SQL.read_text())
    superuser.execute("SET session_replication_role = origin")
    superuser.execute("VACUUM (ANALYZE)")


def numbers_for(open_versions: int) -> dict[str, int]:
    return {queue: share * open_versions // 1_000 for queue, share in SHARES.items()}


@contextmanager
def throw_away_database() -> Iterator[Any]:
    """A PostgreSQL of its own with an empty, migrated database, which Django uses; gives the superuser's connection."""
    import django

    django.setup()
    from ddx_portal.embedded import SUPERUSER
    from tests.harness import WorkerDatabase

    with TemporaryDirectory(prefix="ddx_bench_") as folder:
        database = WorkerDatabase(Path(os.environ.get("DDX_BENCH_DIR") or folder), "bench")
        database.start()
        try:
            with database.connect(SUPERUSER) as superuser:
                yield superuser
        finally:
            database.stop()


def pages() -> list[tuple[str, str, str]]:
    """Everything that is measured: who asks, what it is called, the address."""
    from reviews.desk_views import EDITING, REVIEWING, WRITING

    asked = [("editor", "the editor’s desk", "/desk/"), ("editor", "all articles", "/desk/articles/")]
    asked += [("editor", f"{view.key}", f"/desk/?view={view.key}&who=all") for view in EDITING]
    asked += [("editor", f"{view.key}, mine", f"/desk/?view={view.key}&who=mine") for view in EDITING[:6]]
    for sort in ("due", "priority", "risk", "traffic", "newest"):
        asked.append(("editor", f"all, by {sort}", f"/desk/articles/?sort={sort}"))
        asked.append(("editor", f"reading, by {sort}, mine", f"/desk/?view=reading&who=mine&sort={sort}"))
    filters = {
        "specialty": "specialty=Neurologic",
        "label": "label=3",
        "rare label": "label=30",
        "priority": "priority=1",
        "risk": "risk=75",
        "editor": "editor=3",
        "turn": "side=reviewers",
        "overdue": "overdue=1",
        "words": "q=pain+kn",
        "one letter": "q=p",
        "rare word": "q=zoster",
        "many": "specialty=Neurologic&label=3&priority=2&risk=25&overdue=1&q=pain&sort=traffic",
    }
    asked += [("editor", f"all, {name}", f"/desk/articles/?{query}") for name, query in filters.items()]
    asked += [("editor", f"reading, {name}", f"/desk/?view=reading&{query}") for name, query in filters.items()]
    asked += [("author", f"author’s {view.key}", f"/desk/?view={view.key}") for view in WRITING]
    asked += [("house author", f"house author’s {view.key}", f"/desk/?view={view.key}") for view in WRITING]
    asked += [("house author", "house author’s search", "/desk/articles/?q=pain")]
    asked += [("reviewer", f"reviewer’s {view.key}", f"/desk/?view={view.key}") for view in REVIEWING]
    asked += [("editor", f"triage, {view}", f"/desk/triage/?view={view}") for view in ("submitted", "imported")]
    return asked


PEOPLE = {"editor": "editor-1@", "author": "author-2@", "house author": "author-1@", "reviewer": "reviewer-1@"}


def measure_pages(repeats: int = 7) -> list[Cost]:
    """What each page costs now; a page of fifty rows in the middle of the longest list, too."""
    from django.test import Client

    from people.models import User

    clients = {}
    for name, email in PEOPLE.items():
        clients[name] = Client()
        clients[name].force_login(User.objects.get(email__startswith=email))
    costs = [_cost(clients[who], name, address, repeats) for who, name, address in pages()]
    here = "/desk/?view=reading&who=all"
    for number in range(1, 6):
        here = _next(clients["editor"], here)
        if not here:
            break
        costs.append(_cost(clients["editor"], f"reading, page {number + 1}", here, repeats))
    return costs


def _next(client: Any, address: str) -> str:
    found = re.search(r'href="([^"]+)" rel="next"', client.get(address).content.decode())
    return unescape(found[1]) if found else ""


def _cost(client: Any, name: str, address: str, repeats: int) -> Cost:
    from django.db import connection, reset_queries
    from django.test.utils import CaptureQueriesContext

    for _ in range(2):
        client.get(address)
    with CaptureQueriesContext(connection) as asked:
        status = client.get(address).status_code
    if status != 200:
        raise RuntimeError(f"{address}: {status}")
    own = own_queries([query["sql"] for query in asked.captured_queries])
    in_database = 1_000 * sum(float(query["time"]) for query in asked.captured_queries)
    reset_queries()
    times, busy = [], []
    for _ in range(repeats):
        began, worked = time.perf_counter(), time.thread_time()
        client.get(address)
        times.append(1_000 * (time.perf_counter() - began))
        busy.append(1_000 * (time.thread_time() - worked))
    return Cost(name, len(own), statistics.median(times), min(busy), in_database)


def own_queries(queries: list[str]) -> list[str]:
    """Those of the page's own data: without the session, the user with their roles, and the second factor."""
    beside = (
        'FROM "django_session"',
        'FROM "people_user" WHERE',
        'FROM "people_rolegrant"',
        'FROM "mfa_authenticator"',
    )
    return [query for query in queries if not any(words in query for words in beside)]


def main(*sizes: int) -> int:
    """Measure and print every page, the slowest first; how many are over a limit."""
    over = 0
    for size in sizes or SIZES:
        with throw_away_database() as superuser:
            began = time.perf_counter()
            fill(superuser, numbers_for(size))
            print(f"{size:,} open versions, filled in {time.perf_counter() - began:.1f} s", flush=True)
            costs = sorted(measure_pages(), key=lambda cost: -cost.milliseconds)
        print("      ms  python     sql  queries  page", *(cost.line() for cost in costs), sep="\n")
        broken = [cost for cost in costs if not cost.is_within]
        slowest, middle = costs[0].milliseconds, costs[len(costs) // 2].milliseconds
        print(f"{len(costs)} pages: slowest {slowest:.1f} ms, limit {MOST_MILLISECONDS:.0f} ms; middle {middle:.1f} ms")
        print(
            f"most queries {max(cost.queries for cost in costs)}, limit {MOST_QUERIES}; over: {len(broken)}", flush=True
        )
        over += len(broken)
    return over


if __name__ == "__main__":
    sys.exit(bool(main(*map(int, sys.argv[1:]))))
