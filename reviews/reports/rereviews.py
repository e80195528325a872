"""Review dates that come due, and what became of the re-reviews."""

from __future__ import annotations

from datetime import date

from reviews.desk_wanted import Wanted
from reviews.reports import charts
from reviews.reports.asked import Asked
from reviews.reports.table import Line, Report, Table, count, days
from reviews.reports.tally import Facts, Tallies, tally
from reviews.states import RereviewOutcome

KEY = "rereviews"
FACTS = Facts(
    """
    SELECT v.id, v.id AS version_id, v.article_id, v.next_review_on::timestamp AT TIME ZONE 'UTC' AS at,
        NULL::float AS days, NULL::bigint AS person, 'due' AS col, NULL AS outcome,
        CASE WHEN v.next_review_on < %(today)s::date THEN 'overdue' ELSE to_char(v.next_review_on, 'YYYY-MM') END
            AS month
    FROM articles_version v WHERE v.state = 'approved' AND {scope:v.article_id}
        AND v.next_review_on < (date_trunc('month', %(today)s::date) + interval '13 months')::date
    UNION ALL
    SELECT r.id, r.version_id, v.article_id, r.ended_at, date_part('epoch', r.ended_at - r.started_at) / 86400,
        NULL, 'ended', r.outcome, NULL
    FROM reviews_rereview r JOIN articles_version v ON v.id = r.version_id
    WHERE r.ended_at >= %(begin)s AND r.ended_at < %(end)s AND {scope:v.article_id}
    """,
    ("month", "outcome"),
)


def make(asked: Asked) -> Report:
    found = tally(FACTS, asked)
    due, ended = found["month"], found["outcome"]
    if not due and not ended:
        return Report("", [], empty="No article’s review date is within the next 12 months.")
    months = ["overdue", *(_month(asked, n) for n in range(13))]
    lines = [Line(in_words(row), [count(due[row]["due"].total, _url(asked, row))]) for row in months]
    tables = [Table("Review dates", "Month", ["Articles"], lines, "As of today: the period does not matter here.")]
    tables += [_outcomes(ended, asked)] if ended else []
    drawn = charts.columns(
        "Review dates, by month",
        "Those that have passed, then the next 12 months. The same figures stand in the table.",
        "rereview",
        [("Late" if row == "overdue" else _day(row).strftime("%b"), due[row]["due"].total) for row in months],
    )
    return Report(_reading(due, months), tables, columns=[drawn])


def _url(asked: Asked, row: str) -> str:
    if row == "overdue" and asked.user.is_editor:
        filters = {"specialty": asked.specialty, "label": asked.label, "editor": asked.editor}
        return Wanted(view="rereview", who="all", overdue=True, **filters).url  # type: ignore[arg-type]
    return asked.url("report_list", KEY, by="month", row=row, col="due")


def _outcomes(ended: Tallies, asked: Asked) -> Table:
    lines = []
    for outcome in RereviewOutcome:
        found, url = (
            ended[outcome]["ended"],
            asked.url("report_list", KEY, by="outcome", row=outcome.value, col="ended"),
        )
        lines.append(Line(str(outcome.label), [count(found.total, url), days(found.median, url), days(found.p90, url)]))
    return Table("Re-reviews that ended in the period", "Outcome", ["Re-reviews", "Median", "90% within"], lines)


def _month(asked: Asked, ahead: int) -> str:
    day: date = asked.params["today"]
    months = day.year * 12 + day.month - 1 + ahead
    return f"{months // 12}-{months % 12 + 1:02}"


def _day(row: str) -> date:
    return date.fromisoformat(f"{row}-01")


def in_words(row: str) -> str:
    return "Date has passed" if row == "overdue" else f"{_day(row):%B %Y}"


def _reading(due: Tallies, months: list[str]) -> str:
    late, ahead = due["overdue"]["due"].total, {row: due[row]["due"].total for row in months[1:]}
    fullest = max(ahead, key=lambda row: ahead[row])
    told = f"{late:,} {'has' if late == 1 else 'have'} passed the review date" if late else "No review date has passed"
    if not ahead[fullest]:
        return f"{told}, and none comes due in the next 12 months."
    total, most = sum(ahead.values()), f"{in_words(fullest)}: {ahead[fullest]:,}"
    return f"{told}; {total:,} come{'s' if total == 1 else ''} due in the next 12 months, most in {most}."
