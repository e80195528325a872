"""The proof of the policies: each version says what its event tells, and no event is without its version."""

import json
from collections.abc import Iterator
from typing import Any

from content import canonical
from ledger.evidence import Problem, Row, at_once, rows

#: What a portal begins with (`publications/migrations/0016_first_policies.sql`): the hash of title and text of each.
_BEGINNING = {
    "editorial": "6304b1f07ae2bbd8a5bedd373cf891561774dd9af3e137392d90eabba2187cc6",
    "corrections": "7e53292b65dc520cf7fa1857c2c994cd64dbd74f7b2bec5a63fb6aed2386bc3e",
    "conflicts": "9075713a950285616e864e9660d8cb9ba5ee9271ef51cfbe15281c6ed5f11e98",
    "ai-use": "153dc71b349d58cd08ae7b28519e030d05b733f5984a83925c0a9a5ca4345061",
    "privacy": "fc6124384f283180f0601719ddc14df802a9a0a9c65ed31ded1ec76a7b215b4f",
}
_EVENTS = """SELECT at, content_sha256, payload FROM ledger_event
             WHERE kind IN ('policy_published', 'policy_withdrawn') ORDER BY seq"""


def policies() -> Iterator[Problem]:
    """What a portal began with has no event: the first versions of a few, by nobody."""
    told, beginning = dict(map(_told, rows(_EVENTS))), set(_BEGINNING)
    for row in rows("SELECT * FROM policy ORDER BY name, number", alias="public"):
        place = (row["name"], row["number"])
        name = f"policy {row['name']}, version {row['number']}"
        recorded = told.pop(place, None)
        written = (row["title"], row["change_note"], row["published_by"], canonical.sha256(row["body"]))
        if recorded is None and _is_first(row):
            beginning.discard(row["name"])
        elif recorded is None:
            yield Problem(name, "no event tells of it")
        elif recorded[1:] != written or not at_once(recorded[0], row["published_at"]):
            yield Problem(name, "is not what was published")
    for policy, number in (*told, *((first, 1) for first in sorted(beginning))):
        yield Problem(f"policy {policy}, version {number}", "was published and is missing")


def _is_first(row: Row) -> bool:
    """Whether it came with the portal."""
    sha256 = canonical.sha256(f"{row['title']}\n{row['body']}")
    return (row["number"], row["published_by"], row["change_note"], sha256) == (1, "", "", _BEGINNING.get(row["name"]))


def _told(event: dict[str, Any]) -> tuple[tuple[str, int], tuple[Any, ...]]:
    said = json.loads(event["payload"])
    written = said["title"], said["note"], said["name"], event["content_sha256"]
    return (said["policy"], said["number"]), (event["at"], *written)
