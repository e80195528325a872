"""What a person can do with a version: the buttons of its page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.urls import reverse

from articles.states import IN_REVIEW, UNRETRACTED
from people import permissions
from reviews.states import Queue

if TYPE_CHECKING:
    from reviews.version_page import VersionPage

#: The pages on which the steps of the workflow are taken by hand, and the icon of each.
STEPS = {
    "submit": ("articles:submit", "send"),
    "withdraw": ("articles:withdraw", "undo-2"),
    "request_changes": ("reviews:send_back", "message-square"),
    "decline": ("reviews:decline", "ban"),
    "retract": ("reviews:retract", "octagon-alert"),
}


class Action(NamedTuple):
    """A button: a link to the page where it is done, or (`is_post`) a form of one button."""

    label: str
    url: str
    icon: str
    is_main: bool = False
    is_post: bool = False


def possible(page: VersionPage) -> list[Action]:
    """What this person may do with this version now, the next step first."""
    return [*_own_actions(page), *(_step(page, step) for step in page.version.steps_for(page.user))]


def _own_actions(page: VersionPage) -> list[Action]:
    version, place = page.version, (page.version.article_id, page.version.number)
    actions = []
    if page.own_review:
        actions.append(Action("Read and sign", page.own_review.get_absolute_url(), "book-open", is_main=True))
    if version.is_draft and permissions.may_edit(page.user, version):
        actions.append(Action("Edit", reverse("articles:edit", args=place), "pencil-line", is_main=True))
    if version.state in IN_REVIEW and page.handles:
        is_main = page.is_stuck or not version.is_under_review
        actions.append(Action("Assign reviewers", reverse("reviews:assign", args=place), "user-plus", is_main=is_main))
    if version.is_public and page.handles:
        actions += _rereview_actions(page, place)
    if version.state in UNRETRACTED and permissions.may_post_notice(page.user, version):
        actions.append(Action("Post a notice…", reverse("reviews:post_notice", args=place), "info"))
    return [*actions, *_revising_actions(page)]


def _revising_actions(page: VersionPage) -> list[Action]:
    """Where the author is to make changes an editor chases them, and only then writes in their stead."""
    if not _may_revise(page):
        return []
    url, is_sent_back = reverse("articles:revise", args=(page.version.article_id,)), page.version.is_sent_back
    if is_sent_back and page.version.article.owner_id != page.user.pk:
        remind = Action("Remind the author", page.remind_url, "mail", is_main=True, is_post=True)
        revise = Action("Make the changes yourself", url, "file-plus", is_post=True)
        return [remind, revise] if page.handles else [revise]
    is_main = is_sent_back or (page.rereview.wants_revision and page.is_of_author)
    label = "Make the changes" if is_sent_back else "Begin a new version"
    return [Action(label, url, "file-plus", is_main=is_main, is_post=True)]


def _rereview_actions(page: VersionPage, place: tuple[int, int]) -> list[Action]:
    """What an editor can do about the review date of a public version that nobody is rewriting."""
    ask, stop = (reverse(f"reviews:{name}", args=place) for name in ("ask_to_confirm", "stop_rereview"))
    if page.rereview.open:
        return [Action("Ask more reviewers", ask, "user-plus"), Action("Stop the re-review…", stop, "ban")]
    if page.latest.is_open:
        return []
    turn, revision = page.rereview.turn, reverse("reviews:request_revision", args=place)
    is_due = turn is not None and turn.queue == Queue.REREVIEW
    found = [Action("Ask for confirmation", ask, "user-plus", is_main=is_due)]
    return found if page.rereview.wants_revision else [*found, Action("Ask for a revision…", revision, "undo-2")]


def _may_revise(page: VersionPage) -> bool:
    if page.version.is_open or not permissions.may_start_draft(page.user, page.version.article):
        return False
    return page.version.number == page.latest.number


def _step(page: VersionPage, step: Any) -> Action:
    address, icon = STEPS[step.name]
    url = reverse(address, args=(page.version.article_id, page.version.number))
    return Action(step.custom["label"] + "…", url, icon, is_main=step.name == "submit")
