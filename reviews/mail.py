"""Mail about reviews: to who is asked, and to the editors about what was answered and signed.

As in `articles.mail`, a message is queued inside the transaction that it tells of, and authorised again when it is
sent. What a reviewer signed is told to editors alone, and not to one who has yet to sign the same version.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.tasks import task
from django.urls import reverse

from articles.mail import Part, people
from people import permissions
from people.mail import absolute, deliver
from people.models import User
from reviews.models import Assignment, Decision, standing
from reviews.states import AssignmentState

#: These are told to the reviewer; the other states of an assignment to editors.
TOLD_TO_REVIEWER = frozenset({AssignmentState.INVITED, AssignmentState.CANCELLED})


def invited(assignment: Assignment) -> None:
    """Ask a reviewer."""
    _queue(assignment, [assignment.reviewer])


def invitation_accepted(assignment: Assignment) -> None:
    """Tell the editor who asked."""
    _queue(assignment, _asking(assignment))


def invitation_declined(assignment: Assignment) -> None:
    """Tell the editor who asked."""
    _queue(assignment, _asking(assignment))


def assignment_cancelled(assignment: Assignment) -> None:
    """Tell the reviewer."""
    _queue(assignment, [assignment.reviewer])


def decided(decision: Decision) -> None:
    """Tell the editors, but for the signer."""
    for editor in people(decision.version, Part.EDITOR).exclude(pk=decision.reviewer_id):
        send_decision.enqueue(decision.pk, editor.pk)


def _queue(assignment: Assignment, users: Iterable[User]) -> None:
    for user in users:
        send_answer.enqueue(assignment.pk, assignment.state, _moment(assignment).isoformat(), user.pk)


def _asking(assignment: Assignment) -> Iterable[User]:
    """The editor who asked; all editors when that one can do nothing about it any more."""
    editors = people(assignment.version, Part.EDITOR)
    return editors.filter(pk=assignment.invited_by_id) or editors


def _moment(assignment: Assignment) -> datetime:
    """When the assignment got into its state: tells a repeated invitation from the first."""
    return assignment.answered_at or assignment.invited_at


@task()
def send_answer(assignment_id: int, state: str, moment: str, user_id: int) -> None:
    """Send what became of an assignment at that moment, unless it has gone on since. The state names the message."""
    assignment = Assignment.objects.with_people().filter(pk=assignment_id, state=state).first()
    user = User.objects.active().filter(pk=user_id).first()
    if assignment is None or user is None or _moment(assignment).isoformat() != moment:
        return
    if may_be_told(user, assignment):
        version, to_reviewer = assignment.version, state in TOLD_TO_REVIEWER
        deliver(
            f"reviews/{state}",
            to=user.email,
            key=f"{state}.{assignment.pk}.{_moment(assignment):%Y%m%d%H%M%S%f}.{user.pk}",
            user=user,
            assignment=assignment,
            version=version,
            round_now="" if to_reviewer or not version.is_under_review else standing(version).why,
            url=absolute(_page(assignment)),
        )


def may_be_told(user: User, assignment: Assignment) -> bool:
    """Whether this person may know of it, by the functions that the pages ask."""
    if assignment.state == AssignmentState.CANCELLED:
        return permissions.may_review(user, assignment)
    if assignment.state == AssignmentState.INVITED:
        may_read = permissions.may_read_version(user, assignment.version)
        return may_read and permissions.may_review(user, assignment) and assignment.is_outstanding
    return permissions.may_handle(user, assignment.version)


def _page(assignment: Assignment) -> str:
    if assignment.state == AssignmentState.INVITED:
        return assignment.get_absolute_url()
    if assignment.state == AssignmentState.CANCELLED:
        return reverse("reviews:queue")
    return assignment.version.get_absolute_url()


@task()
def send_decision(decision_id: int, user_id: int) -> None:
    """Send an editor who signed what."""
    decision = Decision.objects.select_related("version__article__owner", "reviewer").filter(pk=decision_id).first()
    user = User.objects.active().filter(pk=user_id).first()
    if decision is None or user is None or not may_know(user, decision):
        return
    version = decision.version
    deliver(
        "reviews/decided",
        to=user.email,
        key=f"decided.{decision.pk}.{user.pk}",
        user=user,
        decision=decision,
        version=version,
        round_now=standing(version).why if version.is_under_review else "",
        url=absolute(version.get_absolute_url()),
    )


def may_know(user: User, decision: Decision) -> bool:
    """Whether this editor sees the decision on the version's page."""
    version = decision.version
    return (
        permissions.may_handle(user, version)
        and Decision.objects.visible_to(user, version).filter(pk=decision.pk).exists()
    )
