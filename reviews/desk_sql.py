"""The queue's SQL, composed of fixed pieces: what people type is only ever a parameter.

A row of the queue comes from one of four sources. Each shows only what `reviews.sight` lets that person know, in what
stands in a row as in what it is filtered, counted and ordered by:
- `runs`: an editor's, of articles that they neither wrote nor have to review now. All of it may be known.
- `owns`, `wrote`: of articles that the person owns, or had a hand in. Not who has to act among editors and reviewers.
- `asked`: of versions that the person was asked to review: their own due date and state, nothing of the others.

What only editors may filter or order by counts for `runs` alone. Why this is not Django's query language: composing
twenty counts there takes longer than the database needs to answer them (`docs/performance.md`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from reviews.desk_views import TO_SIGN

FAR = "'9999-12-31'::date"  # the due date of what nobody has to do
HANDLER = "(CASE WHEN t.side = 'editors' THEN t.holder_id ELSE t.editor_id END)"
_MY_DUE = "(CASE WHEN {owed} THEN CASE a.state WHEN 'invited' THEN a.answer_due_on ELSE a.review_due_on END END)"
_MY_DUE = _MY_DUE.format(owed=TO_SIGN)

#: Who signed the review and has yet to sign the re-review is again one of those who have yet to sign.
_MY_STATE = (
    "(CASE WHEN EXISTS (SELECT FROM reviews_assignment b JOIN reviews_rereview w ON w.id = b.rereview_id"
    " WHERE w.ended_at IS NULL AND b.version_id = v.id AND b.reviewer_id = a.reviewer_id"
    " AND b.state IN ('invited', 'accepted')) THEN 'accepted' ELSE a.state END)"
)


@dataclass(slots=True)
class Piece:
    """Some SQL and its parameters."""

    sql: str
    params: tuple[Any, ...] = ()

    def __add__(self, other: Piece) -> Piece:
        return Piece(f"{self.sql} {other.sql}", (*self.params, *other.params))


class Source(NamedTuple):
    """Where rows come from: `rows` (with `people` times the user as parameters), and what stands in their columns."""

    name: str
    rows: str
    people: int
    columns: dict[str, str]


class Part(NamedTuple):
    """The rows of a source that meet a condition, and those others whose indexes have no order (`scattered`)."""

    source: Source
    me: int
    holds: Piece
    scattered: Piece = Piece("true")

    @property
    def every(self) -> Piece:
        """All rows of the source."""
        return Piece(self.source.rows, (self.me,) * self.source.people)

    @property
    def condition(self) -> Piece:
        return self.holds + Piece("AND") + self.scattered

    @property
    def rows(self) -> Piece:
        return self.every + Piece("AND") + self.condition

    def in_order(self, ordered: Piece, *, also: str) -> Piece:
        """The rows along the index of the order, if that is `also` so. CASE hides the conditions from the planner, who
        is wrong about words and labels, lest it looks all of them up and sorts them.
        """
        held = self.every + Piece("AND") + self.holds + Piece(f"AND {also} AND CASE WHEN")
        return held + self.scattered + Piece("THEN true END") + ordered


def all_of(pieces: list[Piece]) -> Piece:
    """Every condition at once; true for none."""
    sql = " AND ".join(f"({piece.sql})" for piece in pieces) or "true"
    return Piece(sql, tuple(value for piece in pieces for value in piece.params))


_TURN = {
    "article_id": "t.article_id",
    "version_id": "t.version_id",
    "assignment_id": "NULL::bigint",
    "my_state": "''",
    "queue": "t.queue",
    "side": "t.side",
    "holder_id": "t.holder_id",
    "editor_id": "t.editor_id",
    "due": f"coalesce(t.due_on, {FAR})",
    "is_public": "t.is_public",
    "owner_id": "t.owner_id",
    "specialty": "t.specialty",
    "priority": "t.priority",
    "by_risk": "(-t.risk)",
    "by_traffic": "(-coalesce(t.traffic, -1))",
    "by_age": "(-t.version_id)",
    "labels": "t.labels",
    "words": "t.words",
    "tie": "t.article_id",
}
#: What the author's own rows keep from them: names, and what editors sort by. The last of each order.
_UNTOLD = {"holder_id": "NULL::bigint", "editor_id": "NULL::bigint", "labels": "'{}'::bigint[]"}
_UNTOLD |= {"priority": "5::smallint", "by_risk": "1::smallint", "by_traffic": "2::integer"}

RUNS = Source(
    "runs", "FROM reviews_turn t WHERE t.owner_id <> %s AND %s <> ALL (t.hands) AND %s <> ALL (t.owed)", 3, _TURN
)
OWNS = Source("owns", "FROM reviews_turn t WHERE t.owner_id = %s", 1, _TURN | _UNTOLD)
#: The text that somebody had a hand in is found by that; looking words up in their index, too, would take longer.
WROTE = Source(
    "wrote",
    "FROM reviews_turn t WHERE t.hands @> ARRAY[%s]::bigint[]",
    1,
    _TURN | _UNTOLD | {"words": "(t.words || ''::tsvector)"},
)
ASKED = Source(
    "asked",
    "FROM reviews_assignment a JOIN articles_version v ON v.id = a.version_id"
    " JOIN reviews_turn t ON t.article_id = v.article_id WHERE a.reviewer_id = %s",
    1,
    _TURN
    | _UNTOLD
    | {
        "version_id": "v.id",
        "assignment_id": "a.id",
        "my_state": _MY_STATE,
        "queue": f"(CASE WHEN {TO_SIGN} THEN a.state ELSE 'signed' END)",
        "side": f"(CASE WHEN {TO_SIGN} THEN 'reviewers' WHEN v.state = 'changes_requested' THEN 'author'"
        " WHEN v.state = 'under_review' AND a.state = 'signed' THEN t.side ELSE 'nobody' END)",
        "due": f"coalesce({_MY_DUE}, {FAR})",
        "is_public": "(v.state = 'approved')",
        "by_age": "(-v.id)",
        "words": "to_tsvector('simple', v.title)",
        "tie": "(-a.id)",
    },
)
#: The columns of each order. An article is in it once: the last column tells any two rows apart.
ORDERS = {
    "due": ("due", "tie"),
    "priority": ("priority", "due", "tie"),
    "risk": ("by_risk", "due", "tie"),
    "traffic": ("by_traffic", "due", "tie"),
    "newest": ("by_age", "tie"),
}
#: What people may ask for, on the columns of a source; editors' own only of what they run.
FILTERS = {
    "specialty": "{specialty} = %s",
    "overdue": "{due} < (now() AT TIME ZONE 'UTC')::date",
    "words": "{words} @@ to_tsquery('simple', %s)",
}
EDITORS_FILTERS = {
    "handler": f"{HANDLER} = %s",
    "label": "t.labels @> ARRAY[%s]::bigint[]",
    "priority": "t.priority = %s",
    "risk": "(-t.risk) <= (- %s::smallint)",
    "side": "t.side = %s",
}
_SHOWN = (
    *("article_id", "version_id", "assignment_id", "my_state", "queue", "side", "holder_id", "editor_id", "due"),
    *("is_public", "owner_id", "priority", "by_risk", "by_traffic", "by_age", "labels", "tie"),
)
COUNT_TO = 500


def counted(every: list[list[Part]]) -> Piece:
    """How many rows each of the lists has, in one query; more than `COUNT_TO` are not counted on.

    What somebody had a hand in, a list that its index finds only as a whole, is found once for all of them.
    """
    sums = [[_counted(part) for part in parts] or [Piece("0")] for parts in every]
    columns = ", ".join(" + ".join(piece.sql for piece in pieces) for pieces in sums)
    params = tuple(value for pieces in sums for piece in pieces for value in piece.params)
    wrote = next((part for parts in every for part in parts if part.source is WROTE), None)
    head = Piece("WITH wrote AS MATERIALIZED (SELECT t.*") + wrote.every + Piece(")") if wrote else Piece("")
    return head + Piece(f"SELECT {columns}", params)


def _counted(part: Part) -> Piece:
    rows = Piece("FROM wrote t WHERE") + part.condition if part.source is WROTE else part.rows
    return Piece("(SELECT count(*) FROM (SELECT 1") + rows + Piece(f"LIMIT {COUNT_TO + 1}) x)")


def page(
    parts: list[Part], order: str, *, limit: int, past: tuple[Any, ...] | None, backwards: bool, is_sieve: bool
) -> Piece:
    """The first rows of all parts in this order, or those past (when going backwards, before) the row of that key.

    `is_sieve` says that the conditions may leave few of many: then up to `COUNT_TO` + 1 are looked for first, which
    also tells how many they are (`fit`), and the index of the order is gone through only where there are more.
    """
    direction = "DESC" if backwards else "ASC"
    by = ", ".join(f"{key} {direction}" for key in ORDERS[order])
    most = Piece(f"LIMIT {COUNT_TO + 1})")
    few, branches = [], []
    for number, part in enumerate(parts):
        ordered = _ordered(part.source, order, direction, past)
        choices = [part.rows + ordered]
        if is_sieve:
            name, is_row = f"few{number}", part.source is not ASKED
            few.append(Piece(f"{name} AS MATERIALIZED (SELECT {'t.*' if is_row else '1'}") + part.rows + most)
            is_few = f"(SELECT count(*) FROM {name}) <= {COUNT_TO}"  # noqa: S608 - fixed pieces
            if is_row:
                many = part.in_order(ordered, also=f"NOT {is_few}")
                choices = [Piece(f"FROM {name} t WHERE {is_few}") + ordered, many]
        branches += [_columns(part.source) + rows + Piece(f"LIMIT {limit})") for rows in choices]
    union = " UNION ALL ".join(branch.sql for branch in branches)
    found = f"SELECT * FROM ({union}) u ORDER BY {by} LIMIT {limit}"  # noqa: S608 - fixed pieces
    head = f"WITH {', '.join(piece.sql for piece in few)}" if few else ""
    fit = " + ".join(f"(SELECT count(*) FROM few{number})" for number in range(len(few))) or "0"  # noqa: S608
    params = tuple(value for piece in (*few, *branches) for value in piece.params)
    return Piece(head + _DRESSED.format(found=found, by=by, fit=fit), params)


def _columns(source: Source) -> Piece:
    columns = ", ".join(f"{source.columns[name]} AS {name}" for name in _SHOWN)
    return Piece(f"(SELECT '{source.name}' AS source, {columns}")


def _ordered(source: Source, order: str, direction: str, past: tuple[Any, ...] | None) -> Piece:
    """The order of a source's rows; only those past that key."""
    keys = [source.columns[key] for key in ORDERS[order]]
    ordered = Piece(f"ORDER BY {', '.join(f'{key} {direction}' for key in keys)}")
    if past is None:
        return ordered
    marks, beyond = ", ".join(["%s"] * len(keys)), "<" if direction == "DESC" else ">"
    return Piece(f"AND ({', '.join(keys)}) {beyond} ({marks})", past) + ordered


_DRESSED = """
SELECT r.*, v.title, v.number, v.state, v.origin, o.name AS owner_name, o.email AS owner_email,
    h.name AS holder_name, h.email AS holder_email, e.name AS editor_name, e.email AS editor_email,
    (SELECT w.number FROM articles_version w WHERE w.article_id = r.article_id AND w.state = 'approved')
    AS public_number, {fit} AS fit
FROM ({found}) r JOIN articles_version v ON v.id = r.version_id JOIN people_user o ON o.id = r.owner_id
LEFT JOIN people_user h ON h.id = r.holder_id LEFT JOIN people_user e ON e.id = r.editor_id
ORDER BY {by}
"""
