"""Mail about what happens to a version: a set of templates a message, a task a person.

A step of the workflow queues its messages inside its own transaction, so they exist if and only if the step was
committed. When one is sent everything is read again: whoever may not see the page that it links to gets nothing, and a
message that the version has left behind is not sent.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.db.models import QuerySet
from django.tasks import task
from django.urls import reverse

from articles.models import Version
from articles.record import VersionRecord
from articles.states import APPROVES, ASKED, TO_SIGN, VersionState
from people import permissions
from people.mail import absolute, deliver
from people.models import Role, User

S = VersionState


class Part(StrEnum):
    """What somebody has to do with a version, and so why they are told."""

    AUTHOR = "author"
    EDITOR = "editor"
    SIGNER = "signer"
    ASKED = "asked"
    OUTSTANDING = "outstanding"


#: What each step tells, and whom; somebody who has several parts is told once, in the first of them.
MESSAGES: dict[str, tuple[tuple[str, Part], ...]] = {
    "submit": (("submission_received", Part.AUTHOR), ("new_submission", Part.EDITOR)),
    "request_changes": (("changes_requested", Part.AUTHOR), ("review_over", Part.OUTSTANDING)),
    "approve": (
        ("approved", Part.AUTHOR),
        ("approved", Part.SIGNER),
        ("approved", Part.EDITOR),
        ("review_over", Part.OUTSTANDING),
    ),
    "decline": (("declined", Part.AUTHOR), ("review_over", Part.OUTSTANDING)),
    "withdraw": (("withdrawn", Part.EDITOR), ("withdrawn", Part.ASKED)),
    "retract": (("retracted", Part.AUTHOR), ("retracted", Part.SIGNER)),
}
#: The states of the version in which a message still holds when its turn comes.
HOLDS_IN: dict[str, frozenset[str]] = {
    "submission_received": frozenset({S.SUBMITTED, S.UNDER_REVIEW}),
    "new_submission": frozenset({S.SUBMITTED}),
    "changes_requested": frozenset({S.CHANGES_REQUESTED}),
    "approved": frozenset({S.APPROVED, S.SUPERSEDED}),
    "declined": frozenset({S.DECLINED}),
    "withdrawn": frozenset({S.WITHDRAWN}),
    "retracted": frozenset({S.RETRACTED}),
    "review_over": frozenset(S) - {S.DRAFT, S.SUBMITTED, S.UNDER_REVIEW},
}
ABOUT_THE_PUBLIC_PAGE = frozenset({"approved", "retracted"})


def tell(version: VersionRecord, step: str, *, by: User | None) -> None:
    """Queue the messages of a step of the workflow, inside its transaction."""
    told: set[int] = set()
    for message, part in MESSAGES.get(step, ()):
        for user_id in people(version, part).exclude(pk__in=told).values_list("pk", flat=True):
            send.enqueue(message, part, version.pk, user_id)
            told.add(user_id)


def people(version: VersionRecord, part: Part) -> QuerySet[User]:
    """Who has this part in the version now."""
    match part:
        case Part.AUTHOR:
            found = User.objects.filter(pk=version.article.owner_id)
        case Part.EDITOR:
            wrote = User.objects.filter(contributed_versions=version.pk).values("pk")
            found = User.objects.with_role(Role.EDITOR).exclude(pk__in=wrote).exclude(pk=version.article.owner_id)
        case Part.SIGNER:
            found = User.objects.filter(decisions__version=version.pk, decisions__verdict=APPROVES)
        case Part.ASKED:
            found = User.objects.filter(assignments__version=version.pk, assignments__state__in=ASKED)
        case Part.OUTSTANDING:
            found = User.objects.filter(assignments__version=version.pk, assignments__state__in=TO_SIGN)
    return found.active().order_by("pk")


def may_be_told(user: User, version: Version, part: Part) -> bool:
    """Whether this person still has that part and may see the version, by the functions that the pages ask."""
    if not permissions.may_read_version(user, version) or not people(version, part).filter(pk=user.pk).exists():
        return False
    if part is Part.AUTHOR:
        return permissions.owns(user, version)
    return permissions.may_handle(user, version) if part is Part.EDITOR else True


@task()
def send(message: str, part: str, version_id: int, user_id: int) -> None:
    """Send one message to one person, if it still holds and they may still know."""
    version = Version.objects.with_people().filter(pk=version_id, state__in=HOLDS_IN[message]).first()
    user = User.objects.active().filter(pk=user_id).first()
    if version is not None and user is not None and may_be_told(user, version, Part(part)):
        deliver(
            f"articles/{message}",
            to=user.email,
            key=f"{message}.{version.pk}.{user.pk}",
            user=user,
            part=part,
            version=version,
            url=absolute(_page(message, version)),
            **_beside(message, version),
        )


def _page(message: str, version: Version) -> str:
    if message in ABOUT_THE_PUBLIC_PAGE:
        return reverse("publications:article", args=(version.article.slug,))
    return version.get_absolute_url()


def _beside(message: str, version: Version) -> dict[str, Any]:
    """What a message says beside what stands in the version."""
    match message:
        case "approved":
            return {"signers": [user.display_name for user in people(version, Part.SIGNER)]}
        case "changes_requested":
            return {"findings": version.findings.count()}
    return {}
