"""The proof from the data: promise 2 (what is public is what was signed) and 4 (nothing frozen changed).

It trusts no trigger and no application code of the rooms above: it reads the tables as they are and
recomputes every hash. What it cannot see is a superuser who rewrites tables and the whole chain: for that,
keep the heads that `verify_ledger` prints somewhere else, and give the last one back with `--head`.
"""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from content import canonical
from ledger.confirmations import confirmations
from ledger.evidence import DECISIONS_BY_OTHERS, Problem, count_approvals, one_moment, rows, wait_for_replica
from ledger.lent import lent
from ledger.models import GENESIS, chain_hash
from ledger.notices import notices
from ledger.policies import policies
from ledger.told import Told

PUBLIC_STATE = {"approved": "current", "superseded": "superseded", "retracted": "retracted"}
PATIENCE = 60.0  # seconds in which a replica may come to show what did not hold on it


class Head(NamedTuple):
    """The end of the chain: the number of events and the last one's hash."""

    seq: int
    hash: str


def verify(known_head: Head | None = None) -> tuple[list[Problem], Head]:
    """Check everything, as it is at one moment; return what does not hold and the head of the chain.

    Where the public pages are read from a replica, which may lag, a complaint has to be found a second time, when it
    has caught up; if it does not, that is the first complaint.

    Args:
        known_head: a head printed earlier and kept outside; the chain must still contain it.
    """
    with one_moment() as is_one:
        problems, now = _verify(known_head)
    if problems and not is_one:
        behind = wait_for_replica(PATIENCE)
        with one_moment():
            again = set(_verify(known_head)[0])
        problems = [problem for problem in problems if problem in again]
        if problems and behind:
            problems.insert(0, Problem("replica", f"is {behind} s behind: what follows may be no more than that"))
    return problems, now


def _verify(known_head: Head | None) -> tuple[list[Problem], Head]:
    told, now = Told(), Head(0, GENESIS)
    problems: list[Problem] = []
    known = known_head is None or not known_head.seq
    for event in rows("SELECT * FROM ledger_event ORDER BY seq"):
        problems += _link(event, now)
        now = Head(event["seq"], event["hash"])
        known = known or now == known_head
        told.hear(event)
    problems += _ends(now)
    if not known and known_head:
        problems.append(Problem("ledger", f"the known head {known_head.seq} {known_head.hash} is not in the chain"))
    problems += [*_frozen_versions(told), *_states(told), *_decisions(told), *_publications(told)]
    return [*problems, *confirmations(told), *notices(told), *policies(), *lent()], now


def _link(event: dict[str, Any], before: Head) -> Iterator[Problem]:
    name = f"event {event['seq']}"
    if event["seq"] != before.seq + 1:
        yield Problem(name, f"the event before it is {before.seq}: {event['seq'] - before.seq - 1} missing")
    elif event["prev_hash"] != before.hash:
        yield Problem(name, "does not follow the event before it")
    if event["hash"] != chain_hash(event):
        yield Problem(name, "its hash is not that of what it says")


def _ends(last: Head) -> Iterator[Problem]:
    head = next(rows("SELECT seq, hash FROM ledger_head"), None)
    if head is None or (head["seq"], head["hash"]) != last:
        yield Problem("ledger head", "does not name the last event: events were removed at the end, or it was changed")


def _frozen_versions(told: Told) -> Iterator[Problem]:
    submitted = dict(told.submitted)
    sql = "SELECT id, content, content_sha256 FROM articles_version WHERE state <> 'draft' ORDER BY id"
    for version in rows(sql):
        name, recorded = f"version {version['id']}", submitted.pop(version["id"], None)
        if canonical.sha256(version["content"]) != version["content_sha256"]:
            yield Problem(name, "its text is not the text of its hash")
        if recorded is None:
            yield Problem(name, "no event tells of its submission")
        elif recorded != version["content_sha256"]:
            yield Problem(name, "was submitted under another hash")
        yield from _canonical(name, version["content"])
    for version_id in submitted:
        yield Problem(f"version {version_id}", "was submitted and is missing")


def _canonical(name: str, text: str) -> Iterator[Problem]:
    try:
        canonical.loads(text)
    except ValueError as error:
        yield Problem(name, f"its text is not canonical: {str(error).splitlines()[0]}")


