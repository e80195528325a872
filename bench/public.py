"""What the public site answers, with 1,000 and 100,000 approved articles: `python -m bench.public [1000 100000]`.

Each kind of page is measured beside a bare Django view on the same server with as many workers that returns the same
bytes (`bench.bare`), a few seconds each in turn, several times over; what counts is the middle of the ratios. Readers,
servers and database share the machine.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import statistics
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

from bench.measured import RATIO, Measured, percentile
from bench.sites import ROOT, Site, prepared

SIZES = (1_000, 100_000)
ROUNDS, SECONDS = 5, 2.0
PROCESSES, CONNECTIONS = 2, 4
PORTAL, BARE = "ddx_portal.wsgi:application", "bench.bare:application"
HEAVIEST, MOST_IN_SQL = 40.0, 15.0  # kB, ms
LIST, SEARCH = "/search/?specialty=Neurologic", "/search/?q=numbness+elbow"
IN_EVERY_TEXT = "explains timing"
JOINTS = ("knee", "hip", "shoulder", "elbow", "wrist", "ankle", "neck", "back", "jaw", "foot", "hand", "thigh", "calf")
LOADED = re.compile(r'<(?:link rel="(?:stylesheet|icon|modulepreload)"[^>]*?href|script[^>]*?src)="([^"]+)"')
COMPLAINTS = ("pain", "swelling", "weakness", "numbness", "itching", "stiffness", "cramps", "redness", "tremor")
SPECIALTIES = ("Neurologic", "Cardiovascular", "Dermatology", "Musculoskeletal")


class Kind(NamedTuple):
    """A kind of request: what it is measured against, and the least part of its rate that it has to reach."""

    name: str
    against: str
    least: float
    least_of_small: float
    status: str = "200"


KINDS = (
    Kind("article page", "page", 1.0, 0.9),
    Kind("article page, 304", "page", 1.5, 0.9, "304"),
    Kind("list page", "list", 0.7, 0.9),
    Kind("search page, two words", "search", 0.7, 0.5),
)
PAGES = "SELECT path, etag FROM pub.page WHERE path ~ '/bench-[0-9]+/$' ORDER BY length(path), path"
QUERIES = {
    "list": """
        SELECT id, slug, title, specialty, approved_at, last_reviewed_at, next_review_on FROM pub.publication
        WHERE state = 'current' AND specialty = 'Neurologic' ORDER BY title, id LIMIT 21""",
    "search": """
        SELECT id, slug, title, specialty, approved_at, last_reviewed_at, next_review_on FROM pub.publication
        WHERE state = 'current' AND search @@ websearch_to_tsquery('english', 'numbness elbow')
        ORDER BY ts_rank(search, websearch_to_tsquery('english', 'numbness elbow')) DESC LIMIT 21""",
}


class Heard(NamedTuple):
    """What one round of readers was answered."""

    rate: float
    times: list[int]


def measure(sizes: tuple[int, ...] = SIZES) -> Iterator[Measured]:
    """Fill, serve, ask, compare."""
    import django

    django.setup()
    with TemporaryDirectory(prefix="ddx_bench_") as folder, ExitStack() as standing:
        sites = [standing.enter_context(prepared(size, Path(folder))) for size in sizes]
        for each in sites:
            standing.enter_context(each.served(PORTAL))
            write_requests(each)
            standing.enter_context(each.served(BARE))
        heard = read_in_turn(sites)
        yield from ratios(sites, heard)
        yield weight(sites[0])
        for each in sites:
            yield in_sql(each)


def write_requests(site: Site) -> None:
    """The addresses that are asked for, those asked for most first; and what the bare views return."""
    with site.database.connect("ddx_public") as public:
        rows = public.execute(
            "SELECT path, etag FROM pub.page WHERE path ~ '/bench-[0-9]+/$' ORDER BY length(path), path"
        )
        pages = rows.fetchall()
    lists = [f"/search/?specialty={name}{more}" for name in SPECIALTIES for more in ("", "&letter=A", "&letter=N")]
    searches = [f"/search/?q={what}+{where}" for what in COMPLAINTS for where in JOINTS]
    asked = {
        "article page": [path for path, _ in pages],
        "article page, 304": [f"{path}\t{etag}" for path, etag in pages],
        "list page": lists,
        "search page, two words": searches,
        **{name: [f"/{name}/"] for name in ("page", "list", "search")},
    }
    for name, lines in asked.items():
        (site.folder / f"{name}.txt").write_text("\n".join(lines), encoding="utf-8")
    for name, address in (("page", pages[0][0]), ("list", LIST), ("search", SEARCH)):
        (site.folder / f"{name}.gz").write_bytes(fetched(site, address)[0])
    for name, query in QUERIES.items():
        (site.folder / f"{name}.sql").write_text(query, encoding="utf-8")


def fetched(site: Site, address: str) -> tuple[bytes, Any]:
    """The bytes as they come, and the headers."""
    url = f"http://127.0.0.1:{site.ports[PORTAL]}{address}"
    request = urllib.request.Request(url, headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        return answer.read(), answer.headers


def read_in_turn(sites: list[Site]) -> dict[tuple[int, str], list[Heard]]:
    """Everybody's turn, again and again; the first round only warms up."""
    heard: dict[tuple[int, str], list[Heard]] = {}
    for number, each, kind in product(range(ROUNDS + 1), sites, KINDS):
        for name, application in ((kind.against, BARE), (kind.name, PORTAL)):
            status = kind.status if application == PORTAL else "200"
            answered = ask(each, name, each.ports[application], status, number)
            heard.setdefault((each.size, f"{kind.name} {application}"), []).append(answered)
    return {name: rounds[1:] for name, rounds in heard.items()}


