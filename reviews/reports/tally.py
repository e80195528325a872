"""Counting facts: how many, the median and the 90th percentile of their days; and the facts one by one."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, transaction

from reviews.reports.asked import APART, Asked


class Facts(NamedTuple):
    """A report's facts, in SQL.

    `sql` gives `id`, `version_id`, `article_id`, `at`, `days` (how long it took, or NULL), `person` (or NULL), `col`,
    the column of the table that it counts in, and one column of text for each of `groups`: the row of the table named
    so. NULL there keeps the fact out of that table. `{scope}` is put in, the condition on `t`.
    """

    sql: str
    groups: tuple[str, ...]

    def named(self, group: str) -> str:
        """The group of that name, one of ours, so that it may stand in SQL."""
        return self.groups[self.groups.index(group)]


class Tally(NamedTuple):
    """Days are None where the facts have none."""

    total: int = 0
    median: float | None = None
    p90: float | None = None


#: A year of spans is sorted in memory then, and not on the disk.
ROOM = "SET LOCAL work_mem = '128MB'"
NONE = Tally()
type Tallies = dict[str, dict[str, Tally]]


class Fact(NamedTuple):
    """One thing that was counted."""

    id: int
    version_id: int | None
    article_id: int
    at: datetime
    days: float | None
    person: int | None


def _select(facts: Facts, asked: Asked, what: str, rest: str, **more: Any) -> list[tuple[Any, ...]]:
    sql = f"WITH {APART}, facts AS ({facts.sql.format(scope=asked.scope)}) SELECT {what} FROM facts {rest}"  # noqa: S608
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(ROOM)
        cursor.execute(sql, asked.params | more)
        return list(cursor.fetchall())


def tally(facts: Facts, asked: Asked) -> dict[str, Tallies]:
    """The figures of each table, by its name; in a table by row, then by column. One query, one pass over the facts."""
    groups = ", ".join(facts.groups)
    sets = ", ".join(f"({group}, col)" for group in facts.groups)
    percentiles = "percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY days) FILTER (WHERE days IS NOT NULL)"
    lines = _select(
        facts, asked, f"grouping({groups}), col, count(*), {percentiles}, {groups}", f"GROUP BY GROUPING SETS ({sets})"
    )
    found: dict[str, Tallies] = {group: defaultdict(lambda: defaultdict(lambda: NONE)) for group in facts.groups}
    for left_out, column, number, days, *rows in lines:
        place = _only_set(left_out, len(facts.groups))
        if (row := rows[place]) is not None:
            found[facts.groups[place]][row][column] = Tally(number, *(days or (None, None)))
    return found


def _only_set(left_out: int, groups: int) -> int:
    """Which group a line is of: PostgreSQL's `grouping` has a bit for each that is left out, the first highest."""
    return next(n for n in range(groups) if not left_out >> (groups - 1 - n) & 1)


def listed(
    facts: Facts, asked: Asked, *, group: str, row: str, column: str, after: tuple[datetime, int] | None, limit: int
) -> list[Fact]:
    """The facts behind a figure, the newest first. An empty `row` stands for all rows of the table."""
    group = facts.named(group)
    here = f"{group} = %(row)s" if row else f"{group} IS NOT NULL"
    beyond = " AND (at, id) < (%(after_at)s, %(after_id)s)" if after else ""
    place = {"after_at": after[0], "after_id": after[1]} if after else {}
    rest = f"WHERE {here} AND col = %(col)s{beyond} ORDER BY at DESC, id DESC LIMIT %(limit)s"
    what = "id, version_id, article_id, at, days, person"
    return [Fact(*line) for line in _select(facts, asked, what, rest, row=row, col=column, limit=limit, **place)]
