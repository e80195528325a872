"""Every situation in which an article can be, made by the steps that lead there, and where it then stands."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

from articles.models import Version
from people.models import Role, User
from people.rules import today
from reviews import desk
from reviews.desk_wanted import Wanted
from reviews.states import Queue, Side
from tests.factories import assign, board_member, find, make_version, reread, rereview, revise, sign, submit

Q = Queue
#: The editors' views.
EDITING = [
    *("unassigned", "stuck", "answer", "reading", "overdue", "author", "author-overdue", "rereview", "confirming"),
    *("writing", "public"),
]


def in_view(user: User, key: str, **filters: Any) -> set[int]:
    """The versions that this person has in a view, whose count says the same."""
    wanted = Wanted(view=key, **filters)
    found = [line["version_id"] for line in desk.found(user, wanted).lines]
    assert desk.counts(user, {"it": wanted}) == {"it": len(found)}
    assert len(found) == len(set(found))
    return set(found)


def stuck_for_reviewers() -> Version:
    version = make_version("submitted")
    first, second = assign(version)
    sign(first)
    second.decline(by=second.reviewer, reason="Away.")
    return reread(version)


def stuck_with_some_left() -> Version:
    version = make_version("submitted")
    (only,) = assign(version, [board_member()])
    only.accept(by=only.reviewer)
    return reread(version)


def stuck_for_a_finding() -> Version:
    version = make_version("submitted")
    first, second = assign(version)
    find(first, severity="must_fix")
    sign(first, "request_changes")
    sign(second)
    second_version = submit(revise(reread(version)))
    for assignment in assign(second_version):
        sign(assignment)
    return reread(second_version)


def all_accepted() -> Version:
    version = make_version("submitted")
    for assignment in assign(version):
        assignment.accept(by=assignment.reviewer)
    return reread(version)


def partly_signed() -> Version:
    version = make_version("submitted")
    sign(assign(version)[0])
    return reread(version)


def one_against() -> Version:
    version = make_version("submitted")
    first, second = assign(version)
    second.accept(by=second.reviewer)
    sign(first, "request_changes")
    return reread(version)


def signer_lost_the_role() -> Version:
    version = make_version("submitted")
    first, _ = assign(version)
    sign(first)
    first.reviewer.end_role(Role.REVIEWER, by=None)
    return reread(version)


def revision() -> Version:
    return revise(make_version("changes_requested"))


def revision_of_public() -> Version:
    return revise(make_version("approved"))


def due_again() -> Version:
    version = make_version("approved")
    Version.objects.filter(pk=version.pk).update(next_review_on=today() + timedelta(20))
    return reread(version)


def being_confirmed() -> Version:
    version = make_version("approved")
    rereview(version)
    return version


def nobody_left_to_confirm() -> Version:
    version = make_version("approved")
    for assignment in rereview(version, [board_member()]):
        assignment.decline(by=assignment.reviewer, reason="Away.")
    return version


class Situation(NamedTuple):
    """How to get there, in which queue the article then stands, and whose turn it is."""

    make: Callable[[], Version]
    queue: Queue
    side: Side


def _state(state: str) -> Callable[[], Version]:
    return lambda: make_version(state)


SITUATIONS = {
    "first draft": Situation(_state("draft"), Q.DRAFT, Side.AUTHOR),
    "submitted": Situation(_state("submitted"), Q.UNASSIGNED, Side.EDITORS),
    "all asked": Situation(_state("under_review"), Q.ANSWER, Side.REVIEWERS),
    "all accepted": Situation(all_accepted, Q.READING, Side.REVIEWERS),
    "partly signed": Situation(partly_signed, Q.ANSWER, Side.REVIEWERS),
    "one against": Situation(one_against, Q.READING, Side.REVIEWERS),
    "too few reviewers left": Situation(stuck_for_reviewers, Q.STUCK, Side.EDITORS),
    "too few asked": Situation(stuck_with_some_left, Q.STUCK, Side.EDITORS),
    "signer lost the role": Situation(signer_lost_the_role, Q.STUCK, Side.EDITORS),
    "must-fix open": Situation(stuck_for_a_finding, Q.STUCK, Side.EDITORS),
    "changes requested": Situation(_state("changes_requested"), Q.CHANGES, Side.AUTHOR),
    "revision": Situation(revision, Q.CHANGES, Side.AUTHOR),
    "revision of a public one": Situation(revision_of_public, Q.DRAFT, Side.AUTHOR),
    "approved": Situation(_state("approved"), Q.PUBLIC, Side.NOBODY),
    "due again": Situation(due_again, Q.REREVIEW, Side.EDITORS),
    "being confirmed": Situation(being_confirmed, Q.CONFIRMING, Side.REVIEWERS),
    "nobody left to confirm": Situation(nobody_left_to_confirm, Q.STUCK, Side.EDITORS),
    "declined": Situation(_state("declined"), Q.ENDED, Side.NOBODY),
    "withdrawn": Situation(_state("withdrawn"), Q.ENDED, Side.NOBODY),
    "retracted": Situation(_state("retracted"), Q.ENDED, Side.NOBODY),
}
