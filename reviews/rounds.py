"""How a round ends: one pure function over what has been said. The database counts again on its own."""

from enum import StrEnum
from typing import NamedTuple

from reviews.states import Verdict


class Outcome(StrEnum):
    APPROVE = "approve"
    REQUEST_CHANGES = "request_changes"
    WAIT = "wait"
    STUCK = "stuck"


class Standing(NamedTuple):
    """What a round has come to. `why` says it in words to the editor."""

    outcome: Outcome
    why: str


class Signed(NamedTuple):
    """One signature. `counts` is whether its signer is (still) eligible."""

    reviewer: int
    verdict: str
    counts: bool = True


def resolve(signed: list[Signed], *, outstanding: int, open_must_fix: int, approvals_required: int) -> Standing:
    """Say where a round stands.

    Args:
        signed: the decisions on the version's hash.
        outstanding: reviewers who were asked and have not answered.
        open_must_fix: must-fix findings of the article that nobody has closed.
        approvals_required: how many distinct eligible reviewers must approve.
    """
    against = {s.reviewer for s in signed if s.verdict == Verdict.REQUEST_CHANGES}
    approvals = {s.reviewer for s in signed if s.verdict == Verdict.APPROVE and s.counts} - against
    lacking = approvals_required - len(approvals)
    if against:
        if outstanding:
            return Standing(Outcome.WAIT, f"Changes were asked for; {_people(outstanding)} still to answer.")
        return Standing(Outcome.REQUEST_CHANGES, "All reviewers have answered and changes were asked for.")
    if lacking <= 0 and not open_must_fix:
        return Standing(Outcome.APPROVE, f"{len(approvals)} of {approvals_required} approvals.")
    if lacking <= 0:
        return Standing(Outcome.STUCK, f"Approved by enough, but {_findings(open_must_fix)} must be closed first.")
    if outstanding >= lacking:
        return Standing(Outcome.WAIT, f"{len(approvals)} of {approvals_required} approvals; waiting for reviewers.")
    return Standing(Outcome.STUCK, f"{len(approvals)} of {approvals_required} approvals: assign more reviewers.")


def resolve_rereview(
    signed: list[Signed], *, outstanding: int, open_must_fix: int, approvals_required: int
) -> Standing:
    """Say where a re-review stands: as `resolve`, but that the first to ask for a revision ends it.

    A text that will be rewritten is read again as a whole, so the others' reading would be for nothing, and the page
    that may be wrong is public all the while.
    """
    if any(s.verdict == Verdict.REQUEST_CHANGES for s in signed):
        return Standing(Outcome.REQUEST_CHANGES, "A revision was asked for.")
    confirmed = len({s.reviewer for s in signed if s.verdict == Verdict.APPROVE and s.counts})
    lacking = approvals_required - confirmed
    said = f"{confirmed} of {approvals_required} have confirmed it"
    if lacking <= 0 and not open_must_fix:
        return Standing(Outcome.APPROVE, f"{said}.")
    if lacking <= 0:
        return Standing(Outcome.STUCK, f"{said}, but {_findings(open_must_fix)} must be closed first.")
    if outstanding >= lacking:
        return Standing(Outcome.WAIT, f"{said}; waiting for reviewers.")
    return Standing(Outcome.STUCK, f"{said}: ask more reviewers.")


def _people(count: int) -> str:
    return "1 reviewer" if count == 1 else f"{count} reviewers"


def _findings(count: int) -> str:
    return "1 must-fix finding" if count == 1 else f"{count} must-fix findings"
