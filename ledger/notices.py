"""The proof of public notices: each is what an event says, word for word, and none is missing."""

import json
from collections.abc import Iterator
from typing import Any

from content import text
from ledger.evidence import Problem, rows
from ledger.told import Told

_ROWS = "SELECT id, article_id, number, notices, noticed_at, history FROM publication ORDER BY id"
_SHORT = ("number", "kind", "on", "ends")
_SAID = ("number", "kind", "words", "reason", "ends", "on")


def notices(told: Told) -> Iterator[Problem]:
    """Compare what the public reads above each text with the events that it comes from."""
    expected = {version: [_from_event(event) for event in events] for version, events in told.noticed.items()}
    shown: dict[tuple[int, int], list[dict[str, Any]]] = {}
    for row in rows(_ROWS, alias="public"):
        events, found = told.noticed.get(row["id"], []), json.loads(row["notices"])
        yield from _of_one(f"publication {row['id']}", found, expected.pop(row["id"], []))
        if row["noticed_at"] != (events[-1]["at"] if events else None):
            yield Problem(f"publication {row['id']}", "its notices are not of the time when they were posted")
        shown[row["article_id"], row["number"]] = [{key: each.get(key) for key in _SHORT} for each in found]
    for row in rows(_ROWS, alias="public"):
        for each in json.loads(row["history"]):
            if each.get("notices", []) != shown.get((row["article_id"], each["number"])):
                yield Problem(
                    f"publication {row['id']}", f"its history tells of other notices on version {each['number']}"
                )
    for version in expected:
        yield Problem(f"publication {version}", "a notice was posted on it, and it is missing")


def _of_one(name: str, found: list[dict[str, Any]], expected: list[dict[str, Any]]) -> Iterator[Problem]:
    if len(found) < len(expected):
        yield Problem(name, "a notice that was posted on it is missing")
    if len(found) > len(expected):
        yield Problem(name, "bears a notice that no event tells of")
    for shown, said in zip(found, expected, strict=False):
        if any(shown.get(key) != said[key] for key in said):
            yield Problem(name, f"its notice {said['number']} is not what its event says")


def _from_event(event: dict[str, Any]) -> dict[str, Any]:
    """What the public must read; of a retraction neither the name nor the number stand in its event."""
    details = json.loads(event["payload"])
    on = event["at"].date().isoformat()
    if event["kind"] == "retracted":
        reason = text.prose(details["reason"])
        return {"kind": "retraction", "reason": reason, "on": on, "number": event["place"]}
    said = details | {"kind": details["notice"], "on": on}
    return {key: said[key] for key in _SAID} | {"by": details["name"]}
