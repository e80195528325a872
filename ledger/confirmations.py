"""The proof of re-reviews: who confirmed a public text, and what its dates follow from."""

import json
from collections import Counter
from collections.abc import Iterator

from ledger.evidence import (
    DECISIONS_BY_OTHERS,
    Problem,
    Row,
    as_one_text,
    at_once,
    count_approvals,
    rows,
    side_by_side,
    signature,
)
from ledger.told import Told

_ROUNDS = """SELECT r.*, v.content_sha256, v.approvals_required FROM reviews_rereview r
             JOIN articles_version v ON v.id = r.version_id
             WHERE r.outcome = 'confirmed' ORDER BY r.version_id, r.ended_at, r.id"""

_PUBLIC = "SELECT id, confirmations, next_review_on, approved_at, last_reviewed_at FROM publication ORDER BY id"


def confirmations(told: Told) -> Iterator[Problem]:
    """Each confirmation has its quorum, and the public dates are those of the ledger."""
    confirmed = dict(told.confirmed)
    signed = rows(f"{DECISIONS_BY_OTHERS} AND d.rereview_id IS NOT NULL ORDER BY d.version_id, d.id")
    public = rows(_PUBLIC, alias="public")
    found = side_by_side(rounds=("version_id", rows(_ROUNDS)), signed=("version_id", signed), public=("id", public))
    for pk, sides in found:
        signatures = {
            each["id"]: [d for d in sides["signed"] if d["rereview_id"] == each["id"]] for each in sides["rounds"]
        }
        for each in sides["rounds"]:
            yield from _confirmation(each, signatures[each["id"]], confirmed.pop(each["id"], None))
        for row in sides["public"]:
            if pk in told.next_review:
                yield from _public_dates(row, told.next_review[pk], sides["rounds"])
                yield from _public_confirmations(row, sides["rounds"], signatures)
    for missing in confirmed:
        yield Problem(f"re-review {missing}", "was confirmed and is missing")


def _confirmation(each: Row, decisions: list[Row], told: Row | None) -> Iterator[Problem]:
    name, sha256 = f"re-review {each['id']}", each["content_sha256"]
    if told is None:
        yield Problem(name, "no event tells of its confirmation")
    elif (told["version"], told["next_review_on"]) != (each["version_id"], str(each["next_review_on"])):
        yield Problem(name, "is not what its event tells: version or date differ")
    elif not at_once(told["at"], each["ended_at"]):
        yield Problem(name, "was not confirmed when it says")
    count = count_approvals([(d["reviewer_id"], d["verdict"], d["content_sha256"]) for d in decisions], sha256)
    if count < max(1, each["approvals_required"]):
        yield Problem(name, f"was confirmed by {count} of {each['approvals_required']}")
    if any(d["verdict"] == "request_changes" for d in decisions):
        yield Problem(name, "was confirmed although a revision was asked for")


def _public_dates(row: Row, told: str | None, rounds: list[Row]) -> Iterator[Problem]:
    name = f"publication {row['id']}"
    if told is not None and told != str(row["next_review_on"]):
        yield Problem(name, "names another date for its next review than the ledger")
    reviewed = max([row["approved_at"], *(each["ended_at"] for each in rounds)])
    if row["last_reviewed_at"] != reviewed:
        yield Problem(name, "was not last reviewed when it says")


def _public_confirmations(row: Row, rounds: list[Row], signed: dict[int, list[Row]]) -> Iterator[Problem]:
    """Each that is shown was signed, in these words, and of each round as many are shown as it needed."""
    name, shown = f"publication {row['id']}", [as_one_text(each) for each in json.loads(row["confirmations"])]
    approved = {pk: Counter(signature(d) for d in some if d["verdict"] == "approve") for pk, some in signed.items()}
    if Counter(shown) - sum(approved.values(), Counter[str]()):
        yield Problem(name, "shows a confirmation that nobody signed")
    for each in rounds:
        if len(approved[each["id"]].keys() & set(shown)) < each["approvals_required"]:
            yield Problem(name, f"does not show who confirmed it in re-review {each['id']}")
