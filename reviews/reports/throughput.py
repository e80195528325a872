"""What comes in and what goes out, by week or month."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from reviews.reports import charts
from reviews.reports.asked import Asked
from reviews.reports.table import Line, Report, Table, count
from reviews.reports.tally import Facts, Tallies, tally

KEY = "throughput"
KINDS = {"submitted": "Submitted", "approved": "Approved", "declined": "Declined", "retracted": "Retracted"}
LONGEST_BY_WEEK = 190  # days
LONGEST = 60  # rows of a table
FACTS = Facts(
    """
    SELECT e.seq AS id, e.version_id, e.article_id, e.at, NULL::float AS days, e.actor_id AS person, e.kind AS col,
        date_trunc('week', e.at AT TIME ZONE 'UTC')::date::text AS week,
        date_trunc('month', e.at AT TIME ZONE 'UTC')::date::text AS month
    FROM ledger_event e
    WHERE e.kind IN ('submitted', 'approved', 'declined', 'retracted') AND e.at >= %(begin)s AND e.at < %(end)s
        AND {scope:e.article_id}
    """,
    ("week", "month"),
)


def make(asked: Asked) -> Report:
    group = "week" if asked.days <= LONGEST_BY_WEEK else "month"
    found = tally(FACTS, asked)[group]
    if not found:
        return Report("", [], empty="Nothing was submitted, approved, declined or retracted in this time.")
    rows = list(_weeks(asked) if group == "week" else _months(asked, date.fromisoformat(min(found))))
    sums = {kind: sum(found[row][kind].total for row in list(found)) for kind in KINDS}
    lines = [_line(found, group, row, asked) for row in reversed(rows[-LONGEST:])]
    total = [count(sums[kind], asked.url("report_list", KEY, by=group, col=kind)) for kind in KINDS]
    note = "The day is the first of the week, a Monday." if group == "week" else ""
    table = Table(f"By {group}", group.capitalize(), list(KINDS.values()), [*lines, Line("All", total, True)], note)
    return Report(_reading(sums), [table], columns=_charts(found, group, rows, sums))


def _weeks(asked: Asked) -> Iterator[date]:
    day = asked.since - timedelta(asked.since.weekday())
    while day <= asked.until:
        yield day
        day += timedelta(7)


def _months(asked: Asked, first: date) -> Iterator[date]:
    day = max(asked.since, first).replace(day=1)
    while day <= asked.until:
        yield day
        day = (day + timedelta(31)).replace(day=1)


def in_words(group: str, day: date) -> str:
    return f"{day.day} {day:%b %Y}" if group == "week" else f"{day:%b %Y}"


def _line(found: Tallies, group: str, day: date, asked: Asked) -> Line:
    row = day.isoformat()
    figures = [
        count(found[row][kind].total, asked.url("report_list", KEY, by=group, row=row, col=kind)) for kind in KINDS
    ]
    return Line(in_words(group, day), figures)


def _charts(found: Tallies, group: str, rows: list[date], sums: dict[str, int]) -> list[charts.Columns]:
    """One a kind that happened, all of one scale."""
    most = max(found[row][kind].total for row in list(found) for kind in KINDS)
    return [
        charts.columns(
            f"{label}: {sums[kind]:,}",
            f"{label} by {group}. The same figures stand in the table.",
            kind,
            [(_short(group, day), found[day.isoformat()][kind].total) for day in rows],
            most=most,
        )
        for kind, label in KINDS.items()
        if sums[kind]
    ]


def _short(group: str, day: date) -> str:
    return f"{day.day} {day:%b}" if group == "week" else f"{day:%b %y}"


def _reading(sums: dict[str, int]) -> str:
    came, went = sums["submitted"], sums["approved"] + sums["declined"]
    told = f"{came:,} came in; {sums['approved']:,} approved and {sums['declined']:,} declined went out"
    if came > went:
        return f"{told}: {came - went:,} more to do than before."
    return f"{told}: {went - came:,} fewer to do than before." if went > came else f"{told}: as many to do as before."
