"""The proof from the data: promise 2 (what is public is what was signed) and 4 (nothing frozen changed).

It trusts no trigger and no application code of the rooms above: it reads the tables as they are and
recomputes every hash. What it cannot see is a superuser who rewrites tables and the whole chain: for that,
keep the heads that `verify_ledger` prints somewhere else, and give the last one back with `--head`.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from content import canonical
from ledger.confirmations import confirmations
from ledger.evidence import Problem, at_once, one_moment, rows, wait_for_replica
from ledger.lent import lent
from ledger.models import GENESIS, chain_hash
from ledger.notices import notices
from ledger.policies import policies
from ledger.public_rows import public_rows
from ledger.told import Told

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
    problems += [*_frozen_versions(told), *_states(told), *_decisions(told), *public_rows(told)]
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
        what = (decision["article_id"], decision["version_id"], decision["content_sha256"])
        who = (decision["reviewer_id"], decision["reviewer_id"], decision["verdict"], decision["rereview_id"])
        recorded = signed.pop(decision["id"], None)
        if recorded is None:
            yield Problem(name, "no event tells of it")
        elif recorded[0] != (*what, *who):
            yield Problem(name, "is not what its event tells: version, hash, reviewer or verdict differ")
        elif not at_once(recorded[1], decision["signed_at"]):
            yield Problem(name, "was not signed when it says")
    for decision_id in signed:
        yield Problem(f"decision {decision_id}", "was signed and is missing")
