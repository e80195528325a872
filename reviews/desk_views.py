"""The views of the queue: what stands in each, for whom, and what is said when nothing does."""

from typing import NamedTuple

from django.db.models import Q

from articles import states
from articles.states import VersionState
from people.models import Role, User
from reviews.states import AssignmentState

S = VersionState
UNDER_REVIEW = Q(state=S.UNDER_REVIEW)


class DeskView(NamedTuple):
    """One view of the queue. `holds` says what stands in it; the rest is shown when nothing does."""

    key: str
    label: str
    icon: str
    role: Role | None
    holds: Q
    empty_title: str
    empty_text: str

    def is_for(self, user: User) -> bool:
        return self.role is None or user.has_role(self.role)


WROTE, LATEST = Q(wrote=True), Q(is_latest=True)
VIEWS = (
    DeskView(
        "to-answer",
        "To answer",
        "mail",
        Role.REVIEWER,
        UNDER_REVIEW & Q(my_state=AssignmentState.INVITED),
        "Nobody is waiting for your answer.",
        "When an editor asks you to review an article, it appears here, and you get an e-mail.",
    ),
    DeskView(
        "to-read",
        "To read and sign",
        "book-open",
        Role.REVIEWER,
        UNDER_REVIEW & Q(my_state=AssignmentState.ACCEPTED),
        "You have nothing to read.",
        "Reviews that you agreed to do appear here until you sign.",
    ),
    DeskView(
        "signed",
        "Signed",
        "circle-check",
        Role.REVIEWER,
        Q(my_state=AssignmentState.SIGNED),
        "You have not signed a review yet.",
        "What you signed stays here, with what became of it.",
    ),
    DeskView(
        "drafts",
        "Drafts",
        "pencil-line",
        Role.AUTHOR,
        WROTE & Q(state=S.DRAFT),
        "You have no draft.",
        "What you write or import appears here until you submit it.",
    ),
    DeskView(
        "changes",
        "Changes to make",
        "message-square",
        Role.AUTHOR,
        WROTE & LATEST & Q(state=S.CHANGES_REQUESTED),
        "No changes are asked of you.",
        "When a review asks for changes, the article appears here with its findings.",
    ),
    DeskView(
        "in-review",
        "With the editors",
        "send",
        Role.AUTHOR,
        WROTE & Q(state__in=states.IN_REVIEW),
        "Nothing of yours is being reviewed.",
        "What you submit appears here until the review ends.",
    ),
    DeskView(
        "mine-approved",
        "Approved",
        "circle-check",
        Role.AUTHOR,
        WROTE & Q(state=S.APPROVED),
        "None of your articles is public yet.",
        "An article appears here, and to the public, when enough reviewers have approved it.",
    ),
    DeskView(
        "ended",
        "Ended",
        "archive",
        Role.AUTHOR,
        WROTE & LATEST & Q(state__in=(S.DECLINED, S.WITHDRAWN, S.RETRACTED)),
        "Nothing of yours was declined, withdrawn or retracted.",
        "Such articles appear here. You can begin a new version of each.",
    ),
    DeskView(
        "unassigned",
        "Unassigned",
        "inbox",
        Role.EDITOR,
        Q(state=S.SUBMITTED),
        "Every submitted article has its reviewers.",
        "What authors submit appears here until you assign reviewers.",
    ),
    DeskView(
        "stuck",
        "Needs an editor",
        "circle-alert",
        Role.EDITOR,
        Q(is_stuck=True),
        "No review is stuck.",
        "A review appears here when it cannot end by itself: reviewers are lacking, or a must-fix finding is open.",
    ),
    DeskView(
        "under-review",
        "Under review",
        "eye",
        Role.EDITOR,
        UNDER_REVIEW & Q(is_stuck=False),
        "Nothing is under review.",
        "Articles appear here while their reviewers read.",
    ),
    DeskView(
        "author",
        "Waiting for the author",
        "clock",
        Role.EDITOR,
        (LATEST & Q(state=S.CHANGES_REQUESTED)) | Q(state=S.DRAFT, number__gt=1),
        "No author owes a new version.",
        "Articles that were sent back appear here until their author submits again.",
    ),
    DeskView(
        "approved",
        "Approved",
        "circle-check",
        Role.EDITOR,
        Q(state=S.APPROVED),
        "Nothing is public yet.",
        "Articles appear here, and to the public, when enough reviewers have approved them.",
    ),
    DeskView(
        "all",
        "All articles",
        "list",
        None,
        LATEST | Q(state__in=states.OPEN | {S.APPROVED}),
        "There is no article here yet.",
        "Every article that you may read appears here.",
    ),
)
#: Where somebody lands: the first of these with something in it.
FIRST = ("to-answer", "to-read", "changes", "stuck", "unassigned", "under-review", "drafts", "in-review", "all")


def views_for(user: User) -> list[DeskView]:
    """The views that this person's roles come with."""
    return [view for view in VIEWS if view.is_for(user)]
