"""Who sees what of a review while it goes on.

Until reviewers have signed they see neither each other nor what the others wrote, so that everyone judges alone. The
author sees each review once it is signed. Whoever runs the process sees all; an editor who wrote the text, or who is
asked to review it, sees what an author or a reviewer would. See `docs/adr/0004-who-sees-whom.md`.
"""

from enum import StrEnum

from articles.models import Version
from articles.states import VersionState
from people import permissions
from people.models import User
from reviews.states import OUTSTANDING, AssignmentState


class Sight(StrEnum):
    """How much of the review of one version a person sees."""

    EVERYTHING = "everything"
    SIGNED_REVIEWS = "signed_reviews"
    OWN_REVIEW = "own_review"
    AUTHOR = "author"

    @property
    def sees_all(self) -> bool:
        return self is Sight.EVERYTHING

    @property
    def sees_signed(self) -> bool:
        """Whether the names, verdicts and findings of those who have signed are shown."""
        return self is not Sight.OWN_REVIEW


def sight(user: User, version: Version) -> Sight:
    """How much this person, who may read the version, sees of its review; while they re-review it, of that too."""
    mine = list(version.assignments.filter(reviewer=user).values_list("state", "rereview", "rereview__ended_at"))
    if any(state in OUTSTANDING and rereview and ended_at is None for state, rereview, ended_at in mine):
        return Sight.OWN_REVIEW
    asked = max((state for state, _, _ in mine), key=lambda state: state == AssignmentState.SIGNED, default=None)
    return decide(user, state=version.state, asked=asked, wrote=version.is_written_by(user))


def decide(user: User, *, state: str, asked: str | None, wrote: bool) -> Sight:
    """The rule itself. `asked` is the state of the person's own assignment on the version, None without one."""
    if asked in OUTSTANDING and state == VersionState.UNDER_REVIEW:
        return Sight.OWN_REVIEW
    if wrote and permissions.writes(user):
        return Sight.AUTHOR
    if user.is_editor:
        return Sight.EVERYTHING
    return Sight.SIGNED_REVIEWS if asked == AssignmentState.SIGNED else Sight.OWN_REVIEW
