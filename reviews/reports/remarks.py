"""Findings by kind; who made them is no part of it."""

from __future__ import annotations

from people.specialties import MedicalSpecialty
from reviews.reports import charts
from reviews.reports.asked import Asked
from reviews.reports.table import Figure, Line, Report, Table, count
from reviews.reports.tally import NONE, Facts, Tallies, tally
from reviews.states import Response, Severity

KEY = "findings"
FACTS = Facts(
    """
    SELECT f.id, f.version_id, v.article_id, f.made_at AS at, NULL::float AS days, NULL::bigint AS person, c.col,
        f.severity, coalesce(nullif(t.specialty, ''), 'none') AS specialty
    FROM reviews_finding f JOIN articles_version v ON v.id = f.version_id
    JOIN reviews_turn t ON t.article_id = v.article_id
    CROSS JOIN LATERAL (VALUES
        ('all'), (f.severity), (coalesce(nullif(f.response, ''), 'unanswered')),
        (CASE WHEN f.closed_at IS NULL THEN 'open' END)
    ) c(col)
    WHERE f.made_at >= %(begin)s AND f.made_at < %(end)s AND c.col IS NOT NULL AND {scope:t.article_id}
    """,
    ("severity", "specialty"),
)
ANSWERS = {value: str(label) for value, label in Response.choices} | {"unanswered": "No answer", "open": "Still open"}
SEVERITIES = {value: str(label) for value, label in Severity.choices}
KEYS = [charts.Key(value.replace("_", "-"), label) for value, label in SEVERITIES.items()]


def make(asked: Asked) -> Report:
    tables = tally(FACTS, asked)
    kinds, fields = tables["severity"], tables["specialty"]
    if not kinds:
        return Report("", [], empty="No finding was made in this time.")
    by_kind = _table(("By severity", "Severity"), SEVERITIES, ("severity", kinds), ANSWERS, asked)
    names = {row: specialty(row) for row in sorted(fields, key=lambda row: -fields[row]["all"].total)}
    columns = SEVERITIES | {"open": ANSWERS["open"]}
    by_field = _table(("By specialty", "Specialty"), names, ("specialty", fields), columns, asked)
    rows = [
        (name, f"{fields[row]['all'].total}", [fields[row][s].total for s in SEVERITIES]) for row, name in names.items()
    ]
    drawn = charts.bars("Findings by specialty", "The same figures stand in the table.", rows, KEYS)
    return Report(_reading(kinds), [by_kind, by_field], bars=[drawn] if drawn else [])


def specialty(value: str) -> str:
    return str(MedicalSpecialty(value).label) if value in MedicalSpecialty.values else "No specialty"


def _table(
    titles: tuple[str, str], rows: dict[str, str], of: tuple[str, Tallies], columns: dict[str, str], asked: Asked
) -> Table:
    (group, found), columns = of, {"all": "Findings"} | columns

    def figures(row: str) -> list[Figure]:
        return [
            count(found[row].get(col, NONE).total, asked.url("report_list", KEY, by=group, row=row, col=col))
            for col in columns
        ]

    return Table(*titles, list(columns.values()), [Line(label, figures(row)) for row, label in rows.items()])


def _reading(kinds: Tallies) -> str:
    def total(col: str) -> int:
        return sum(found.get(col, NONE).total for found in kinds.values())

    made, must, still = total("all"), kinds["must_fix"]["all"].total, total("open")
    answered = made - total("unanswered")
    fixed = f", {total('fixed') * 100 // answered}% of those answered by a fix" if answered else ""
    return f"{made:,} finding{'s'[: made != 1]}, {must:,} of them must-fix{fixed}; {still:,} still open."