def ask(site: Site, name: str, port: int, status: str, seed: int) -> Heard:
    """Some seconds of readers from several processes."""
    words = [sys.executable, "-m", "bench.readers", str(site.folder / f"{name}.txt"), str(port), str(SECONDS)]
    words += [str(CONNECTIONS)]
    readers = [
        subprocess.Popen([*words, str(PROCESSES * seed + n)], stdout=subprocess.PIPE, cwd=ROOT)
        for n in range(PROCESSES)
    ]
    told = [json.loads(reader.communicate()[0]) for reader in readers]
    if any(set(each["statuses"]) != {status} for each in told):
        raise RuntimeError(f"{name}: {[each['statuses'] for each in told]}, {status} was expected")
    return Heard(
        sum(len(each["times"]) / each["seconds"] for each in told), [t for each in told for t in each["times"]]
    )


def ratios(sites: list[Site], heard: dict[tuple[int, str], list[Heard]]) -> Iterator[Measured]:
    for kind in KINDS:
        for each in sites:
            own, bare = (heard[each.size, f"{kind.name} {application}"] for application in (PORTAL, BARE))
            ratio = statistics.median(a.rate / b.rate for a, b in zip(own, bare, strict=True))
            what = f"{kind.name}, {each.size:,} articles: rate of the bare view"
            yield Measured(what, ratio, RATIO, kind.least, f"{told(own)}; bare {told(bare)}", is_least=True)
        if len(sites) > 1:
            small, large = (heard[each.size, f"{kind.name} {PORTAL}"] for each in (sites[0], sites[-1]))
            ratio = statistics.median(a.rate / b.rate for a, b in zip(large, small, strict=True))
            what = f"{kind.name}, {sites[-1].size:,} articles: rate with {sites[0].size:,}"
            yield Measured(what, ratio, RATIO, kind.least_of_small, is_least=True)


def told(rounds: list[Heard]) -> str:
    """Requests a second in the middle round; half and 99 of 100 within so many milliseconds."""
    times = [each for one in rounds for each in one.times]
    rate = statistics.median(one.rate for one in rounds)
    half, most = (percentile(times, share) / 1_000 for share in (0.5, 0.99))
    return f"{rate:,.0f} a second, p50 {half:.2f} ms, p99 {most:.2f} ms"


def weight(site: Site) -> Measured:
    """An article page with all that it loads before anybody does anything, compressed as it comes."""
    address = (site.folder / "article page.txt").read_text(encoding="utf-8").partition("\n")[0]
    body, _ = fetched(site, address)
    html = gzip.decompress(body).decode()
    loaded = set(
        re.findall(r'<(?:link rel="(?:stylesheet|icon|modulepreload)"[^>]*?href|script[^>]*?src)="([^"]+)"', html)
    )
    if elsewhere := {each for each in loaded if not each.startswith("/")}:
        raise RuntimeError(f"the page loads from elsewhere: {elsewhere}")
    total = len(body) + sum(len(fetched(site, each)[0]) for each in loaded)
    return Measured(
        "weight of an article page at first view", total / 1_000, "kB", HEAVIEST, f"{1 + len(loaded)} files"
    )


def in_sql(site: Site) -> Measured:
    """What the database takes to find the first page of two words that stand in every article."""
    from django.db import connections
    from django.test.utils import CaptureQueriesContext

    from publications.finding.forms import Search
    from publications.finding.search import find

    site.database._point_django_at(site.database.name, "ddx_staff")
    connections.close_all()
    taken = []
    for _ in range(7):
        with CaptureQueriesContext(connections["public"]) as asked:
            find(Search.read({"q": IN_EVERY_TEXT}))
        taken.append(1_000 * sum(float(query["time"]) for query in asked.captured_queries))
    what = f"two words that stand in each of {site.size:,} articles, in SQL"
    return Measured(what, statistics.median(taken), "ms", MOST_IN_SQL)


def main() -> int:
    sizes = tuple(map(int, sys.argv[1:])) or SIZES
    broken = 0
    for each in measure(sizes):
        print(each.line(72), flush=True)
        broken += not each.is_within
    return min(broken, 1)


if __name__ == "__main__":
    sys.exit(main())
