"""The views of the queue: what stands in each, for whom, and what is said when nothing does."""

from typing import NamedTuple

from people import permissions
from people.models import Role, User


class DeskView(NamedTuple):
    """One view of the queue.

    What stands in it, as conditions of SQL on the rows of each source (`reviews.desk_sql`), "" for all of them and None
    for none: `runs` of what an editor runs, `wrote` of what a person wrote, `asked` of what they were asked to review.
    Fixed text all of it: what people type never comes here.
    """

    key: str
    label: str
    icon: str
    role: Role | None
    empty_title: str
    empty_text: str
    runs: str | None = None
    wrote: str | None = None
    asked: str | None = None
    order: str = "due"

    def is_for(self, user: User) -> bool:
        """Editors may write, too."""
        return self.role is None or user.has_role(self.role) or (self.role == Role.AUTHOR and permissions.writes(user))


#: The person has yet to sign, in a round that goes on.
TO_SIGN = (
    "a.state IN ('invited', 'accepted') AND CASE WHEN a.rereview_id IS NULL THEN v.state = 'under_review'"
    " ELSE EXISTS (SELECT FROM reviews_rereview w WHERE w.id = a.rereview_id AND w.ended_at IS NULL) END"
)
OVERDUE = "coalesce(t.due_on, '9999-12-31'::date) < (now() AT TIME ZONE 'UTC')::date"

REVIEWING = (
    DeskView(
        "to-answer",
        "To answer",
        "mail",
        Role.REVIEWER,
        "Nobody is waiting for your answer.",
        "When an editor asks you to review an article, it appears here, and you get an e-mail.",
        asked=f"a.state = 'invited' AND a.rereview_id IS NULL AND {TO_SIGN}",
    ),
    DeskView(
        "to-read",
        "To read and sign",
        "book-open",
        Role.REVIEWER,
        "You have nothing to read.",
        "Reviews that you agreed to do appear here until you sign.",
        asked=f"a.state = 'accepted' AND a.rereview_id IS NULL AND {TO_SIGN}",
    ),
    DeskView(
        "to-confirm",
        "To confirm",
        "file-check",
        Role.REVIEWER,
        "You have nothing to confirm.",
        "When the review date of an article that you know comes due, it appears here: say whether it still holds.",
        asked=f"a.rereview_id IS NOT NULL AND {TO_SIGN}",
    ),
    DeskView(
        "signed",
        "Signed",
        "circle-check",
        Role.REVIEWER,
        "You have not signed a review yet.",
        "What you signed stays here, with what became of it.",
        asked="a.state = 'signed'",
        order="newest",
    ),
)
WRITING = (
    DeskView(
        "drafts",
        "Drafts",
        "pencil-line",
        Role.AUTHOR,
        "You have no draft.",
        "What you write or import appears here until you submit it.",
        wrote="t.queue = 'draft'",
    ),
    DeskView(
        "changes",
        "Changes to make",
        "message-square",
        Role.AUTHOR,
        "No changes are asked of you.",
        "When a review asks for changes, the article appears here with its findings, and the day they are due.",
        wrote="t.queue = 'changes'",
    ),
    DeskView(
        "in-review",
        "With the editors",
        "send",
        Role.AUTHOR,
        "Nothing of yours is being reviewed.",
        "What you submit appears here until the review ends.",
        wrote="t.queue IN ('unassigned', 'stuck', 'answer', 'reading')",
    ),
    DeskView(
        "mine-approved",
        "Approved",
        "circle-check",
        Role.AUTHOR,
        "None of your articles is public yet.",
        "An article appears here, and to the public, when enough reviewers have approved it.",
        wrote="t.is_public",
        order="newest",
    ),
    DeskView(
        "ended",
        "Ended",
        "archive",
        Role.AUTHOR,
        "Nothing of yours was declined, withdrawn or retracted.",
        "Such articles appear here. You can begin a new version of each.",
        wrote="t.queue = 'ended'",
        order="newest",
    ),
)
EDITING = (
    DeskView(
        "unassigned",
        "Unassigned",
        "inbox",
        Role.EDITOR,
        "Every submitted article has its reviewers.",
        "What authors submit appears here until you assign reviewers.",
        runs="t.queue = 'unassigned'",
    ),
    DeskView(
        "stuck",
        "Needs an editor",
        "circle-alert",
        Role.EDITOR,
        "No review is stuck.",
        "A review appears here when it cannot end by itself: reviewers are lacking, or a must-fix finding is open.",
        runs="t.queue = 'stuck'",
    ),
    DeskView(
        "answer",
        "Waiting for answer",
        "mail",
        Role.EDITOR,
        "No invitation is open.",
        "Articles appear here while a reviewer who was asked has not said yes or no.",
        runs="t.queue = 'answer'",
    ),
    DeskView(
        "reading",
        "Being read",
        "eye",
        Role.EDITOR,
        "Nothing is being read.",
        "Articles appear here while their reviewers read.",
        runs="t.queue = 'reading'",
    ),
    DeskView(
        "overdue",
        "Overdue",
        "clock",
        Role.EDITOR,
        "Nothing is overdue.",
        "Whatever is past its day appears here, whoever holds it. From here you can remind them.",
        runs=OVERDUE,
    ),
    DeskView(
        "author",
        "Waiting for the author",
        "message-square",
        Role.EDITOR,
        "No author owes a new version.",
        "Articles that were sent back appear here until their author submits again.",
        runs="t.queue = 'changes'",
    ),
    DeskView(
        "author-overdue",
        "Changes overdue",
        "triangle-alert",
        Role.EDITOR,
        "No author is late with changes.",
        "Articles that were sent back appear here when the day for the changes has passed.",
        runs=f"t.queue = 'changes' AND {OVERDUE}",
    ),
    DeskView(
        "rereview",
        "Due for re-review",
        "history",
        Role.EDITOR,
        "No review date is near.",
        "Public articles appear here 30 days before they are to be looked at again.",
        runs="t.queue = 'rereview'",
    ),
    DeskView(
        "confirming",
        "Being confirmed",
        "file-check",
        Role.EDITOR,
        "No article is being confirmed.",
        "Articles appear here while reviewers say whether the public text still holds.",
        runs="t.queue = 'confirming'",
    ),
    DeskView(
        "writing",
        "Being written",
        "pencil-line",
        Role.EDITOR,
        "Nobody is writing.",
        "First drafts appear here until their author submits them.",
        runs="t.queue = 'draft'",
    ),
    DeskView(
        "public",
        "Public",
        "circle-check",
        Role.EDITOR,
        "Nothing is public yet.",
        "Articles rest here, and are read by the public, until their review date comes near.",
        runs="t.queue = 'public'",
        order="newest",
    ),
)
ALL = DeskView(
    "all",
    "All articles",
    "list",
    None,
    "There is no article here yet.",
    "Every article that you may read appears here.",
    runs="",
    wrote="",
    asked="a.state IN ('invited', 'accepted', 'signed')",
)
VIEWS = (*REVIEWING, *WRITING, *EDITING, ALL)
#: Where somebody lands: the first of these with something in it.
FIRST = (
    *("to-answer", "to-read", "to-confirm", "changes", "stuck", "unassigned", "overdue", "rereview", "answer"),
    *("reading", "confirming", "drafts", "in-review", "author", "all"),
)


def views_for(user: User) -> list[DeskView]:
    """The views that this person's roles come with."""
    return [view for view in VIEWS if view.is_for(user)]
