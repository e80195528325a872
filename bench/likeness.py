"""What look-alikes cost: to find the closest of one new text, and the triage page. `python -m bench.likeness [1000 …]`.

Fills the queue as `bench.queues` does, and gives each article a fingerprint by SQL. A thousand of them are near-alike
(36 of 40 bands the same), as when a house hands in one template again and again; the others share a band now and then.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import partial
from typing import Any

from bench.measured import Measured, milliseconds, percentile
from bench.queues import MOST_MILLISECONDS, MOST_QUERIES, fill, numbers_for, own_queries, throw_away_database

SIZES = (1_000, 100_000)
ALIKE, NEW = 1_000, 12  # near-alike texts; new ones that are compared
MOST_TO_FIND = 100.0
PAGES = ("/desk/triage/", "/desk/triage/?double=on", "/desk/triage/?double=on&sort=risk", "/desk/triage/?view=imported")
_TEXTS = """
UPDATE articles_version v SET content = c.text, content_sha256 = CASE WHEN v.content_sha256 IS NOT NULL THEN
    encode(sha256(convert_to(c.text, 'UTF8')), 'hex') END
FROM (SELECT n, replace(%(text)s, '@', n::text) AS text FROM generate_series(1, %(alike)s) n) c WHERE c.n = v.id
"""
# Every tenth of the others has been found to look like another.
_FILL = """
INSERT INTO articles_fingerprint (version_id, subject, bands, sources, closest_id, percent, is_same_subject, due)
    SELECT v.id, 'subject ' || v.id / 2, ARRAY(SELECT CASE
        WHEN v.id <= {alike} AND n <= 36 THEN n ELSE ((v.id * 40 + n) * 48271 % 2147483647 % 400000 + 100)::int END
        FROM generate_series(1, 40) n), '{{}}', CASE WHEN v.id <= {alike} OR v.id % 10 = 0 THEN x.other END,
        CASE WHEN v.id <= {alike} OR v.id % 10 = 0 THEN 67 END, false, ''
    FROM articles_version v, LATERAL (SELECT CASE WHEN v.id = 1 THEN 2 ELSE v.id - 1 END AS other) x
"""


def measure() -> Iterator[Measured]:
    """On a filled database, with a fingerprint of each version."""
    for what, bands in (("like a thousand", list(range(1, 41))), ("like none", list(range(41, 81)))):
        times = sorted(_find(bands))
        yield Measured(f"closest of a text {what}", percentile(times, 0.5), "ms", MOST_TO_FIND)
    yield from _pages()


def add_prints(superuser: Any) -> None:
    """Give every version of `bench.queues.fill` a fingerprint."""
    from content import canonical
    from tests.factories import make_content

    superuser.execute("SET session_replication_role = replica")
    superuser.execute(_FILL.format(alike=ALIKE))
    superuser.execute(_TEXTS, {"alike": ALIKE, "text": canonical.dumps(make_content("Template", canary="@"))})
    superuser.execute("SET session_replication_role = origin")
    superuser.execute("VACUUM (ANALYZE)")


def _find(bands: list[int]) -> Iterator[float]:
    """Compare new texts, each with these bands, as storing and comparing them does."""
    from articles.models import Fingerprint
    from articles.twins import compare
    from tests import factories

    for _ in range(NEW):
        version = factories.make_version("draft")
        Fingerprint.objects.filter(pk=version.pk).update(bands=bands)
        yield milliseconds(partial(compare, version.pk))


def _pages() -> Iterator[Measured]:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from people.models import User

    client = Client()
    client.force_login(User.objects.get(email__startswith="editor-1@"))
    for address in PAGES:
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        own = own_queries([query["sql"] for query in asked.captured_queries])
        times = [milliseconds(partial(client.get, address)) for _ in range(9)]
        yield Measured(f"{address}, queries", len(own), "", MOST_QUERIES)
        yield Measured(address, percentile(times, 0.5), "ms", MOST_MILLISECONDS)


def main(*sizes: int) -> None:
    for size in sizes or SIZES:
        with throw_away_database() as superuser:
            fill(superuser, numbers_for(size))
            add_prints(superuser)
            print(f"{size:,} open versions")
            for each in measure():
                print(each.line(60), flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
