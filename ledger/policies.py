"""The proof of the policies: each version says what its event tells, and no event is without its version."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from content import canonical
from ledger.evidence import Problem, rows

_BEGINNING = {"editorial", "corrections", "conflicts", "ai-use", "privacy"}  # what a portal begins with
_ONE_TRANSACTION = timedelta(minutes=5)  # lasts no longer
_EVENTS = """SELECT at, content_sha256, payload FROM ledger_event
             WHERE kind IN ('policy_published', 'policy_withdrawn') ORDER BY seq"""


def policies() -> Iterator[Problem]:
    """What a portal began with has no event: the first versions of a few, by nobody."""
    told = dict(map(_told, rows(_EVENTS)))
    for row in rows("SELECT * FROM policy ORDER BY name, number", alias="public"):
        place = (row["name"], row["number"])
        name = f"policy {row['name']}, version {row['number']}"
        recorded = told.pop(place, None)
        is_first = row["number"] == 1 and row["published_by"] == "" and row["name"] in _BEGINNING
        written = (row["title"], row["change_note"], canonical.sha256(row["body"]))
        if recorded is None and not is_first:
            yield Problem(name, "no event tells of it")
        elif recorded and (recorded[1:] != written or abs(recorded[0] - row["published_at"]) > _ONE_TRANSACTION):
            yield Problem(name, "is not what was published")
    for policy, number in told:
        yield Problem(f"policy {policy}, version {number}", "was published and is missing")


def _told(event: dict[str, Any]) -> tuple[tuple[str, int], tuple[Any, ...]]:
    said = json.loads(event["payload"])
    return (said["policy"], said["number"]), (event["at"], said["title"], said["note"], event["content_sha256"])
