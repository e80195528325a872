"""What the ledger tells, gathered in one pass over its events, of which only one is held at a time."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

#: What each event leaves a version in.
STATE_AFTER = {
    "submitted": "submitted",
    "review_started": "under_review",
    "changes_requested": "changes_requested",
    "approved": "approved",
    "superseded": "superseded",
    "declined": "declined",
    "withdrawn": "withdrawn",
    "retracted": "retracted",
}


class Publishing(NamedTuple):
    """What was published, when, and under which specialty if the article had been filed anew before."""

    sha256: str
    body_sha256: str
    at: datetime
    specialty: str | None


@dataclass
class Told:
    """By the number of a version: the hash it was submitted under, its state, how it was published, its next review; by
    the number of a decision, what was signed and when; by the number of a re-review, what it confirmed; by the number
    of an article that was filed anew, its specialty.

    `noticed` has the events that a version's public notices come from, each with its `place` among them.
    """

    submitted: dict[int, str] = field(default_factory=dict)
    states: dict[int, str] = field(default_factory=dict)
    published: dict[int, Publishing] = field(default_factory=dict)
    next_review: dict[int, str | None] = field(default_factory=dict)
    signed: dict[int, tuple[tuple[Any, ...], datetime]] = field(default_factory=dict)
    filed: dict[int, str] = field(default_factory=dict)
    confirmed: dict[int, dict[str, Any]] = field(default_factory=dict)
    noticed: dict[int, list[dict[str, Any]]] = field(default_factory=dict)

    def hear(self, event: dict[str, Any]) -> None:
        """Take in the next event, in the order of the chain."""
        kind, version = event["kind"], event["version_id"]
        if kind in STATE_AFTER:
            self.states[version] = STATE_AFTER[kind]
        if kind in ("notice_posted", "retracted"):
            events = self.noticed.setdefault(version, [])
            events.append(event | {"place": len(events) + 1})
        if kind == "submitted":
            self.submitted[version] = event["content_sha256"]
        elif kind in ("published", "decision_signed", "confirmed", "specialty_changed"):
            self._hear_details(kind, event, json.loads(event["payload"]))

    def _hear_details(self, kind: str, event: dict[str, Any], details: dict[str, Any]) -> None:
        version, sha256 = event["version_id"], event["content_sha256"]
        match kind:
            case "published":
                specialty = self.filed.get(event["article_id"])
                self.published[version] = Publishing(sha256, details["body_sha256"], event["at"], specialty)
                self.next_review[version] = details.get("next_review_on")
            case "decision_signed":
                who = (event["actor_id"], details["reviewer_id"], details["verdict"], details.get("rereview"))
                self.signed[details["decision"]] = ((event["article_id"], version, sha256, *who), event["at"])
            case "confirmed":
                self.confirmed[details["rereview"]] = details | {"version": version, "at": event["at"]}
                self.next_review[version] = details["next_review_on"]
            case "specialty_changed":
                self.filed[event["article_id"]] = details["specialty"]
