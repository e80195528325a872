"""Mail about what happens to a version: a set of templates a message, a row in the outbox a person.

A step of the workflow posts its messages inside its own transaction, so they exist if and only if the step was
committed. When one is sent everything is read again: whoever may not see the page that it links to gets nothing, and a
message that the version has left behind is not sent.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from articles.models import KeptText, Version
from articles.record import VersionRecord
from articles.states import APPROVES, ASKED, TO_SIGN, VersionState
from people import permissions
from people.letters import Letter, Outcome, absolute, register
from people.models import Role, User
from people.models.messages import Message

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
#: What each is called in the outbox, and whether it asks somebody to act.
KINDS: dict[str, tuple[str, bool]] = {
    "submission_received": ("Submission received", False),
    "new_submission": ("New submission", True),
    "changes_requested": ("Changes requested", True),
    "approved": ("Approved and public", False),
    "declined": ("Declined by the editors", False),
    "withdrawn": ("Withdrawn", False),
    "retracted": ("Retracted", False),
    "review_over": ("Review over", False),
}
NOT_THEIRS = "They have no part in it any more, or may not see it."


def tell(version: VersionRecord, step: str) -> None:
    """Post the messages of a step of the workflow, inside its transaction."""
    told: set[int] = set()
    for message, part in MESSAGES.get(step, ()):
        users = list(people(version, part).exclude(pk__in=told))
        about = (version.article_id, version.pk)
        key = f"{message}.{version.pk}"
        Message.objects.post(f"articles/{message}", users, key=key, about=about, part=str(part))
        told |= {user.pk for user in users}


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


def write(message: Message) -> Outcome:
    """What a step tells this person, if it still holds and they may still know."""
    name, part = message.kind.removeprefix("articles/"), Part(message.arguments["part"])
    version = Version.objects.with_people().filter(pk=message.version_id or 0).first()
    if version is None or version.state not in HOLDS_IN[name]:
        return f"The version is {version.state_word.label.lower()} now." if version else "The version is gone."
    if message.person is None or not may_be_told(message.person, version, part):
        return NOT_THEIRS
    return Letter(
        message.kind,
        {"part": part, "version": version, **_beside(name, version)},
        url=absolute(_page(name, version)),
        due_on=version.due_on if KINDS[name][1] else None,
    )


def discarded(version: VersionRecord, users: list[User]) -> None:
    """Tell those for whom something was kept of a draft that is being discarded, inside that transaction."""
    key, about = f"draft_discarded.{version.pk}", (version.article_id, version.pk)
    Message.objects.post("articles/draft_discarded", users, key=key, about=about)


def _discarded(message: Message) -> Outcome:
    """Where what was kept for this person is, unless they have deleted it."""
    if message.person is None or not message.person.is_active:
        return NOT_THEIRS
    texts = KeptText.objects.visible_to(message.person).filter(version_id=message.version_id or 0)
    kept = texts.select_related("discarded_by").first()
    if kept is None:
        return "They have deleted what was kept."
    return Letter(message.kind, {"kept": kept}, url=absolute(reverse("articles:kept_texts")))


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


for _name, (_label, _asks) in KINDS.items():
    register(f"articles/{_name}", _label, write, asks=_asks)
register("articles/draft_discarded", "Draft discarded", _discarded)
