"""The states of a version and the words for them. The transitions between them: `workflow.py`."""

from django.db.models import TextChoices


class VersionState(TextChoices):
    DRAFT = "draft", "Draft"
    SUBMITTED = "submitted", "Submitted"
    UNDER_REVIEW = "under_review", "Under review"
    CHANGES_REQUESTED = "changes_requested", "Changes requested"
    APPROVED = "approved", "Approved"
    SUPERSEDED = "superseded", "Superseded"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Withdrawn"
    RETRACTED = "retracted", "Retracted"

    @property
    def public_label(self) -> str:
        """The public words: a three-step status, whatever the editorial office calls it."""
        if self in PUBLIC_RECORD:
            return "Approved"
        return "Under Review" if self in (VersionState.UNDER_REVIEW, VersionState.CHANGES_REQUESTED) else "Submitted"


#: Somebody still has work with it. An article has at most one open version.
OPEN = frozenset({VersionState.DRAFT, VersionState.SUBMITTED, VersionState.UNDER_REVIEW})
#: In the hands of the editorial office or the board.
IN_REVIEW = frozenset({VersionState.SUBMITTED, VersionState.UNDER_REVIEW})
#: Once approved; for good in the public record, current or not.
PUBLIC_RECORD = frozenset({VersionState.APPROVED, VersionState.SUPERSEDED, VersionState.RETRACTED})
#: Not published, and nothing more happens to it; a new draft may follow.
ENDED_UNPUBLISHED = frozenset({VersionState.CHANGES_REQUESTED, VersionState.DECLINED, VersionState.WITHDRAWN})


class Origin(TextChoices):
    """How a text was made; shown on its public page."""

    HUMAN = "human", "Written by a person"
    AI_ASSISTED = "ai_assisted", "Written by a person with the help of AI"
    AI_DRAFTED = "ai_drafted", "Drafted by AI, then edited by a person"
