"""What happened to a version, as far as the person who looks may know of it."""

from datetime import datetime
from typing import NamedTuple

from articles.models import Version
from ledger.models import Event
from ledger.wording import Told, tell
from people.models import User
from reviews.models import Rereview
from reviews.sight import Sight

#: Told to the person it is about and to those who run the process: reasons and conflicts are nobody else's business.
OF_ONE_REVIEWER = frozenset(
    {
        "reviewer_invited",
        "invitation_accepted",
        "invitation_declined",
        "assignment_cancelled",
        "conflict_declared",
        "invitation_lapsed",
        "assignment_lapsed",
    }
)
#: Told to those who run the process alone: who might be asked, and why somebody was or was not.
OF_EDITORS = frozenset({"asked_despite", "alternates_chosen", "alternate_skipped", "alternates_used_up"})
#: Told once the reviewer who did it has signed.
OF_A_REVIEW = frozenset({"finding_made", "finding_closed", "decision_signed"})


class Entry(NamedTuple):
    """One line of the timeline, as `_components/timeline.html` shows it."""

    sentence: str
    at: datetime
    icon: str
    tone: str
    url: str
    note: str


def timeline(version: Version, user: User, seen: Sight) -> list[Entry]:
    """The events of a version that this person may know of, the newest first.

    Findings go without their numbers while those would tell how much others have written.
    """
    events = Event.objects.about_version(version.pk).select_related("actor").order_by("-seq")
    round_ = Rereview.objects.open_on(version) if version.is_public else None
    signed = set(version.decisions.values_list("reviewer_id", "rereview"))
    known = Known(
        own=set(version.assignments.filter(reviewer=user).values_list("pk", flat=True)),
        signed={reviewer for reviewer, _ in signed},
        is_over=not version.is_under_review,
        rereview=round_.pk if round_ else None,
        confirmed={reviewer for reviewer, rereview in signed if round_ and rereview == round_.pk},
    )
    is_over = known.is_over and known.rereview is None
    here, numbered = version.get_absolute_url(), is_over or seen in (Sight.EVERYTHING, Sight.SIGNED_REVIEWS)
    told = [event for event in events if is_told(event, user, seen, known)]
    return [_entry(event, tell(event, numbered=numbered), seen, here) for event in told]


class Known(NamedTuple):
    """What decides about events of a version: the person's own assignments, who has signed, whether the review before
    approval is over; the re-review that goes on, and who has signed that.
    """

    own: set[int]
    signed: set[int]
    is_over: bool
    rereview: int | None
    confirmed: set[int]


def is_told(event: Event, user: User, seen: Sight, known: Known) -> bool:
    """Whether this person may know of the event."""
    if seen.sees_all or event.actor_id == user.pk:
        return True
    if event.kind in OF_EDITORS:
        return False
    if event.kind in OF_ONE_REVIEWER:
        return event.details.get("assignment") in known.own
    if event.kind not in OF_A_REVIEW:
        return event.kind != "finding_answered" or seen.sees_signed
    if known.rereview is not None and event.details.get("rereview") == known.rereview:
        return seen.sees_signed and event.actor_id in known.confirmed
    if seen is Sight.AUTHOR and known.is_over:
        return True
    return seen.sees_signed and event.actor_id in known.signed


def _entry(event: Event, told: Told, seen: Sight, here: str) -> Entry:
    note = told.note if _note_is_told(event, seen) else ""
    return Entry(told.sentence, event.at, told.icon, told.tone, here + told.place if told.place else "", note)


def _note_is_told(event: Event, seen: Sight) -> bool:
    """An unsigned reviewer does not read why a round ended: it may say what the others found."""
    return seen.sees_signed or event.kind not in ("changes_requested", "revision_requested")
