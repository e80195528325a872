"""Mail about notices: to the owner of the article, and to whoever signed the text that bears one."""

from __future__ import annotations

from django.urls import reverse

from articles.mail import NOT_THEIRS, Part, may_be_told, people
from articles.models import Version
from articles.states import VersionState
from people.letters import Letter, Outcome, absolute, register
from people.models.messages import Message
from publications.record import Notice
from reviews.notices import posted

PARTS = (Part.AUTHOR, Part.SIGNER)


def notice_posted(version: Version, notice: Notice) -> None:
    """Tell them, inside the transaction that posts it."""
    told: set[int] = set()
    for part in PARTS:
        users = list(people(version, part).exclude(pk__in=told))
        key, about = f"notice.{version.pk}.{notice.number}", (version.article_id, version.pk)
        Message.objects.post("reviews/notice", users, key=key, about=about, part=str(part), number=notice.number)
        told |= {user.pk for user in users}


def write(message: Message) -> Outcome:
    """What the notice says, if the text still stands and this person may still know of it."""
    version = Version.objects.with_people().filter(pk=message.version_id or 0).first()
    part = Part(message.arguments["part"])
    if version is None or message.person is None or not may_be_told(message.person, version, part):
        return NOT_THEIRS
    if version.state == VersionState.RETRACTED:
        return "The version was retracted since."
    notice = next(each for each in posted(version) if each.number == message.arguments["number"])
    page = reverse("publications:version", args=(version.article.slug, version.number))
    context = {"version": version, "notice": notice, "part": part}
    return Letter(message.kind, context, url=absolute(f"{page}#{notice.anchor}"))


register("reviews/notice", "Notice posted", write)
