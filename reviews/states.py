"""The words of the review: what an assignment can be, what a reviewer can say."""

from django.db.models import TextChoices


class AssignmentState(TextChoices):
    INVITED = "invited", "Invited"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"
    SIGNED = "signed", "Signed"
    CANCELLED = "cancelled", "Cancelled"


#: The reviewer still owes an answer.
OUTSTANDING = frozenset({AssignmentState.INVITED, AssignmentState.ACCEPTED})
#: Ended without a review.
GONE = frozenset({AssignmentState.CANCELLED, AssignmentState.DECLINED})


class Verdict(TextChoices):
    APPROVE = "approve", "Approve"
    REQUEST_CHANGES = "request_changes", "Request changes"


class Reverdict(TextChoices):
    """The verdicts on a text that is public already: the same to the database, other words to people."""

    APPROVE = Verdict.APPROVE.value, "Confirmed unchanged"
    REQUEST_CHANGES = Verdict.REQUEST_CHANGES.value, "Needs a revision"


class Side(TextChoices):
    """Whose move it is."""

    AUTHOR = "author", "The author’s turn"
    EDITORS = "editors", "The editors’ turn"
    REVIEWERS = "reviewers", "The reviewers’ turn"
    NOBODY = "nobody", "Nobody’s turn"


class Queue(TextChoices):
    """What an article waits for; every article stands in exactly one queue."""

    DRAFT = "draft", "Being written"
    CHANGES = "changes", "Changes to make"
    UNASSIGNED = "unassigned", "Unassigned"
    STUCK = "stuck", "Needs an editor"
    REREVIEW = "rereview", "Due for re-review"
    ANSWER = "answer", "Waiting for answer"
    READING = "reading", "Being read"
    CONFIRMING = "confirming", "Being confirmed"
    PUBLIC = "public", "Public"
    ENDED = "ended", "Ended"


class AlternateState(TextChoices):
    WAITING = "waiting", "In line"
    ASKED = "asked", "Asked"
    SKIPPED = "skipped", "Skipped"
    REMOVED = "removed", "Removed"


class RereviewOutcome(TextChoices):
    CONFIRMED = "confirmed", "Confirmed unchanged"
    REVISION = "revision", "To be revised"
    STOPPED = "stopped", "Stopped"


class Specialists(TextChoices):
    """How many of the reviewers that a plan gives an article must be of its field."""

    ONE = "one", "At least one reviewer"
    ALL = "all", "All reviewers"
    NONE = "none", "Nobody must be, but such come first"


class PlanItemState(TextChoices):
    PLANNED = "planned", "Planned"
    ASKED = "asked", "Asked"
    FAILED = "failed", "Not asked"


class Severity(TextChoices):
    MUST_FIX = "must_fix", "Must fix"
    SHOULD = "should", "Should"
    OPTIONAL = "optional", "Optional"


#: Why a finding was closed by its maker who wrote it anew: it is shown no more.
WRITTEN_ANEW = "Written anew."


class Response(TextChoices):
    FIXED = "fixed", "Fixed"
    REBUTTED = "rebutted", "Rebutted"
    DEFERRED = "deferred", "Deferred"


class Affirmed(TextChoices):
    """What a reviewer says to a statement of the checklist."""

    YES = "yes", "Yes"
    NO = "no", "No"
    NOT_APPLICABLE = "na", "Not applicable"


class Ineligible(TextChoices):
    """Why somebody may not review a version; the words of the SQL function `review_ineligibility`."""

    INACTIVE = "inactive", "The account is closed"
    NOT_A_REVIEWER = "not_a_reviewer", "Not a reviewer"
    AUTHOR = "author", "Wrote or owns this article"
    HANDED_IN = "handed_in", "Handed it in"
    CONFLICT_WITH_PERSON = "conflict_with_person", "Conflict of interest with an author"
    CONFLICT_WITH_ARTICLE = "conflict_with_article", "Conflict of interest with this article"
    NO_TERM = "no_term", "No board term is running"
    NO_DISCLOSURE = "no_disclosure", "The disclosure of interests is not current"


class LetterState(TextChoices):
    """Where a reader's letter is."""

    NEW = "new", "New"
    TAKEN = "taken", "Taken"
    AWAITING = "awaiting", "In a new version"
    CLOSED = "closed", "Closed"


class LetterOutcome(TextChoices):
    """What came of a reader's letter."""

    IN_VERSION = "in_version", "Corrected or answered in a version"
    ANSWERED = "answered", "Answered by mail"
    NO_CHANGE = "no_change", "No change needed"
    DUPLICATE = "duplicate", "Same as another letter"
    NOT_FOR_US = "not_for_us", "Not for us"
    SPAM = "spam", "Spam"

    @property
    def needs_reason(self) -> bool:
        return self is LetterOutcome.NO_CHANGE
