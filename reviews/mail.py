"""Mail about reviews: to who is asked, and to the editors about what was answered and signed.

As in `articles.mail`, a message is posted inside the transaction that it tells of, and authorised again when it is
sent. What a reviewer signed is told to editors alone, and not to one who has yet to sign the same version.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse

from articles.mail import NOT_THEIRS, Part, people
from people import permissions
from people.letters import Letter, Outcome, Pairs, absolute, register
from people.models import User
from people.models.messages import Message, Messages
from reviews import links, rounds
from reviews.models import Assignment, Decision, standing
from reviews.states import AssignmentState

#: These are told to the reviewer; the other states of an assignment to editors.
TOLD_TO_REVIEWER = frozenset({AssignmentState.INVITED, AssignmentState.CANCELLED})


def invited(assignment: Assignment) -> None:
    """Ask a reviewer."""
    _post(assignment, [assignment.reviewer])


def invitation_accepted(assignment: Assignment) -> None:
    """Tell the editor who asked."""
    _post(assignment, _asking(assignment))


def invitation_declined(assignment: Assignment) -> None:
    """Tell the editor who asked."""
    _post(assignment, _asking(assignment))


def assignment_cancelled(assignment: Assignment) -> None:
    """Tell the reviewer."""
    _post(assignment, [assignment.reviewer])


def assignment_lapsed(assignment: Assignment) -> None:
    """Tell the reviewer, and the editor who asked."""
    _post(assignment, [assignment.reviewer])
    _post_to_editors("reviews/lapsed", assignment)


def alternates_used_up(gone: Assignment) -> None:
    """Tell the editor who asked that the line has ended."""
    _post_to_editors("reviews/alternates_used_up", gone)


def _post_to_editors(kind: str, assignment: Assignment) -> None:
    moment = _moment(assignment)
    Message.objects.post(
        kind,
        _asking(assignment),
        key=f"{kind.removeprefix('reviews/')}.{assignment.pk}.{moment:%Y%m%d%H%M%S%f}",
        about=(assignment.version.article_id, assignment.version_id),
        assignment=assignment.pk,
        moment=moment.isoformat(),
    )


def decided(decision: Decision) -> None:
    """Tell the editors, but for the signer."""
    editors = people(decision.version, Part.EDITOR).exclude(pk=decision.reviewer_id)
    about = (decision.article_id, decision.version_id)
    Message.objects.post("reviews/decided", editors, key=f"decided.{decision.pk}", about=about, decision=decision.pk)


def _post(assignment: Assignment, users: Iterable[User]) -> None:
    moment = _moment(assignment)
    Message.objects.post(
        f"reviews/{assignment.state}",
        users,
        key=f"{assignment.state}.{assignment.pk}.{moment:%Y%m%d%H%M%S%f}",
        about=(assignment.version.article_id, assignment.version_id),
        assignment=assignment.pk,
        moment=moment.isoformat(),
    )


def _asking(assignment: Assignment) -> Iterable[User]:
    """The editor who asked; all editors when that one can do nothing about it any more."""
    editors = people(assignment.version, Part.EDITOR)
    return editors.filter(pk=assignment.invited_by_id) or editors


def _moment(assignment: Assignment) -> datetime:
    """When the assignment got into its state: tells a repeated invitation from the first."""
    return assignment.answered_at or assignment.invited_at


def write_answer(message: Message) -> Outcome:
    """What became of an assignment at that moment, unless it has gone on since. The state names the message."""
    state, user = message.kind.removeprefix("reviews/"), message.person
    assignment = Assignment.objects.with_people().filter(pk=message.arguments["assignment"]).first()
    if (
        assignment is None
        or assignment.state != state
        or _moment(assignment).isoformat() != message.arguments["moment"]
    ):
        return "It was answered, cancelled or asked again."
    if user is None or not may_be_told(user, assignment):
        return NOT_THEIRS
    version, to_reviewer = assignment.version, state in TOLD_TO_REVIEWER
    round_now = "" if to_reviewer or not version.is_under_review else standing(version).why
    confirms = state == AssignmentState.INVITED and assignment.rereview_id
    answers = links.in_mail(assignment) if state == AssignmentState.INVITED else {}
    return Letter(
        "reviews/asked_to_confirm" if confirms else message.kind,
        {"assignment": assignment, "version": version, "round_now": round_now, **answers},
        url=absolute(_page(assignment)),
        secrets=tuple(answers.values()),
        due_on=assignment.answer_due_on if state == AssignmentState.INVITED else None,
    )


def write_lapsed(message: Message) -> Outcome:
    """That nothing came of an invitation, or that a reviewer had to be taken off."""
    return _to_editor(message)


def write_used_up(message: Message) -> Outcome:
    """That nobody is left in the line, as long as somebody is needed."""
    return _to_editor(message, when_stuck=True)


def _to_editor(message: Message, *, when_stuck: bool = False) -> Letter | str:
    assignment = Assignment.objects.with_people().filter(pk=message.arguments["assignment"]).first()
    if assignment is None or _moment(assignment).isoformat() != message.arguments["moment"]:
        return "The reviewer was asked again."
    user, version = message.person, assignment.version
    if user is None or not permissions.may_handle(user, version):
        return NOT_THEIRS
    now = _standing(assignment)
    if now is None or (when_stuck and now.outcome != rounds.Outcome.STUCK):
        return "Nobody is lacking any more."
    context = {"assignment": assignment, "version": version, "round_now": now.why}
    return Letter(message.kind, context, url=absolute(version.get_absolute_url()))


def _standing(assignment: Assignment) -> rounds.Standing | None:
    """Where the review or re-review that it belongs to stands; None when that has ended."""
    if assignment.rereview is not None:
        return assignment.rereview.standing if assignment.rereview.is_open else None
    return standing(assignment.version) if assignment.version.is_under_review else None


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


def write_decision(message: Message) -> Outcome:
    """Who signed what, for an editor."""
    decisions = Decision.objects.select_related("version__article__owner", "reviewer")
    decision, user = decisions.filter(pk=message.arguments["decision"]).first(), message.person
    if decision is None or user is None or not may_know(user, decision):
        return NOT_THEIRS
    version = decision.version
    round_now = standing(version).why if version.is_under_review else ""
    context = {"decision": decision, "version": version, "round_now": round_now}
    return Letter("reviews/decided", context, url=absolute(version.get_absolute_url()))


def may_know(user: User, decision: Decision) -> bool:
    """Whether this editor sees the decision on the version's page."""
    version = decision.version
    return (
        permissions.may_handle(user, version)
        and Decision.objects.visible_to(user, version).filter(pk=decision.pk).exists()
    )


def other_invitations(message: Message) -> Messages:
    """All that this person was asked to review and was not told of yet."""
    return Message.objects.waiting().filter(kind=message.kind, person=message.person_id)


def join_invitations(message: Message, pairs: Pairs) -> Letter:
    """One mail for all of them."""
    letters = [letter for _, letter in pairs]
    if len(letters) == 1:
        return letters[0]
    asked = [letter.context | {"url": letter.url} for letter in letters]
    return Letter(
        "reviews/invited_to_many",
        {"asked": asked},
        url=absolute(reverse("reviews:queue")),
        secrets=tuple(secret for letter in letters for secret in letter.secrets),
    )


register(
    "reviews/invited",
    "Invitation to review",
    write_answer,
    at_once=True,
    asks=True,
    collect=other_invitations,
    join=join_invitations,
)
register("reviews/accepted", "Review accepted", write_answer)
register("reviews/declined", "Review declined", write_answer)
register("reviews/cancelled", "Reviewer taken off", write_answer)
register("reviews/lapsed", "Reviewer fell away", write_lapsed)
register("reviews/alternates_used_up", "Nobody left in line", write_used_up, asks=True)
register("reviews/decided", "Signature", write_decision)
