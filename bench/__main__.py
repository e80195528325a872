"""All measurements side by side with their limits: `make bench`, or `python -m bench [--markdown] [1000 10000 100000]`.

Each runs on a throw-away database; the desks, look-alikes and reports of one size share theirs. Exit 1 when a limit is
broken.
"""

from __future__ import annotations

import os
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from tempfile import TemporaryDirectory

from bench import likeness, machine, matching, public, queues, reports, steps, weight
from bench import plans as plan_bench
from bench.measured import Measured, Part

WIDTH = 64


def parts(sizes: tuple[int, ...]) -> Iterator[Part]:
    yield Part("Plans", "so many articles given to reviewers: by the matching alone, and from the database on", plans())
    for size in sizes:
        with queues.throw_away_database() as superuser:
            queues.fill(superuser, queues.numbers_for(size))
            here = f"with {size:,} open versions"
            yield Part(f"Queues {here}", "each view, order and filter; the middle of seven requests", desks())
            likeness.add_prints(superuser)
            yield Part(f"Look-alikes {here}", "the closest of a new text, and the triage page", likeness.measure())
            reports.add_history(superuser)
            yield Part(f"Reports {here}", "a year behind them; the middle of three requests", reports.measure())
    yield Part("Weight", "an article’s page with all that it loads at first view", weight.measure())
    yield Part(
        "Public site", "rates beside a bare Django view with the same bytes, in turn, in one run", public.measure()
    )
    yield Part("Steps", "one article’s way to the public and in from files, public pages, the ledger", steps.measure())


def plans() -> Iterator[Measured]:
    for limit, says in plan_bench.LIMITS:
        began = time.process_time()
        took, _ = matching.seconds(limit=limit)
        own = f"{time.process_time() - began:.1f} s of the processor"
        what = f"matching 1,000 articles, 100 reviewers, {says}"
        yield Measured(what, took, "s", plan_bench.MOST_SECONDS_TO_PLAN, own)
    yield from plan_bench.measure()
    yield from plan_bench.measure_many()


def desks() -> Iterator[Measured]:
    costs = queues.measure_pages()
    slowest, most = max(costs, key=lambda cost: cost.milliseconds), max(costs, key=lambda cost: cost.queries)
    yield Measured(f"{len(costs)} pages, most queries", most.queries, "", queues.MOST_QUERIES, most.page)
    yield Measured(f"{len(costs)} pages, slowest", slowest.milliseconds, "ms", queues.MOST_MILLISECONDS, slowest.page)


def measure_all(sizes: tuple[int, ...], *, markdown: bool) -> int:
    """Measure and print; how many limits are broken."""
    broken = 0
    for part in parts(sizes):
        print(part.table_heading() if markdown else part.heading(), flush=True)
        for each in part.measured:
            print(each.row() if markdown else each.line(WIDTH), flush=True)
            broken += not each.is_within
    return broken


def main() -> int:
    parser = ArgumentParser(prog="python -m bench", description="Measure what the pages and the work behind them cost.")
    parser.add_argument("sizes", nargs="*", type=int, help="open versions; default 1000 10000 100000")
    parser.add_argument("--markdown", action="store_true", help="print tables for docs/performance.md")
    given = parser.parse_args()
    sizes, began = tuple(given.sizes) or queues.SIZES, time.monotonic()
    print(f"`python -m bench {' '.join(map(str, sizes))}` on {machine.told()}.")
    with TemporaryDirectory(prefix="ddx_bench_") as folder:
        os.environ.setdefault("DDX_BENCH_DIR", folder)  # migrations run once for all parts
        broken = measure_all(sizes, markdown=given.markdown)
    verdict = f"{broken} limit{'s'[: broken != 1]} broken" if broken else "Every limit holds"
    print(f"\n{verdict}, after {(time.monotonic() - began) / 60:.0f} minutes.")
    return min(broken, 1)


if __name__ == "__main__":
    sys.exit(main())
