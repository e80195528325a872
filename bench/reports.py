"""What a report costs over many open versions with a year behind them: `python -m bench.reports [1000 10000 …]`."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench import queues
from bench.measured import Measured

MOST_MILLISECONDS = 1_000.0
MOST_OF_A_YEAR = 2_500.0  # a year of 160,000 articles with eight spans each
SQL = Path(__file__).with_name("history.sql")


def add_history(superuser: Any) -> None:
    """Give every article of `bench.queues.fill` a past."""
    superuser.execute("SET session_replication_role = replica")
    superuser.execute(SQL.read_text())
    superuser.execute("SET session_replication_role = origin")
    superuser.execute("VACUUM (ANALYZE)")


def measure() -> Iterator[Measured]:
    """The slowest page, CSV and list over each period, and the page with all reports."""
    from reviews.reports.kinds import KINDS

    for days, most in ((90, MOST_MILLISECONDS), (365, MOST_OF_A_YEAR)):
        for what, rest in (("page", ""), ("CSV", "csv/")):
            took = {key: _milliseconds(f"/desk/reports/{key}/{rest}?days={days}") for key in KINDS}
            slowest = max(took, key=lambda key: took[key])
            others = sorted(f"{key} {took[key]:,.0f}" for key in KINDS if key != slowest)
            yield Measured(
                f"{what} over {days} days, slowest", took[slowest], "ms", most, f"{slowest}; {', '.join(others)}"
            )
        lists = (("throughput", "by=month&col=submitted"), ("waiting", "by=queue&row=reading&col=ended"))
        slow = max(_milliseconds(f"/desk/reports/{key}/list/?{asked}&days={days}") for key, asked in lists)
        yield Measured(f"list over {days} days, slower of {len(lists)}", slow, "ms", most)
    yield Measured("all reports at a glance, 30 days", _milliseconds("/desk/reports/"), "ms", MOST_OF_A_YEAR)


def _milliseconds(address: str, repeats: int = 3) -> float:
    """The middle of its times."""
    from django.test import Client

    from people.models import User

    client, times = Client(), []
    client.force_login(User.objects.get(email="editor-1@bench.example"))
    for _ in range(repeats):
        began = time.perf_counter()
        if client.get(address).status_code != 200:
            raise RuntimeError(address)
        times.append(1_000 * (time.perf_counter() - began))
    return statistics.median(times)


def main(*sizes: int) -> None:
    for size in sizes or queues.SIZES:
        with queues.throw_away_database() as superuser:
            queues.fill(superuser, queues.numbers_for(size))
            add_history(superuser)
            print(f"{size:,} open versions", flush=True)
            for each in measure():
                print(each.line(40), flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
