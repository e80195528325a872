"""What is late now, in which queue, and by how long."""

from __future__ import annotations

from reviews.desk_wanted import Wanted
from reviews.reports import charts
from reviews.reports.asked import Asked
from reviews.reports.table import Figure, Line, Report, Table, count, days, duration
from reviews.reports.tally import NONE, Facts, Tallies, tally
from reviews.states import Queue

KEY = "overdue"
FACTS = Facts(
    """
    SELECT t.article_id AS id, t.version_id, t.article_id, t.due_on::timestamp AT TIME ZONE 'UTC' AS at,
        (%(today)s::date - t.due_on)::float AS days, t.holder_id AS person, c.col, t.queue, 'all' AS everything
    FROM reviews_turn t CROSS JOIN LATERAL (VALUES ('all'), (
        CASE WHEN %(today)s::date - t.due_on <= 3 THEN 'days_3' WHEN %(today)s::date - t.due_on <= 7 THEN 'days_7'
            WHEN %(today)s::date - t.due_on <= 14 THEN 'days_14' WHEN %(today)s::date - t.due_on <= 30 THEN 'days_30'
            ELSE 'longer' END
    )) c(col)
    WHERE t.due_on < %(today)s::date AND {scope:t.article_id}
    """,
    ("queue", "everything"),
)
LATE = {
    "days_3": "1 to 3 days",
    "days_7": "4 to 7",
    "days_14": "8 to 14",
    "days_30": "15 to 30",
    "longer": "Over 30",
}
HEADS = ("Overdue", *LATE.values(), "Median")
#: The editors' views that show the same, with the filter for what is overdue.
VIEWS = {
    Queue.UNASSIGNED: "unassigned",
    Queue.STUCK: "stuck",
    Queue.ANSWER: "answer",
    Queue.READING: "reading",
    Queue.CHANGES: "author",
    Queue.REREVIEW: "rereview",
}


def make(asked: Asked) -> Report:
    tables = tally(FACTS, asked)
    found, everything = tables["queue"], tables["everything"]["all"]
    if not found:
        return Report("", [], empty="Nothing is overdue.")
    lines = [Line(str(q.label), _figures(found, q.value, "queue", asked)) for q in Queue if q.value in found]
    total = Line("All", _figures({"all": everything}, "all", "everything", asked), True)
    table = Table("Overdue now", "Queue", HEADS, [*lines, total], "As of today: the period does not matter here.")
    keys = [charts.Key(f"late-{n}", f"{label} days" if n else label) for n, label in enumerate(LATE.values())]
    rows = [(line.label, line.figures[0].text, [f.number or 0 for f in line.figures[1:-1]]) for line in lines]
    drawn = charts.bars("Overdue now, by how long", "The same figures stand in the table.", rows, keys)
    return Report(_reading(found, everything["all"].total), [table], bars=[drawn] if drawn else [])


def _figures(found: Tallies, row: str, group: str, asked: Asked) -> list[Figure]:
    url = {col: asked.url("report_list", KEY, by=group, row=row, col=col) for col in ("all", *LATE)}
    tallied = found[row].get("all", NONE)
    by_length = [count(found[row].get(col, NONE).total, url[col]) for col in LATE]
    return [count(tallied.total, queue_url(row, asked) or url["all"]), *by_length, days(tallied.median, url["all"])]


def queue_url(row: str, asked: Asked) -> str:
    """The queue itself, where it can show just this; "" where it cannot, or the person has no such queue."""
    view = "overdue" if row == "all" else VIEWS.get(Queue(row), "")
    if not view or not asked.user.is_editor:
        return ""
    return Wanted(
        view=view, who="all", overdue=True, specialty=asked.specialty, label=asked.label, editor=asked.editor
    ).url


def _reading(found: Tallies, total: int) -> str:
    most = max(found, key=lambda row: found[row]["all"].total)
    oldest = max(found, key=lambda row: found[row]["all"].p90 or 0)
    late = duration(found[oldest]["all"].p90 or 0)
    told = f"{total:,} {'is' if total == 1 else 'are'} overdue, {found[most]['all'].total:,} in “{Queue(most).label}”"
    return f"{told}; the longest wait is in “{Queue(oldest).label}”, where one in ten is over by {late} or more."
