"""Where time goes: how long versions were in each state, and with whom."""

from __future__ import annotations

from people.models import User
from reviews.reports import charts
from reviews.reports.asked import Asked
from reviews.reports.table import Figure, Line, Report, Table, count, days, duration
from reviews.reports.tally import Facts, Tallies, tally
from reviews.states import Queue, Side

KEY = "waiting"
MOST_PEOPLE = 15
#: The spans of one version add up: what went from one reviewer to the next was in the same state all the while. What
#: they came to is written in each when it ends; the last one of the period counts.
FACTS = Facts(
    """
    SELECT s.id, s.version_id, s.article_id, s.ended_at AS at, s.{group}_seconds / 86400 AS days,
        CASE WHEN '{group}' = 'holder' THEN s.holder END AS person, 'ended' AS col, s.{group}
    FROM (SELECT *, holder_id AS holder FROM reviews_turnspan) s
    WHERE s.ended_at >= %(begin)s AND s.ended_at < %(end)s AND s.{group}_seconds IS NOT NULL
        AND (s.{group}_more_at IS NULL OR s.{group}_more_at >= %(end)s) AND {scope:s.article_id}
    UNION ALL
    SELECT t.article_id, t.version_id, t.article_id, t.since, date_part('epoch', now() - t.since) / 86400,
        t.holder, 'now', t.{group}
    FROM (SELECT *, holder_id AS holder FROM reviews_turn) t WHERE t.side <> 'nobody' AND {scope:t.article_id}
    """,
    ("queue", "side", "holder"),
    is_of_one=True,
)
HEADS = ("Versions", "Median", "90% within", "Waiting now", "Median so far")
QUEUES = {queue.value: str(queue.label) for queue in Queue if queue not in (Queue.PUBLIC, Queue.ENDED)}
SIDES = {Side.AUTHOR.value: "Authors", Side.EDITORS.value: "Editors", Side.REVIEWERS.value: "Reviewers"}
KEYS = (charts.Key("median", "Median"), charts.Key("p90", "90% within"))


def make(asked: Asked) -> Report:
    found = tally(FACTS, asked)
    states, sides = found["queue"], found["side"]
    if not states:
        return Report("", [], empty="Nothing waited for anybody in this time.")
    of_states = _table(("In each state", "State"), QUEUES, ("queue", states), asked)
    of_sides = _table(("With each side", "Side"), SIDES, ("side", sides), asked)
    drawn = [chart for table in (of_states, of_sides) if (chart := _chart(table))]
    return Report(_reading(states), [of_states, of_sides, _people(found["holder"], asked)], bars=drawn)


def _table(titles: tuple[str, str], rows: dict[str, str], of: tuple[str, Tallies], asked: Asked) -> Table:
    group, found = of
    lines = [Line(label, _figures(found, group, row, asked)) for row, label in rows.items() if row in found]
    return Table(*titles, HEADS, lines)


def _figures(found: Tallies, group: str, row: str, asked: Asked) -> list[Figure]:
    ended, now = found[row]["ended"], found[row]["now"]
    was, waits = (asked.url("report_list", KEY, by=group, row=row, col=col) for col in ("ended", "now"))
    return [
        count(ended.total, was),
        days(ended.median, was),
        days(ended.p90, was),
        count(now.total, waits),
        days(now.median, waits),
    ]


def _chart(table: Table) -> charts.Bars | None:
    rows = []
    for line in table.lines:
        _, median, p90, _, _ = line.figures
        if median.number is not None and p90.number is not None:
            words = f"{median.text} / {p90.text}"
            rows.append((line.label, words, (median.number, max(p90.number - median.number, 0))))
    return charts.bars(f"{table.title}: median and 90%", "The same figures stand in the table.", rows, KEYS)


def _people(found: Tallies, asked: Asked) -> Table:
    slow = sorted((row for row in found if found[row]["ended"].median), key=lambda r: -(found[r]["ended"].median or 0))
    shown = slow[:MOST_PEOPLE]
    names = User.objects.in_bulk([int(row) for row in shown])
    rows = {row: names[int(row)].display_name for row in shown}
    note = f"The {MOST_PEOPLE} with the longest median of {len(slow)}." if len(slow) > MOST_PEOPLE else ""
    table = _table(("With each person", "Person"), rows, ("holder", found), asked)
    table.note = note
    return table


def _reading(states: Tallies) -> str:
    done = {row: found["ended"] for row, found in states.items() if found["ended"].median is not None}
    if not done:
        return "Nothing has left its state in this time; the tables count what waits."
    slowest = max(done, key=lambda row: done[row].median or 0)
    median, p90 = done[slowest].median or 0, done[slowest].p90 or 0
    return (
        f"“{Queue(slowest).label}” takes longest: {duration(median)} for half of the versions, "
        f"and more than {duration(p90)} for one in ten."
    )
