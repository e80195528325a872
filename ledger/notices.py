"""The proof of public notices: each is what an event says, word for word, and none is missing. And of each article's
history, which names all its versions with their notices.
"""

import json
from collections.abc import Iterator
from typing import Any

from content import text
from ledger.evidence import Problem, Row, rows
from ledger.told import Told

_ROWS = """
    SELECT id, article_id, number, state, is_page, change_note, content_sha256, notices, noticed_at, history,
        to_char(approved_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS approved_on
    FROM publication ORDER BY id"""
_SHORT = ("number", "kind", "on", "ends")
_IN_HISTORY = ("number", "state", "change_note", "approved_on", "content_sha256")
_SAID = ("number", "kind", "words", "reason", "ends", "on")
type Histories = dict[int, dict[int, dict[str, Any]]]


def notices(told: Told) -> Iterator[Problem]:
    """Compare what the public reads above each text with the events that it comes from."""
    expected = {version: _from_events(events) for version, events in told.noticed.items()}
    histories: Histories = {}
    for row in rows(_ROWS, alias="public"):
        events, found = told.noticed.get(row["id"], []), json.loads(row["notices"])
        yield from _of_one(f"publication {row['id']}", found, expected.pop(row["id"], []))
        if row["noticed_at"] != (events[-1]["at"] if events else None):
            yield Problem(f"publication {row['id']}", "its notices are not of the time when they were posted")
        line = {key: row[key] for key in _IN_HISTORY}
        line["notices"] = [{key: each.get(key) for key in _SHORT} for each in found]
        histories.setdefault(row["article_id"], {})[row["number"]] = line
    for row in rows(_ROWS, alias="public"):
        yield from _history(row, histories[row["article_id"]])
    for version in expected:
        yield Problem(f"publication {version}", "a notice was posted on it, and it is missing")


def _history(row: Row, lines: dict[int, dict[str, Any]]) -> Iterator[Problem]:
    """The newest first; lines from before there were notices do not speak of them."""
    name, shown = f"publication {row['id']}", [{"notices": [], **line} for line in json.loads(row["history"])]
    if [line["number"] for line in shown] != sorted(lines, reverse=True):
        yield Problem(name, "its history names other versions than there are")
    for line in shown:
        if line["number"] in lines and line != lines[line["number"]]:
            yield Problem(name, f"its history tells otherwise of version {line['number']}")
    if row["is_page"] != (row["number"] == max(lines)):
        yield Problem(name, "stands at the article's own address, or should and does not")


def _of_one(name: str, found: list[dict[str, Any]], expected: list[dict[str, Any]]) -> Iterator[Problem]:
    if len(found) < len(expected):
        yield Problem(name, "a notice that was posted on it is missing")
    if len(found) > len(expected):
        yield Problem(name, "bears a notice that no event tells of")
    for shown, said in zip(found, expected, strict=False):
        if any(shown.get(key) != said[key] for key in said):
            yield Problem(name, f"its notice {said['number']} is not what its event says")


def _from_events(events: list[Row]) -> list[dict[str, Any]]:
    """What the public must read. Of a retraction neither the name nor the number stand in its event; it ends an
    expression of concern that stands.
    """
    said: list[dict[str, Any]] = []
    for event in events:
        details, on = json.loads(event["payload"]), event["at"].date().isoformat()
        if event["kind"] == "retracted":
            reason = text.prose(details["reason"])
            one = {"kind": "retraction", "reason": reason, "on": on, "number": event["place"], "ends": _standing(said)}
        else:
            whole = details | {"kind": details["notice"], "on": on}
            one = {key: whole[key] for key in _SAID} | {"by": details["name"]}
        said.append(one | {"event": event["seq"]})
    return said


def _standing(said: list[dict[str, Any]]) -> int | None:
    """The number of the expression of concern that nothing has ended."""
    ended = {each["ends"] for each in said}
    concerns = [each["number"] for each in said if each["kind"] == "expression_of_concern"]
    return next((number for number in concerns if number not in ended), None)