def _states(told: Told) -> Iterator[Problem]:
    for version in rows("SELECT id, state FROM articles_version ORDER BY id"):
        expected = told.states.get(version["id"], "draft")
        if version["state"] != expected:
            yield Problem(f"version {version['id']}", f"is {version['state']}; by the ledger it is {expected}")


def _decisions(told: Told) -> Iterator[Problem]:
    signed = dict(told.signed)
    sql = """SELECT d.*, v.content_sha256 AS version_hash FROM reviews_decision d
             LEFT JOIN articles_version v ON v.id = d.version_id AND v.article_id = d.article_id ORDER BY d.id"""
    for decision in rows(sql):
        name = f"decision {decision['id']}"
        if decision["content_sha256"] != decision["version_hash"]:
            yield Problem(name, "names a hash that its version does not have")
        row = (
            (decision["article_id"], decision["version_id"], decision["content_sha256"]),
            (decision["reviewer_id"], decision["verdict"], decision["rereview_id"]),
        )
        recorded = signed.pop(decision["id"], None)
        if recorded is None:
            yield Problem(name, "no event tells of it")
        elif recorded != row:
            yield Problem(name, "is not what its event tells: version, hash, reviewer or verdict differ")
    for decision_id in signed:
        yield Problem(f"decision {decision_id}", "was signed and is missing")


def _publications(told: Told) -> Iterator[Problem]:
    public = {row["id"]: row for row in rows("SELECT * FROM publication ORDER BY id", alias="public")}
    sql = "SELECT * FROM articles_version WHERE state IN ('approved', 'superseded', 'retracted') ORDER BY id"
    approvals = _approvals()
    for version in rows(sql):
        row = public.pop(version["id"], None)
        if row is None:
            yield Problem(f"version {version['id']}", "was approved and is missing from the public schema")
            continue
        yield from _public_row(row, version, told.published.get(version["id"]))
        yield from _quorum(version, approvals.get(version["id"], []))
        if any(signature["content_sha256"] != row["content_sha256"] for signature in json.loads(row["signers"])):
            yield Problem(f"publication {row['id']}", "a signature on it names another hash")
    for stray in public:
        yield Problem(f"publication {stray}", "is public and was never approved")


def _public_row(row: dict[str, Any], version: dict[str, Any], told: tuple[str, str] | None) -> Iterator[Problem]:
    name = f"publication {row['id']}"
    if row["content"] != version["content"] or row["content_sha256"] != version["content_sha256"]:
        yield Problem(name, "its text is not the text that was signed")
    if canonical.sha256(row["content"]) != row["content_sha256"]:
        yield Problem(name, "its text is not the text of its hash")
    if told != (row["content_sha256"], canonical.sha256(row["body_html"])):
        yield Problem(name, "its page is not the page that was published")
    if row["title"] != json.loads(version["content"])["title"]:
        yield Problem(name, "bears another title than was signed")
    if (row["article_id"], row["number"]) != (version["article_id"], version["number"]):
        yield Problem(name, "is filed under another article or number")
    if row["state"] != PUBLIC_STATE[version["state"]]:
        yield Problem(name, f"is {row['state']} in public and {version['state']} at the desk")


def _approvals() -> dict[int, list[tuple[int, str, str]]]:
    """The decisions before approval on each version, of people who neither wrote nor handed it in: who, what, hash."""
    found: dict[int, list[tuple[int, str, str]]] = {}
    for row in rows(DECISIONS_BY_OTHERS):
        if row["rereview_id"] is None:
            found.setdefault(row["version_id"], []).append((row["reviewer_id"], row["verdict"], row["content_sha256"]))
    return found


def _quorum(version: dict[str, Any], decisions: list[tuple[int, str, str]]) -> Iterator[Problem]:
    count = count_approvals(decisions, version["content_sha256"])
    if count < max(1, version["approvals_required"]):
        yield Problem(
            f"version {version['id']}", f"was published with {count} of {version['approvals_required']} approvals"
        )
    if any(verdict == "request_changes" for _, verdict, _ in decisions):
        yield Problem(f"version {version['id']}", "was published although changes were asked for")
