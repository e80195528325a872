"""The proof of the policies: each version says what its event tells, and no event is without its version."""

import json
from collections.abc import Iterator
from typing import Any

from content import canonical
from ledger.evidence import Problem, rows

_EVENTS = """SELECT kind, content_sha256, payload FROM ledger_event
             WHERE kind IN ('policy_published', 'policy_withdrawn') ORDER BY seq"""


def policies() -> Iterator[Problem]:
    """What a portal began with has no event: version 1, by nobody."""
    told = dict(map(_told, rows(_EVENTS)))
    for row in rows("SELECT * FROM policy ORDER BY name, number", alias="public"):
        place = (row["name"], row["number"])
        name = f"policy {row['name']}, version {row['number']}"
        recorded = told.pop(place, None)
        if recorded is None and not (row["number"] == 1 and row["published_by"] == ""):
            yield Problem(name, "no event tells of it")
        elif recorded and recorded != (row["title"], row["change_note"], canonical.sha256(row["body"])):
            yield Problem(name, "is not what was published")
    for policy, number in told:
        yield Problem(f"policy {policy}, version {number}", "was published and is missing")


def _told(event: dict[str, Any]) -> tuple[tuple[str, int], tuple[str, str, str]]:
    said = json.loads(event["payload"])
    return (said["policy"], said["number"]), (said["title"], said["note"], event["content_sha256"])
