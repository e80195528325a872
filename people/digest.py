"""One mail a day instead of a mail an event: everything that waits for a person and is still true when it is sent."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from people.letters import KINDS, Letter, Outcome, Pairs, absolute, register, subject_of
from people.models import User
from people.models.messages import Message, Messages

KIND = "people/digest"
MOST_LINES = 100  # in each part of the mail; the rest is on the desk


class Line(NamedTuple):
    """What one message comes to in the daily mail."""

    words: str
    url: str
    due_on: date | None


def send_digests() -> int:
    """Post today's mail for everybody for whom something waits since before its hour; how many that were."""
    now = timezone.now()
    hour = datetime.combine(now.astimezone(UTC).date(), time(settings.DIGEST_HOUR), UTC)
    if now < hour:
        return 0
    today = {"day": f"{hour:%Y-%m-%d}"}
    waiting = Message.objects.for_digest().filter(created_at__lt=hour).values("person")
    todays = Message.objects.filter(kind=KIND, arguments=today).values("person")
    people = User.objects.filter(pk__in=waiting).exclude(pk__in=todays).order_by("pk")
    messages = [
        Message(
            kind=KIND,
            person=person,
            key=f"digest.{hour:%Y%m%d}.{person.pk}",
            at_once=True,
            arguments={"day": f"{hour:%Y-%m-%d}"},
        )
        for person in people
    ]
    with transaction.atomic():
        return len(Message.objects.add(messages))


def everything_waiting(message: Message) -> Messages:
    """What the mail will speak of, if it is still true."""
    return Message.objects.for_digest().filter(person=message.person_id)


def join(message: Message, pairs: Pairs) -> Letter:
    """The mail: first what asks the person to do something, by due date; then what happened."""
    asks = _lines(pair for pair in pairs if KINDS[pair[0].kind].asks)
    asks.sort(key=lambda line: line.due_on or date.max)
    told = _lines(pair for pair in pairs if not KINDS[pair[0].kind].asks)
    return Letter(
        KIND,
        {
            "day": message.arguments.get("day"),
            "turns": asks[:MOST_LINES],
            "turns_in_all": len(asks),
            "more_turns": max(0, len(asks) - MOST_LINES),
            "told": told[:MOST_LINES],
            "told_in_all": len(told),
            "more_told": max(0, len(told) - MOST_LINES),
            "preferences_url": absolute(reverse("people:mail")),
        },
        url=absolute("/desk/"),
        secrets=tuple(secret for _, letter in pairs for secret in letter.secrets),
    )


def _lines(pairs: Iterable[tuple[Message, Letter]]) -> list[Line]:
    """What each comes to; what would be said in the same words twice is said once."""
    found = (Line(subject_of(letter, message.person), letter.url, letter.due_on) for message, letter in pairs)
    return list(dict.fromkeys(found))


def _never_alone(message: Message) -> Outcome:
    return "Nothing is left to say."


register(KIND, "Daily mail", _never_alone, at_once=True, collect=everything_waiting, join=join)
