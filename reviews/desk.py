"""The queue of one person: which views there are, how much stands in each, and a page of one. Four queries.

The furniture (saved views, labels, editors, what is missing), every count in one, the rows, and who reviews them.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db import connection
from django.db.backends.utils import CursorWrapper

from people.models import User
from publications.prepared import prepared
from reviews.desk_sql import COUNT_TO, HANDLER, Piece, counted, page
from reviews.desk_wanted import Wanted, key_for

PAGE_SIZE = 50
type Line = dict[str, Any]


class Saved(NamedTuple):
    """A saved view of somebody's."""

    pk: int
    name: str
    query: str


class Furniture(NamedTuple):
    """What the page needs besides rows. Labels, editors and how many letters from readers wait for this
    person or for anybody are told to editors only.
    """

    saved: list[Saved]
    labels: dict[int, str]
    editors: dict[int, str]
    handles_something: bool
    lacks_disclosure: bool
    lacks_term: bool
    letters: int


class Found(NamedTuple):
    """A page of rows, the addresses of those before and after it ("" where there are none), and of what is filtered how
    many fit, up to a few more than `COUNT_TO`.
    """

    lines: list[Line]
    previous: str
    next: str
    fit: int = 0


_FURNITURE = f"""
SELECT
    (SELECT json_agg(json_build_array(id, name, query) ORDER BY lower(name), id)
        FROM reviews_savedview WHERE user_id = %(me)s),
    (SELECT json_agg(json_build_array(id, name) ORDER BY lower(name)) FROM articles_label WHERE %(runs)s),
    (SELECT json_agg(json_build_array(u.id, coalesce(nullif(u.name, ''), split_part(u.email, '@', 1)))
        ORDER BY u.name, u.id)
        FROM people_rolegrant g JOIN people_user u ON u.id = g.user_id
        WHERE g.role = 'editor' AND g.ended_at IS NULL AND u.is_active AND %(runs)s),
    %(runs)s AND EXISTS (SELECT FROM reviews_turn t WHERE {HANDLER} = %(me)s AND t.due_on IS NOT NULL),
    %(declares)s AND NOT EXISTS (SELECT FROM people_disclosure d WHERE d.user_id = %(me)s
        AND (d.declared_at AT TIME ZONE 'UTC')::date <= now.day AND d.valid_until >= now.day),
    %(reviews)s AND NOT EXISTS (SELECT FROM people_boardterm b JOIN people_boardprofile p ON p.id = b.profile_id
        WHERE p.user_id = %(me)s AND now.day BETWEEN b.starts_on AND b.ends_on
        AND (b.ended_early_on IS NULL OR b.ended_early_on > now.day)),
    CASE WHEN %(runs)s THEN (SELECT count(*) FROM reviews_readerletter
        WHERE state = 'new' OR state = 'taken' AND holder_id = %(me)s) ELSE 0 END
FROM (SELECT (now() AT TIME ZONE 'UTC')::date AS day) now
"""  # noqa: S608 - fixed pieces


def furniture(user: User) -> Furniture:
    """What the page needs besides rows: one query."""
    declares = user.is_author or user.is_reviewer
    with prepared() as cursor:
        cursor.execute(
            _FURNITURE, {"me": user.pk, "runs": user.is_editor, "declares": declares, "reviews": user.is_reviewer}
        )
        saved, labels, editors, handles, lacks_disclosure, lacks_term, letters = cursor.fetchone()
    return Furniture(
        [Saved(*each) for each in saved or ()],
        dict(labels or ()),
        dict(editors or ()),
        handles,
        lacks_disclosure,
        lacks_term,
        letters,
    )


def counts(user: User, every: dict[str, Wanted]) -> dict[str, int]:
    """How much is wanted by each, up to `COUNT_TO` + 1: one query."""
    query = counted([wanted.parts(user) for wanted in every.values()])
    is_scattered = any(wanted.q or wanted.label for wanted in every.values())  # saved views: not `prepared`, as `found`
    with connection.cursor() if is_scattered else prepared() as cursor:
        cursor.execute(query.sql, query.params)
        return dict(zip(every, cursor.fetchone(), strict=True))


def in_words(count: int) -> str:
    """A count as it is shown: "500+" when it was not counted on."""
    return f"{COUNT_TO:,}+" if count > COUNT_TO else f"{count:,}"


def found(user: User, wanted: Wanted) -> Found:
    """A page of rows: one query, of keys that an index has in this order, whatever stands before them."""
    parts = wanted.parts(user)
    if not parts:
        return Found([], "", "")
    backwards, past = bool(wanted.before), wanted.past
    backwards = backwards and past is not None
    order, limit, is_sieve = wanted.order, PAGE_SIZE + 1, wanted.is_sieve
    piece = page(parts, order, limit=limit, past=past, backwards=backwards, is_sieve=is_sieve)
    with connection.cursor() as cursor:  # never `prepared`: the best plan depends on how much is whose
        lines = _fetched(cursor, piece)
    has_more, lines = len(lines) > PAGE_SIZE, lines[:PAGE_SIZE]
    if backwards:
        lines.reverse()
        has_previous, has_next = has_more, True
    else:
        has_previous, has_next = past is not None, has_more
    if not lines:
        return Found([], wanted.but().url if past else "", "")
    return Found(
        lines,
        wanted.but(before=key_for(lines[0], wanted.order)).url if has_previous else "",
        wanted.but(after=key_for(lines[-1], wanted.order)).url if has_next else "",
        lines[0]["fit"],
    )


_ROUNDS = """
SELECT q.id, (
    SELECT json_agg(json_build_array(u.name, u.email, a.state) ORDER BY a.invited_at, a.id)
    FROM reviews_assignment a JOIN people_user u ON u.id = a.reviewer_id
    WHERE a.version_id = q.id AND a.rereview_id IS NOT DISTINCT FROM q.rereview_id
    AND a.state IN ('invited', 'accepted', 'signed')
) AS asked, CASE WHEN q.told THEN open_must_fix(q.id) ELSE 0 END AS must_fix, CASE WHEN q.stuck THEN (
    SELECT json_agg(json_build_array(d.reviewer_id, d.verdict, review_ineligibility(d.reviewer_id, q.id) IS NULL))
    FROM reviews_decision d JOIN articles_version v ON v.id = d.version_id AND v.content_sha256 = d.content_sha256
    WHERE d.version_id = q.id AND d.rereview_id IS NOT DISTINCT FROM q.rereview_id
) END AS signed, (SELECT approvals_required FROM articles_version WHERE id = q.id) AS required
FROM (
    SELECT *, (SELECT max(r.id) FROM reviews_rereview r WHERE r.version_id = n.id AND r.ended_at IS NULL) AS rereview_id
    FROM unnest(%s::bigint[], %s::boolean[], %s::boolean[]) AS n(id, told, stuck)
) q
"""


def rounds(asks: list[tuple[int, bool, bool]]) -> dict[int, Line]:
    """By version: who is `asked` (name, e-mail, state); where told `must_fix`, and of stuck ones what was `signed`.

    Asked for are triples: the version, whether its open findings may be told, whether it is stuck. One query.
    """
    columns = [list(column) for column in zip(*asks, strict=True)] if asks else []
    if not columns:
        return {}
    with prepared() as cursor:
        return {line["id"]: line for line in _fetched(cursor, Piece(_ROUNDS, tuple(columns)))}


def _fetched(cursor: CursorWrapper, piece: Piece) -> list[Line]:
    cursor.execute(piece.sql, piece.params)
    names = [column.name for column in cursor.description or ()]
    return [dict(zip(names, line, strict=True)) for line in cursor.fetchall()]
