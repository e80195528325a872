"""All measurements side by side with their limits: `make bench`, or `python -m bench [1000 10000 100000]`.

Each runs on a throw-away database. Exit 1 when a limit is broken.
"""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterator

from bench import matching, queues, reports, steps
from bench import plans as plan_bench
from bench.measured import Measured

WIDTH = 56


def measure(sizes: tuple[int, ...]) -> Iterator[Measured]:
    yield from plans()
    for size in sizes:
        yield from desks(size)
    yield from steps.measure()


def plans() -> Iterator[Measured]:
    """1,000 articles and 100 reviewers, with more room than is needed, just enough and too little: the matching alone,
    then all of it from the database on.
    """
    for limit, says in ((40, "room to spare"), (25, "just enough room"), (10, "too little room")):
        took, _ = matching.seconds(limit=limit)
        yield Measured(f"matching 1,000 articles, 100 reviewers, {says}", took, "s", plan_bench.MOST_SECONDS_TO_PLAN)
    yield from plan_bench.measure()


def desks(size: int) -> Iterator[Measured]:
    """Every page of the queue and every report, with so many open versions."""
    with queues.throw_away_database() as superuser:
        queues.fill(superuser, queues.numbers_for(size))
        costs = queues.measure_pages()
        slowest, most = max(costs, key=lambda cost: cost.milliseconds), max(costs, key=lambda cost: cost.queries)
        here = f"{size:,} open: {len(costs)} pages of the queue"
        yield Measured(f"{here}, most queries", most.queries, "", queues.MOST_QUERIES, most.page)
        yield Measured(f"{here}, slowest", slowest.milliseconds, "ms", queues.MOST_MILLISECONDS, slowest.page)
        reports.add_history(superuser)
        what, took = max(reports.measure_reports(), key=lambda each: each[1])
        yield Measured(f"{size:,} open: slowest report", took, "ms", reports.MOST_MILLISECONDS, what)


def main(*sizes: int) -> int:
    print(f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}, Python {platform.python_version()}")
    broken = 0
    for each in measure(sizes or queues.SIZES):
        print(each.line(WIDTH), flush=True)
        broken += not each.is_within
    print(f"{broken} limit{'s'[: broken != 1]} broken." if broken else "Every limit holds.")
    return min(broken, 1)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
