"""Counting facts: how many, the median and the 90th percentile of their days; and the facts one by one."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, transaction

from reviews.reports.asked import Asked


class Facts(NamedTuple):
    """A report's facts, in SQL.

    `sql` gives `id`, `version_id`, `article_id`, `at`, `days` (how long it took, or NULL), `person` (or NULL), `col`,
    the column of the table that it counts in, and one column for each of `groups`: the row of the table named so. NULL
    there keeps the fact out of that table. `{scope:column}` is put in, the condition on the article's number, and with
    `is_of_one` the `{group}` that is asked for: the facts of one table at a time.
    """

    sql: str
    groups: tuple[str, ...]
    is_of_one: bool = False

    def named(self, group: str) -> str:
        """The group of that name, one of ours, so that it may stand in SQL."""
        return self.groups[self.groups.index(group)]

    @property
    def passes(self) -> list[tuple[str, ...]]:
        """The groups that are counted in one pass over the facts."""
        return [(group,) for group in self.groups] if self.is_of_one else [self.groups]


class Tally(NamedTuple):
    """Days are None where the facts have none, and as many whole minutes otherwise."""

    total: int = 0
    median: float | None = None
    p90: float | None = None


SCOPED = re.compile(r"\{scope:([a-z_.]+)\}")
#: A year of facts is counted in memory then, and not on the disk; a plan is compiled for longer than it runs.
ROOM = "SET LOCAL work_mem = '128MB'; SET LOCAL jit = off"
MINUTES = 24 * 60
#: How many facts of each length there are: this the database counts with all its cores.
COUNTED = """
    SELECT {groups}, col COLLATE "C" AS col, round(days * 1440)::int AS minutes, count(*)::int AS number
    FROM facts GROUP BY {groups}, facts.col, minutes
"""
#: For each row and column how many facts, how many with a length, and between which two lengths the median and the 90th
#: percentile lie.
RANKED = """
    SELECT '{group}', {group}::text, col, max(total), max(timed),
        min(minutes) FILTER (WHERE upto > (timed - 1) / 2), min(minutes) FILTER (WHERE upto > timed / 2),
        min(minutes) FILTER (WHERE upto > (timed - 1) * 9 / 10), min(minutes) FILTER (WHERE upto > timed * 9 / 10)
    FROM (
        SELECT {group}, col, minutes, sum(number) OVER one AS total, sum(number) OVER (one ORDER BY minutes) AS upto,
            sum(number) FILTER (WHERE minutes IS NOT NULL) OVER one AS timed
        FROM (
            SELECT {group}, col, minutes, sum(number)::int AS number
            FROM counted WHERE {group} IS NOT NULL GROUP BY 1, 2, 3
        ) here WINDOW one AS (PARTITION BY {group}, col)
    ) ranked GROUP BY {group}, col
"""
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


def _select(facts: Facts, asked: Asked, group: str, rest: str, **more: Any) -> list[tuple[Any, ...]]:
    """What `rest` selects from the facts, which are known as `facts` there; `group` is one that is asked for."""
    scoped = SCOPED.sub(lambda found: asked.scope.within(found[1]), facts.sql)
    sql = f"WITH facts AS ({scoped.format(group=group)}){rest}"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(ROOM)
        cursor.execute(sql, asked.params | more)
        return list(cursor.fetchall())


def tally(facts: Facts, asked: Asked) -> dict[str, Tallies]:
    """The figures of each table, by its name; in a table by row, then by column. One query for each pass."""
    found: dict[str, Tallies] = {group: defaultdict(lambda: defaultdict(lambda: NONE)) for group in facts.groups}
    for groups in facts.passes:
        counted = COUNTED.format(groups=", ".join(groups))
        ranked = " UNION ALL ".join(RANKED.format(group=group) for group in groups)
        for group, row, column, *figures in _select(facts, asked, groups[0], f", counted AS ({counted}) {ranked}"):
            found[group][row][column] = _tally(*figures)
    return found


def _tally(total: int, timed: int | None, *lengths: int) -> Tally:
    if not timed:
        return Tally(total)
    return Tally(total, _percentile(5, timed, *lengths[:2]), _percentile(9, timed, *lengths[2:]))


def _percentile(tenths: int, number: int, below: int, above: int) -> float:
    """In days. As percentile_cont has it: between the two lengths around the place, as far as the place is."""
    return (below + (above - below) * (tenths * (number - 1) % 10) / 10) / MINUTES


def listed(
    facts: Facts, asked: Asked, *, group: str, row: str, column: str, after: tuple[datetime, int] | None, limit: int
) -> list[Fact]:
    """The facts behind a figure, the newest first. An empty `row` stands for all rows of the table."""
    group = facts.named(group)
    here = f"{group}::text = %(row)s" if row else f"{group} IS NOT NULL"
    beyond = " AND (at, id) < (%(after_at)s, %(after_id)s)" if after else ""
    place = {"after_at": after[0], "after_id": after[1]} if after else {}
    what = "SELECT id, version_id, article_id, at, days, person FROM facts"
    rest = f" {what} WHERE {here} AND col = %(col)s{beyond} ORDER BY at DESC, id DESC LIMIT %(limit)s"
    return [Fact(*line) for line in _select(facts, asked, group, rest, row=row, col=column, limit=limit, **place)]
