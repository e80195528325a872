"""What the public site answers, with 1,000 and 100,000 approved articles: `python -m bench.public [1000 100000]`.

Each kind of page is measured beside a bare Django view on the same server with as many workers that returns the same
bytes (`bench.bare`), a few seconds each in turn, several times over; what counts is the middle of the ratios. Readers,
servers and database share the machine. Lists and searches are asked for in two ways: a few again and again, which the
front keeps, and each once only. What has no limit is told beside it (`bench.answers`).
"""

from __future__ import annotations

import gzip
import json
import os
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple
from urllib.parse import urljoin

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

from bench.answers import in_one_process, in_sql
from bench.asked import write_requests
from bench.measured import RATIO, Measured, percentile
from bench.sites import BARE, PORTAL, ROOT, Site, fetched, prepared
from bench.weight import IMPORTED

SIZES = (1_000, 100_000)
ROUNDS, SECONDS, WARMING = 5, 2.0, 8.0
WARMED_IN_A_SECOND = 1_000  # pages that both processes have been asked for by then, a few times each
PROCESSES, CONNECTIONS = 2, 4
HEAVIEST = 40.0  # kB
LOADED = re.compile(r'<(?:link rel="(?:stylesheet|icon|modulepreload)"[^>]*?href|script[^>]*?src)="([^"]+)"')


class Kind(NamedTuple):
    """A kind of request: what it is measured against, the least part of its rate that it has to reach, and the least
    part of its own with few articles. `beside` is what others ask for at the same time, as fast as they are answered.
    """

    name: str
    against: str
    least: float | None = None
    least_of_small: float | None = None
    status: str = "200"
    is_new: bool = False
    beside: str = ""


KINDS = (
    Kind("article page", "page", 1.0, 0.9),
    Kind("article page, 304", "page", 1.5, 0.9, "304"),
    Kind("list page", "list", 0.7, 0.9),
    Kind("search page, two words", "search", 0.7, 0.5),
    Kind("list page nobody asked for before", "list", None, 0.9, is_new=True),
    Kind("search page nobody asked for before", "search", None, 0.5, is_new=True),
    Kind("article page while all PDFs are fetched", "page", beside="files"),
)


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
        for each in sites:
            yield from in_one_process(each)


def read_in_turn(sites: list[Site]) -> dict[tuple[int, str], list[Heard]]:
    """Everybody's turn, again and again; the first round only warms up, and its first answers are Django's."""
    heard: dict[tuple[int, str], list[Heard]] = {}
    for number, each, kind in product(range(ROUNDS + 1), sites, KINDS):
        bare = ask(each, Kind(kind.against, ""), BARE, number)
        heard.setdefault((each.size, f"{kind.name} {BARE}"), []).append(bare)
        heard.setdefault((each.size, f"{kind.name} {PORTAL}"), []).append(ask(each, kind, PORTAL, number))
    return {name: rounds[1:] for name, rounds in heard.items()}


def ask(site: Site, kind: Kind, application: str, number: int) -> Heard:
    """Some seconds of readers from several processes; before the first round every page is read by each server."""
    once, lasts = PROCESSES * (ROUNDS + 1), SECONDS if number else WARMING
    others = begin(site, kind.beside, application, number, lasts, shares=once) if kind.beside else []
    shares = once if kind.is_new else 0
    if kind.name == "article page" and application == PORTAL and not number:
        shares, lasts = 1, max(WARMING, site.size / WARMED_IN_A_SECOND)
    name = "article page" if kind.beside else kind.name
    readers = begin(site, name, application, number, lasts, shares=shares)
    told = [json.loads(reader.communicate()[0]) for reader in readers]
    for other in others:
        other.communicate()
    if number and any(set(each["statuses"]) != {kind.status} for each in told):
        raise RuntimeError(f"{kind.name}: {[each['statuses'] for each in told]}, {kind.status} was expected")
    return Heard(
        sum(len(each["times"]) / each["seconds"] for each in told), [t for each in told for t in each["times"]]
    )


def begin(
    site: Site, name: str, application: str, number: int, seconds: float, *, shares: int
) -> list[subprocess.Popen[bytes]]:
    """Readers of these addresses: by Zipf's law, or all in their order, of so many shares each its own."""
    words = [sys.executable, "-m", "bench.readers", str(site.folder / f"{name}.txt"), str(site.ports[application])]
    words += [str(seconds), str(CONNECTIONS)]
    of = [str(shares)] if shares else []
    return [
        subprocess.Popen([*words, str(PROCESSES * number + n), *of], stdout=subprocess.PIPE, cwd=ROOT)
        for n in range(PROCESSES)
    ]


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
    loaded = set(LOADED.findall(html))
    for each in [each for each in loaded if each.endswith(".js")]:
        script = gzip.decompress(fetched(site, each)[0]).decode()
        loaded |= {urljoin(each, name) for name in IMPORTED.findall(script)}
    if elsewhere := {each for each in loaded if not each.startswith("/")}:
        raise RuntimeError(f"the page loads from elsewhere: {elsewhere}")
    total = len(body) + sum(len(fetched(site, each)[0]) for each in loaded)
    return Measured(
        "weight of an article page at first view", total / 1_000, "kB", HEAVIEST, f"{1 + len(loaded)} files"
    )


def main() -> int:
    sizes = tuple(map(int, sys.argv[1:])) or SIZES
    broken = 0
    for each in measure(sizes):
        print(each.line(72), flush=True)
        broken += not each.is_within
    return min(broken, 1)


if __name__ == "__main__":
    sys.exit(main())
