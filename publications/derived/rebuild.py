"""Making anew what is made of the public rows, when the proof says that it is not what they make."""

from typing import Any

BATCH = 2_000  # publications
#: Nobody publishes meanwhile; readers go on seeing what was there until all is done.
_BEGIN = (
    "SELECT FROM ledger_head FOR UPDATE",
    "DELETE FROM pub.passage",
    "DELETE FROM pub.suggestion",
    "DELETE FROM pub.listed",
    "DELETE FROM pub.diagnosis",
    "DELETE FROM pub.diagnosis_name",
    "DELETE FROM pub.word",
    "DELETE FROM pub.shelf",
    "DELETE FROM pub.member",
)
_IDS = "SELECT id FROM pub.publication WHERE state = 'current' ORDER BY id"
_MAKE = "SELECT enlist(%(ids)s::bigint[]), pub.write_passages(%(ids)s::bigint[])"
_MEMBERS = "SELECT show_members_of(user_id) FROM people_boardprofile ORDER BY user_id"


def rebuild(cursor: Any) -> int:
    """Do it as the owner of the tables, in one transaction of the caller's; return how many texts there are.

    What stands in the public rows themselves stays as it is, and so do equal words and policies, which editors wrote.
    What passages mean goes with them: the worker reads them again, `index_passages` at once.
    """
    for statement in _BEGIN:
        cursor.execute(statement)
    cursor.execute(_IDS)
    ids = [pk for (pk,) in cursor.fetchall()]
    for first in range(0, len(ids), BATCH):
        cursor.execute(_MAKE, {"ids": ids[first : first + BATCH]})
    cursor.execute(_MEMBERS)
    return len(ids)
