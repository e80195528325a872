"""What reviewers take on, and how long they take."""

from __future__ import annotations

from people.models import Role, User
from reviews.load import limit_of
from reviews.reports import charts
from reviews.reports.asked import Asked
from reviews.reports.table import Figure, Line, Report, Table, count, days, duration
from reviews.reports.tally import NONE, Facts, Tally, tally

KEY = "reviewers"
MINUTE = 1 / (24 * 60)  # of a day
#: One fact for each column in which an invitation counts. A yes is the answer, whatever came of it; else the no, or the
#: signature. Whoever was taken off after the day to answer, without one, was silent.
FACTS = Facts(
    """
    SELECT a.id, a.version_id, v.article_id, a.invited_at AS at, c.days, a.reviewer_id AS person, c.col,
        a.reviewer_id AS reviewer, 'all' AS everybody
    FROM reviews_assignment a JOIN articles_version v ON v.id = a.version_id
    LEFT JOIN reviews_decision d ON d.assignment_id = a.id
    CROSS JOIN LATERAL (
        SELECT coalesce(a.accepted_at, CASE WHEN a.state = 'declined' THEN a.answered_at END, d.signed_at)
    ) said(answered_at)
    CROSS JOIN LATERAL (VALUES
        ('asked', NULL::float),
        (CASE WHEN said.answered_at IS NOT NULL THEN 'answered' END,
            date_part('epoch', said.answered_at - a.invited_at) / 86400),
        (CASE WHEN a.accepted_at IS NOT NULL OR d.id IS NOT NULL THEN 'accepted' END, NULL),
        (CASE WHEN a.state = 'declined' THEN 'declined' END, NULL),
        (CASE WHEN said.answered_at IS NULL AND a.state IN ('invited', 'cancelled')
            AND coalesce(a.answered_at, now()) >= (a.answer_due_on + 1)::timestamp AT TIME ZONE 'UTC'
            THEN 'silent' END, NULL),
        (CASE WHEN d.id IS NOT NULL THEN 'signed' END,
            date_part('epoch', d.signed_at - said.answered_at) / 86400)
    ) c(col, days)
    WHERE a.invited_at >= %(begin)s AND a.invited_at < %(end)s AND c.col IS NOT NULL AND {scope:v.article_id}
    UNION ALL
    SELECT a.id, a.version_id, v.article_id, a.invited_at, NULL, a.reviewer_id, 'open', a.reviewer_id, 'all'
    FROM reviews_assignment a JOIN articles_version v ON v.id = a.version_id
    LEFT JOIN reviews_rereview r ON r.id = a.rereview_id
    WHERE a.state IN ('invited', 'accepted') AND {scope:v.article_id}
        AND CASE WHEN r.id IS NULL THEN v.state = 'under_review' ELSE r.ended_at IS NULL END
    """,
    ("reviewer", "everybody"),
)
COUNTS = {
    "asked": "Asked",
    "accepted": "Accepted",
    "declined": "Declined",
    "silent": "Silent",
    "signed": "Signed",
}
HEADS = (*COUNTS.values(), "To answer", "To sign", "Open now", "Limit a month")
KEYS = (
    charts.Key("signed", "Signed"),
    charts.Key("open", "Open now"),
    charts.Key("declined", "Declined"),
    charts.Key("silent", "Silent"),
)
MOST_BARS, MOST_LINES = 20, 100
type Columns = dict[str, Tally]


def make(asked: Asked) -> Report:
    tables = tally(FACTS, asked)
    found, everybody = tables["reviewer"], tables["everybody"]["all"]
    people = {str(user.pk): user for user in _members([int(row) for row in found])}
    if not found:
        return Report("", [], empty="Nobody was asked for a review in this time, and no review is open.")
    rows = sorted(people, key=lambda row: (-found[row]["open"].total, -found[row]["asked"].total, people[row].name))
    table = _table([(people[row], found[row]) for row in rows], everybody, asked)
    drawn = _chart([(people[row].display_name, found[row]) for row in rows[:MOST_BARS]], len(rows))
    return Report(_reading(everybody, [people[row] for row in rows], found), [table], bars=[drawn] if drawn else [])


def _table(members: list[tuple[User, Columns]], everybody: Columns, asked: Asked) -> Table:
    shown = members if asked.is_whole else members[:MOST_LINES]
    lines = [Line(user.display_name, _figures(found, str(user.pk), asked, user)) for user, found in shown]
    total = Line("All", _figures(everybody, "", asked, None), True)
    note = "Days from being asked to an answer, and from the answer to the signature: the median."
    if len(shown) < len(members):
        note += f" These are the {MOST_LINES} with the most open, of {len(members):,}; CSV has all."
    return Table("By reviewer", "Reviewer", HEADS, [*lines, total], note)


def _members(pks: list[int]) -> list[User]:
    """Who was asked, and every reviewer of today."""
    people = User.objects.filter(pk__in=pks) | User.objects.filter(
        pk__in=User.objects.with_role(Role.REVIEWER).values("pk")
    )
    return list(people.select_related("board_profile"))


def _figures(found: Columns, row: str, asked: Asked, user: User | None) -> list[Figure]:
    group = "reviewer" if row else "everybody"

    def url(col: str) -> str:
        return asked.url("report_list", KEY, by=group, row=row or "all", col=col)

    def of(col: str) -> Tally:
        return found.get(col, NONE)

    limit = limit_of(getattr(user, "board_profile", None)) if user else None
    return [
        *(count(of(col).total, url(col)) for col in COUNTS),
        days(of("answered").median, url("answered")),
        days(of("signed").median, url("signed")),
        count(of("open").total, url("open")),
        Figure("–", None) if limit is None else Figure(f"{limit}", limit),
    ]


def _chart(rows: list[tuple[str, Columns]], total: int) -> charts.Bars | None:
    drawn = [
        (name, f"{found['signed'].total} signed, {found['open'].total} open", [found[key.look].total for key in KEYS])
        for name, found in rows
    ]
    some = f" The {MOST_BARS} with the most open, of {total}." if total > MOST_BARS else ""
    return charts.bars("Reviews by reviewer", f"The same figures stand in the table.{some}", drawn, KEYS)


def _reading(everybody: Columns, people: list[User], found: dict[str, Columns]) -> str:
    asked, silent, signed = (everybody.get(col, NONE) for col in ("asked", "silent", "signed"))
    over = [p for p in people if found[str(p.pk)]["open"].total > limit_of(getattr(p, "board_profile", None))]
    told = f"{asked.total:,} {'review was' if asked.total == 1 else 'reviews were'} asked for, {signed.total:,} signed"
    if signed.median is not None:
        told += f", half of them within {duration(max(signed.median, MINUTE))} of the answer"
    told += f"; {silent.total:,} stayed without an answer" if silent.total else ""
    if over:
        names = ", ".join(user.display_name for user in over[:3]) + (" and others" if len(over) > 3 else "")
        return f"{told}. More open than they take on in a month: {names}."
    return f"{told}."
