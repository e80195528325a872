"""What a report costs over many open versions with a year behind them: `python -m bench.reports [1000 10000 …]`."""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path
from typing import Any

from bench import queues

MOST_MILLISECONDS = 10_000.0  # a year of 160,000 articles with eight spans each, on two cores
SQL = Path(__file__).with_name("history.sql")


def add_history(superuser: Any) -> None:
    """Give every article of `bench.queues.fill` a past."""
    superuser.execute("SET session_replication_role = replica")
    superuser.execute(SQL.read_text())
    superuser.execute("SET session_replication_role = origin")
    superuser.execute("VACUUM (ANALYZE)")


def measure_reports(repeats: int = 3) -> list[tuple[str, float]]:
    """Each report over 90 and 365 days, and the list behind a figure: the middle of its times, in milliseconds."""
    from django.test import Client

    from people.models import User
    from reviews.reports.kinds import KINDS

    client = Client()
    client.force_login(User.objects.get(email="editor-1@bench.example"))
    asked = [(f"{key}, {days} days", f"/desk/reports/{key}/?days={days}") for key in KINDS for days in (90, 365)]
    asked.append(("a list of a year", "/desk/reports/throughput/list/?by=month&col=submitted&days=365"))
    asked.append(("all at once", "/desk/reports/"))
    return [(what, _milliseconds(client, address, repeats)) for what, address in asked]


def _milliseconds(client: Any, address: str, repeats: int) -> float:
    times = []
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
            for what, took in measure_reports():
                print(f"  {took:8.1f} ms: {what}", flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
