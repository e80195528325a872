"""What the proof reads: the tables as they are, past every model; and what it says of them."""

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from heapq import merge
from itertools import groupby
from typing import Any, NamedTuple

from django.db import connections, transaction

#: The decisions of people who neither wrote nor handed in what they decided on; `signed` is the moment as the public
#: sees it.
DECISIONS_BY_OTHERS = """
    SELECT d.*, to_char(d.signed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS signed FROM reviews_decision d
    JOIN articles_version v ON v.id = d.version_id JOIN articles_article a ON a.id = v.article_id
    WHERE d.reviewer_id NOT IN (a.owner_id, v.author_id, coalesce(a.handed_in_by_id, a.owner_id)) AND NOT EXISTS (
        SELECT FROM articles_version_contributors c WHERE c.version_id = v.id AND c.user_id = d.reviewer_id)"""

ONE_TRANSACTION = timedelta(minutes=5)  # lasts no longer
type Row = dict[str, Any]


class Problem(NamedTuple):
    """Something that does not hold. `subject` names the row."""

    subject: str
    message: str


@contextmanager
def one_moment() -> Iterator[bool]:
    """Within it `rows` finds everything as it is now, however long that takes and whoever writes meanwhile.

    The public login looks through the same snapshot. On a replica it cannot: then False, and what it shows may be older
    or newer.
    """
    is_one = not is_replica()
    with ExitStack() as standing:
        _stand_still(standing, "default")
        if is_one:
            with connections["default"].cursor() as cursor:
                cursor.execute("SELECT pg_export_snapshot()")
                _stand_still(standing, "public", snapshot=cursor.fetchone()[0])
        yield is_one


def is_replica() -> bool:
    """Whether the public login reads a copy of the database."""
    with connections["public"].cursor() as cursor:
        cursor.execute("SELECT pg_is_in_recovery()")
        return bool(cursor.fetchone()[0])


def wait_for_replica(at_most: float) -> int:
    """Wait until the replica shows all that is in the database now, no longer than so many seconds; then, by how many
    it is still behind.
    """
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_flush_lsn()")
        position = cursor.fetchone()[0]
    until = time.monotonic() + at_most
    while (behind := seconds_behind(position)) and time.monotonic() < until:
        time.sleep(1)
    return behind


def seconds_behind(position: str) -> int:
    """How old what the replica shows is, as long as it has not come to that position of the log; else 0."""
    with connections["public"].cursor() as cursor:
        cursor.execute(
            """SELECT CASE WHEN pg_last_wal_replay_lsn() >= %s::pg_lsn THEN 0
                   ELSE greatest(1, extract(epoch FROM now() - pg_last_xact_replay_timestamp())) END::int""",
            [position],
        )
        return int(cursor.fetchone()[0])


def _stand_still(standing: ExitStack, alias: str, *, snapshot: str = "") -> None:
    standing.enter_context(transaction.atomic(using=alias, durable=True))
    with connections[alias].cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        if snapshot:
            cursor.execute("SET TRANSACTION SNAPSHOT %s", [snapshot])
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")  # one side rests while the other is read
        cursor.execute("SET LOCAL statement_timeout = 0")  # some count over all there is


def rows(sql: str, alias: str = "default") -> Iterator[Row]:
    """Each row of a query, by the names of its columns; the server keeps what has not been asked for yet."""
    with connections[alias].chunked_cursor() as cursor:
        cursor.execute(sql)
        names = [column.name for column in cursor.description or ()]
        while found := cursor.fetchmany(100):  # whole articles with their pages, some of them
            for row in found:
                yield dict(zip(names, row, strict=True))


def side_by_side(**found: tuple[str, Iterator[Row]]) -> Iterator[tuple[int, dict[str, list[Row]]]]:
    """What several queries tell of one number after the other. Each comes with the column that has the number, and
    gives its rows in that order.
    """

    def numbered(side: str, column: str, each_row: Iterator[Row]) -> Iterator[tuple[int, str, Row]]:
        return ((row[column], side, row) for row in each_row)

    numbers = merge(*(numbered(side, *said) for side, said in found.items()), key=lambda one: one[0])
    for number, group in groupby(numbers, key=lambda one: one[0]):
        sides: dict[str, list[Row]] = {side: [] for side in found}
        for _, side, row in group:
            sides[side].append(row)
        yield number, sides


def count_approvals(decisions: list[tuple[int, str, str]], sha256: str) -> int:
    """How many people approve these bytes."""
    return len({who for who, verdict, signed in decisions if verdict == "approve" and signed == sha256})


def signature(decision: Row) -> str:
    """One of `DECISIONS_BY_OTHERS` as the public reads it."""
    said = {"signed_at": decision["signed"], "content_sha256": decision["content_sha256"]}
    return as_one_text(json.loads(decision["statement"]) | said)


def as_one_text(said: dict[str, Any]) -> str:
    """Equal for equal documents."""
    return json.dumps(said, sort_keys=True)


def at_once(one: datetime, other: datetime) -> bool:
    """Whether both can be moments of one transaction."""
    return abs(one - other) <= ONE_TRANSACTION
