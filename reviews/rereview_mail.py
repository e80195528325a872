"""Mail about re-reviews: what came of a round, to the owner, the editors, who confirmed, and who need not go on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from articles.mail import NOT_THEIRS, Part, people
from people import permissions
from people.letters import Letter, Outcome, absolute, register
from people.models import User
from people.models.messages import Message
from reviews.models import Rereview
from reviews.states import OUTSTANDING, AssignmentState, RereviewOutcome

#: Those who had not answered are told within this time that a round has ended without them.
LATELY = timedelta(days=2)


def confirmed(rereview: Rereview) -> None:
    """Tell the owner, who confirmed, and the editors until when the page holds now."""
    signed = rereview.assignments.filter(state=AssignmentState.SIGNED).values("reviewer")
    owner, editors = people(rereview.version, Part.AUTHOR), people(rereview.version, Part.EDITOR)
    _post("confirmed", rereview, {*owner, *User.objects.active().filter(pk__in=signed), *editors})


def revision_requested(rereview: Rereview) -> None:
    """Tell the owner that a new version is needed, and the other editors that somebody thinks so."""
    owner, editors = people(rereview.version, Part.AUTHOR), people(rereview.version, Part.EDITOR)
    told = set(editors) if rereview.decisions.exists() else set()
    _post("revision_requested", rereview, {*owner, *told})


def rereview_over(rereview: Rereview) -> None:
    """Tell those who were asked and have not answered."""
    waiting = rereview.assignments.filter(state__in=OUTSTANDING).values("reviewer")
    _post("rereview_over", rereview, User.objects.active().filter(pk__in=waiting))


def tell_of_stopped() -> int:
    """Tell the same for rounds that ended by themselves, with their version; returns how many there are lately."""
    ended = Rereview.objects.filter(outcome=RereviewOutcome.STOPPED, ended_at__gte=timezone.now() - LATELY)
    stopped = list(ended.filter(assignments__state__in=OUTSTANDING).select_related("version").distinct())
    for rereview in stopped:
        rereview_over(rereview)
    return len(stopped)


def _post(kind: str, rereview: Rereview, users: Iterable[User]) -> None:
    Message.objects.post(
        f"reviews/{kind}",
        sorted(users, key=lambda user: user.pk),
        key=f"{kind}.{rereview.pk}",
        about=(rereview.version.article_id, rereview.version_id),
        rereview=rereview.pk,
    )


def write(message: Message) -> Outcome:
    """What came of a round, if it still holds and this person may still know."""
    found = Rereview.objects.select_related("version__article__owner", "started_by")
    rereview, user = found.filter(pk=message.arguments["rereview"]).first(), message.person
    if rereview is None or user is None or not permissions.may_read_version(user, rereview.version):
        return NOT_THEIRS
    version, kind = rereview.version, message.kind.removeprefix("reviews/")
    if kind == "revision_requested" and (not version.is_public or version.article.versions.open().exists()):
        return "The revision has been begun, or the article is no longer public."
    is_owner = permissions.owns(user, version)
    due_on = (rereview.ended_at or timezone.now()).date() + timedelta(settings.REVISION_DAYS)
    page = reverse("reviews:queue") if kind == "rereview_over" else version.get_absolute_url()
    return Letter(
        message.kind,
        {
            "rereview": rereview,
            "version": version,
            "is_owner": is_owner,
            "due_on": due_on,
            "by": [d.reviewer.display_name for d in rereview.decisions.select_related("reviewer")],
            "findings": rereview.findings.filter(closed_at=None).count(),
        },
        url=absolute(page),
        due_on=due_on if kind == "revision_requested" and is_owner else None,
    )


register("reviews/confirmed", "Confirmed unchanged", write)
register("reviews/revision_requested", "Revision requested", write, asks=True)
register("reviews/rereview_over", "Re-review over", write)
