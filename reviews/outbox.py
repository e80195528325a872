"""The outbox as a person may see it.

Nobody learns from it what the pages would not show them: what speaks of a version that they wrote, or have yet to sign,
is not in their outbox at all, unless it was sent to themselves. Of the rest an editor reads everything but what opens
an account; an administrator who is no editor sees whom it went to and what became of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import Q

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


class Opened:
    """One message, opened by somebody in whose outbox it is."""

    def __init__(self, message: Message, user: User) -> None:
        self.message = message
        is_private = KINDS[message.kind].is_private if message.kind in KINDS else True
        speaks_of = [message, *message.carried.all()]
        if message.is_waiting or message.is_held:
            speaks_of += self._collected()
        handles = self._handles(user, {each.version_id for each in speaks_of if each.version_id})
        may = {"is_private": is_private, "handles": handles}
        self.is_private = is_private
        self.is_readable = permissions.may_read_message(user, message, **may)
        self.is_steerable = permissions.may_steer_message(user, **may)

    def _collected(self) -> list[Message]:
        collect = KINDS[self.message.kind].collect if self.message.kind in KINDS else None
        return list(collect(self.message)) if collect else []

    @staticmethod
    def _handles(user: User, version_ids: set[int]) -> bool:
        versions = list(Version.objects.with_people().filter(pk__in=version_ids))
        return all(permissions.may_handle(user, version) for version in versions)

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


__all__ = ["PAGE_SIZE", "WITHHELD", "Line", "Opened", "failures", "lines", "visible_to"]
