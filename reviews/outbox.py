"""The outbox as a person may see it.

Nobody learns from it what the pages would not show them: what speaks of a version that they wrote, or have yet to sign,
is not in their outbox at all, unless it was sent to themselves. Of the rest an editor reads everything but what opens
an account; an administrator who is no editor sees whom it went to and what became of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import Q, Value

from articles.models import Version
from people import permissions
from people.letters import KINDS, WITHHELD, Words, in_words, without_secrets
from people.mail import write
from people.models import Message, MessageState, User
from people.models.messages import Messages
from reviews.models import Assignment

PAGE_SIZE = 50
MOST_COUNTED = 1_000


def visible_to(user: User) -> Messages:
    """The messages that are in this person's outbox; their own are when they were sent.

    One to them that waits, or was dropped because they may not read it, would tell that something happened.
    """
    seen = Q(version_id=None) | ~Q(version_id__in=_entangling(user))
    return Message.objects.filter(seen | Q(person=user, state=MessageState.SENT)).select_related(
        "person", "handled_by", "carried_by"
    )


def _entangling(user: User) -> Any:
    """The versions whose review this person must not follow here: those they wrote, and those they have yet to sign."""
    wrote = Q(contributors=user) | Q(article__owner=user)
    yet_to_sign = Assignment.objects.outstanding().filter(reviewer=user).values("version")
    return Version.objects.filter(wrote | Q(pk__in=yet_to_sign)).values("pk")


class Line(NamedTuple):
    """A message in the list; `about` is the title of its version for who may read it."""

    message: Message
    about: str

    @property
    def label(self) -> str:
        return _label(self.message)


def lines(user: User, messages: Iterable[Message]) -> list[Line]:
    """Those messages, one query for all."""
    found = list(messages)
    ids = {message.version_id for message in found if message.version_id}
    titles = dict(Version.objects.visible_to(user).filter(pk__in=ids).values_list("pk", "title"))
    return [Line(message, titles.get(message.version_id or 0, "")) for message in found]


def failures(user: User) -> int:
    """How many messages failed, as far as this person sees them; no more than `MOST_COUNTED` are counted."""
    failed = visible_to(user).filter(state="failed").order_by().values("pk")
    return failed[:MOST_COUNTED].count()


def opened(user: User, messages: Iterable[Message]) -> list[Opened]:
    """Those messages opened by somebody in whose outbox they are, a few queries for all."""
    found = list(messages)
    spoken_of = _spoken_of(found)
    asked = _entangling(user).filter(pk__in={version for versions in spoken_of.values() for version in versions})
    entangling = set(asked.values_list("pk", flat=True))
    return [Opened(each, user, handles=spoken_of[each.pk].isdisjoint(entangling)) for each in found]


def _spoken_of(messages: list[Message]) -> dict[int, set[int]]:
    """By message, the versions that it speaks of itself, in what it carries, and in what would go out with it now."""
    versions: dict[int, set[int]] = {each.pk: {each.version_id} if each.version_id else set() for each in messages}
    carried = Message.objects.filter(carried_by__in=versions).order_by().values_list("carried_by", "version_id")
    collects = [_collected(each, KINDS[each.kind].collect) for each in messages if _gathers(each)]
    collected = collects[0].union(*collects[1:], all=True).order_by() if collects else ()
    for message, version in [*carried, *collected]:
        if version:
            versions[message].add(version)
    return versions


def _gathers(message: Message) -> bool:
    return (message.is_waiting or message.is_held) and message.kind in KINDS and KINDS[message.kind].collect is not None


def _collected(message: Message, collect: Any) -> Any:
    return collect(message).order_by().annotate(of=Value(message.pk)).values_list("of", "version_id")


class Opened:
    """One message, opened by somebody who `handles` every version that it speaks of, or not; see `opened`."""

    def __init__(self, message: Message, user: User, *, handles: bool) -> None:
        self.message = message
        self.is_private = KINDS[message.kind].is_private if message.kind in KINDS else True
        may = {"is_private": self.is_private, "handles": handles}
        self.is_readable = permissions.may_read_message(user, message, **may)
        self.is_steerable = permissions.may_steer_message(user, **may)

    @property
    def label(self) -> str:
        return _label(self.message)

    @property
    def carried(self) -> list[Message]:
        """What went out in this one, for who may read it."""
        return list(self.message.carried.select_related("person")) if self.is_readable else []

    @property
    def words(self) -> Words | None:
        """What was said; of one that has not gone out yet, what it would say now. None when nothing is to be shown."""
        message = self.message
        if not self.is_readable:
            return None
        if message.text:
            return Words(message.subject, message.text)
        if message.is_done or message.carried_by_id:
            return None
        outcome = write(message).outcome
        if isinstance(outcome, str):
            return None
        return without_secrets(in_words(outcome, message.person), getattr(outcome, "secrets", ()))

    @property
    def why_none(self) -> str:
        """Of one that has not gone out yet, why nothing would."""
        if self.message.is_done or not self.is_readable:
            return ""
        outcome = write(self.message).outcome
        return outcome if isinstance(outcome, str) else ""


def _label(message: Message) -> str:
    return KINDS[message.kind].label if message.kind in KINDS else message.kind


__all__ = ["PAGE_SIZE", "WITHHELD", "Line", "Opened", "failures", "lines", "opened", "visible_to"]
