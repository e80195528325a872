"""The reviewers on the page of a version, as far as the person who looks may know of them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from django.urls import reverse

from reviews.models import Assignment, Decision
from reviews.states import OUTSTANDING, AssignmentState

if TYPE_CHECKING:
    from reviews.version_page import VersionPage


class Reviewer(NamedTuple):
    """One reviewer as the person who looks may know of them. `cancel_url` and `remind_url` are "" where there is
    nothing to cancel, or nobody to chase.
    """

    pk: int
    name: str
    state: str
    due: date | None
    reason: str
    suggested: str
    decision: Decision | None
    is_own: bool
    cancel_url: str
    remind_url: str
    person: int

    @property
    def has_signed(self) -> bool:
        return self.state == AssignmentState.SIGNED

    @property
    def owes_answer(self) -> bool:
        """Whether what is due is a word on the invitation, not yet the review."""
        return self.state == AssignmentState.INVITED


def known(page: VersionPage) -> list[Reviewer]:
    """Those whom this person may know of: all for who runs the process; else oneself and who has signed."""
    signed = page.version.decisions.filter(rereview=None) if page.sight.sees_signed else ()
    decisions = {d.reviewer_id: d for d in signed}
    return [_reviewer(page, a, decisions.get(a.reviewer_id)) for a in page.assignments if _is_known(page, a)]


def _is_known(page: VersionPage, assignment: Assignment) -> bool:
    if page.sight.sees_all or assignment.reviewer_id == page.user.pk:
        return True
    return page.sight.sees_signed and assignment.state == AssignmentState.SIGNED


def _reviewer(page: VersionPage, assignment: Assignment, decision: Decision | None) -> Reviewer:
    waits = assignment.state in OUTSTANDING and page.version.is_under_review
    return Reviewer(
        pk=assignment.pk,
        name=assignment.reviewer.display_name,
        state=assignment.state,
        due=assignment.due_on if waits else None,
        reason=assignment.reason if page.sight.sees_all else "",
        suggested=assignment.suggested if page.sight.sees_all and assignment.has_declined else "",
        decision=decision,
        is_own=assignment.reviewer_id == page.user.pk,
        cancel_url=reverse("reviews:cancel", args=(assignment.pk,)) if waits and page.handles else "",
        remind_url=page.remind_url if waits and page.handles else "",
        person=assignment.reviewer_id,
    )
