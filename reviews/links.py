"""The two links in an invitation to review: accept and decline without signing in.

A link is bound to the person, the assignment and the moment of the invitation, and good for `GOOD_FOR`. It opens a page
with one button; what answers is the button, because programs that read mail follow links. It signs nobody in, shows
nothing of the article's text, and no decision can be signed with it.
"""

from datetime import timedelta
from typing import Any, NamedTuple

from django.core import signing
from django.urls import reverse

from people import permissions
from people.letters import absolute
from reviews.models import Assignment
from reviews.states import AssignmentState

SALT = "reviews.invitation"
GOOD_FOR = timedelta(days=30)


class Asked(NamedTuple):
    """What a link leads to: the assignment, and whether it can be answered now."""

    assignment: Assignment
    is_open: bool

    @property
    def was_accepted(self) -> bool:
        return self.assignment.state == AssignmentState.ACCEPTED and self.assignment.version.is_under_review

    @property
    def was_declined(self) -> bool:
        return self.assignment.has_declined


def in_mail(assignment: Assignment) -> dict[str, str]:
    """The addresses of both answers."""
    token = _token(assignment)
    return {
        "accept_url": absolute(reverse("reviews:accept_by_mail", args=(token,))),
        "decline_url": absolute(reverse("reviews:decline_by_mail", args=(token,))),
    }


def _token(assignment: Assignment) -> str:
    return signing.dumps([assignment.pk, assignment.reviewer_id, assignment.invited_at.isoformat()], salt=SALT)


def follow(token: str) -> Asked | None:
    """What the link leads to; None when it is forged, too old, was replaced, or its person is no reviewer any more."""
    try:
        named: Any = signing.loads(token, salt=SALT, max_age=GOOD_FOR)
    except signing.BadSignature:
        return None
    pk, reviewer_id, moment = named
    assignment = Assignment.objects.with_people().filter(pk=pk, reviewer=reviewer_id).first()
    if assignment is None or assignment.invited_at.isoformat() != moment:
        return None
    if not assignment.reviewer.is_active or not permissions.may_review(assignment.reviewer, assignment):
        return None
    return Asked(assignment, assignment.is_unanswered and assignment.is_outstanding)
