"""The proof of re-reviews: who confirmed a public text, and what its dates follow from."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from ledger.evidence import DECISIONS_BY_OTHERS, Problem, count_approvals, rows
from ledger.told import Told


def confirmations(told: Told) -> Iterator[Problem]:
    """Each confirmation has its quorum, and the public dates are those of the ledger."""
    confirmed, dates = dict(told.confirmed), told.next_review
    sql = """SELECT r.*, v.content_sha256, v.approvals_required FROM reviews_rereview r
             JOIN articles_version v ON v.id = r.version_id WHERE r.outcome = 'confirmed' ORDER BY r.ended_at, r.id"""
    rounds, signed = list(rows(sql)), list(rows(DECISIONS_BY_OTHERS))
    for each in rounds:
        yield from _confirmation(
            each, [d for d in signed if d["rereview_id"] == each["id"]], confirmed.pop(each["id"], None)
        )
    for missing in confirmed:
        yield Problem(f"re-review {missing}", "was confirmed and is missing")
    held = {each["id"] for each in rounds}
    signatures = Counter(
        (d["version_id"], d["signed"], d["content_sha256"], _plain(json.loads(d["statement"])))
        for d in signed
        if d["rereview_id"] in held and d["verdict"] == "approve"
    )
    known = (row for row in rows("SELECT * FROM publication ORDER BY id", alias="public") if row["id"] in dates)
    for row in known:
        yield from _public_dates(row, dates[row["id"]], [r for r in rounds if r["version_id"] == row["id"]])
        yield from _public_confirmations(row, signatures)


def _confirmation(
    each: dict[str, Any], decisions: list[dict[str, Any]], told: dict[str, Any] | None
) -> Iterator[Problem]:
    name, sha256 = f"re-review {each['id']}", each["content_sha256"]
    if told is None:
        yield Problem(name, "no event tells of its confirmation")
    elif (told["version"], told["next_review_on"]) != (each["version_id"], str(each["next_review_on"])):
        yield Problem(name, "is not what its event tells: version or date differ")
    count = count_approvals([(d["reviewer_id"], d["verdict"], d["content_sha256"]) for d in decisions], sha256)
    if count < max(1, each["approvals_required"]):
        yield Problem(name, f"was confirmed by {count} of {each['approvals_required']}")
    if any(d["verdict"] == "request_changes" for d in decisions):
        yield Problem(name, "was confirmed although a revision was asked for")


def _public_dates(row: dict[str, Any], told: str | None, rounds: list[dict[str, Any]]) -> Iterator[Problem]:
    name = f"publication {row['id']}"
    if told is not None and told != str(row["next_review_on"]):
        yield Problem(name, "names another date for its next review than the ledger")
    reviewed = max([row["approved_at"], *(each["ended_at"] for each in rounds)])
    if row["last_reviewed_at"] != reviewed:
        yield Problem(name, "was not last reviewed when it says")


def _public_confirmations(row: dict[str, Any], signatures: Counter[tuple[int, str, str, str]]) -> Iterator[Problem]:
    shown = Counter(
        (row["id"], each.pop("signed_at", ""), each.pop("content_sha256", ""), _plain(each))
        for each in json.loads(row["confirmations"])
    )
    if shown - signatures:
        yield Problem(f"publication {row['id']}", "shows a confirmation that nobody signed")


def _plain(statement: dict[str, Any]) -> str:
    return json.dumps(statement, sort_keys=True)
