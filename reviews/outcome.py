"""What has come of a signature, in words to its signer."""

from typing import NamedTuple

from django.urls import reverse

from articles.models import Version
from people.models import User
from reviews.models import Assignment, Decision, Rereview, standing
from reviews.rounds import Outcome


class Aftermath(NamedTuple):
    """What happened and what is next. `public_url` is the article's page when it is public now."""

    text: str
    public_url: str = ""


def aftermath(decision: Decision) -> Aftermath:
    """What a signature has come to by now."""
    version = decision.version
    if decision.rereview is not None:
        return _of_rereview(decision.rereview)
    if version.is_public:
        return Aftermath(
            "The article is public now.", reverse("publications:article", args=(decision.version.article.slug,))
        )
    if version.is_sent_back:
        return Aftermath("Changes were asked for; the author has been told.")
    if not version.is_under_review:
        return Aftermath(f"This version is {version.state_word.label.lower()} now.")
    return Aftermath(_still_open(version))


def _of_rereview(rereview: Rereview) -> Aftermath:
    if rereview.was_confirmed and rereview.next_review_on:
        day = rereview.next_review_on
        address = reverse("publications:article", args=(rereview.version.article.slug,))
        return Aftermath(f"It is confirmed; the next review is due by {day.day} {day:%b %Y}.", address)
    if rereview.wants_revision:
        return Aftermath("The author has been asked for a revision. The public page stays as it is until then.")
    if not rereview.is_open:
        return Aftermath("The round was stopped; the editors see to it.")
    return Aftermath(f"{rereview.standing.why}")


def _still_open(version: Version) -> str:
    now = standing(version)
    decisions = list(Decision.objects.filter(version=version).with_eligibility())
    approvals = [d for d in decisions if d.approves and d.why_not is None]
    lacking = version.approvals_required - len(approvals)
    if now.outcome == Outcome.WAIT and all(d.approves for d in decisions):
        return f"{lacking} more approval{'s are' if lacking > 1 else ' is'} needed."
    if now.outcome == Outcome.WAIT:
        return f"{now.why} Then the author is told."
    return f"{now.why} The editors see to it."


def next_review(user: User) -> Assignment | None:
    """The review of theirs that is due first."""
    waiting = Assignment.objects.filter(reviewer=user).outstanding().select_related("version")
    return waiting.order_by("answer_due_on", "review_due_on", "pk").first()
