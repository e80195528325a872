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


#: Somebody still has work with it. An article has at most one open version.
OPEN = frozenset({VersionState.DRAFT, VersionState.SUBMITTED, VersionState.UNDER_REVIEW})
#: In the hands of the editorial office or the board.
IN_REVIEW = frozenset({VersionState.SUBMITTED, VersionState.UNDER_REVIEW})
#: Once approved; for good in the public record, current or not.
PUBLIC_RECORD = frozenset({VersionState.APPROVED, VersionState.SUPERSEDED, VersionState.RETRACTED})
#: Once approved and not taken back since, current or not.
UNRETRACTED = PUBLIC_RECORD - {VersionState.RETRACTED}
#: A newer text has taken its place, or it was taken back: nothing is held against it any more.
PAST = frozenset({VersionState.SUPERSEDED, VersionState.RETRACTED})

# What an assignment is called (`reviews.states.AssignmentState`, in a room that this one may not import).
#: Its reviewer may read the version.
ASKED = frozenset({"invited", "accepted", "signed"})
#: Its reviewer has yet to sign.
TO_SIGN = frozenset({"invited", "accepted"})
#: What a reviewer's verdict is called when it approves (`reviews.states.Verdict`).
APPROVES = "approve"


class Origin(TextChoices):
    """How a text was made; shown on its public page."""

    HUMAN = "human", "Written by a person"
    AI_ASSISTED = "ai_assisted", "Written by a person with the help of AI"
    AI_DRAFTED = "ai_drafted", "Drafted by AI, then edited by a person"
