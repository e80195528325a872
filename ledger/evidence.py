"""What the proof reads: the tables as they are, past every model; and what it says of them."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db import connections

#: The decisions of people who neither wrote nor handed in what they decided on; `signed` is the moment as the public
#: sees it.
DECISIONS_BY_OTHERS = """
    SELECT d.*, to_char(d.signed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS signed FROM reviews_decision d
    JOIN articles_version v ON v.id = d.version_id JOIN articles_article a ON a.id = v.article_id
    WHERE d.reviewer_id NOT IN (a.owner_id, v.author_id, coalesce(a.handed_in_by_id, a.owner_id)) AND NOT EXISTS (
        SELECT FROM articles_version_contributors c WHERE c.version_id = v.id AND c.user_id = d.reviewer_id)"""


class Problem(NamedTuple):
    """Something that does not hold. `subject` names the row."""

    subject: str
    message: str


def rows(sql: str, alias: str = "default") -> Iterator[dict[str, Any]]:
    """Each row of a query, by the names of its columns; the server keeps what has not been asked for yet."""
    with connections[alias].chunked_cursor() as cursor:
        cursor.execute(sql)
        names = [column.name for column in cursor.description or ()]
        while found := cursor.fetchmany(500):
            for row in found:
                yield dict(zip(names, row, strict=True))


def count_approvals(decisions: list[tuple[int, str, str]], sha256: str) -> int:
    """How many people approve these bytes."""
    return len({who for who, verdict, signed in decisions if verdict == "approve" and signed == sha256})
