"""What a message says: its kind writes it when it is sent, from what is true then, or says why it is not needed.

Each room registers the kinds of message that it knows (`KINDS`), in its module `mail`. A kind reads everything again:
whoever has left gets nothing, and what has been overtaken is not said any more.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.text import Truncator

from people.models import User
from people.models.messages import Message, Messages
from people.rules import single_line

MAX_SUBJECT = 150
WITHHELD = "[a personal link, not kept here]"


@dataclass(frozen=True)
class Letter:
    """What is to be said: the templates `emails/<template>.subject.txt`, `.txt` and `.html` and what they need.

    `url` is the page it is about and `due_on` the day by which something is asked, for the daily mail. `secrets` are
    the words that open something for the reader alone: they are sent, and never kept.
    """

    template: str
    context: dict[str, Any] = field(default_factory=dict)
    url: str = ""
    due_on: date | None = None
    secrets: tuple[str, ...] = ()
    attachments: tuple[tuple[str, bytes, str], ...] = ()


class Words(NamedTuple):
    """A message in words."""

    subject: str
    text: str
    html: str = ""


#: The letter, or in a sentence why there is none.
type Outcome = Letter | Words | str
type Pairs = list[tuple[Message, Letter]]


@dataclass(frozen=True)
class Kind:
    """One kind of message.

    `at_once`: never waits for the daily mail. `asks`: somebody has to do something. `is_private`: nobody reads it but
    who gets it, for it opens an account or went to a reader. `collect` and `join`: the messages that go out together,
    and as what. `write_all`: what `write` says of each of these messages to one person, in few queries however many
    they are.
    """

    name: str
    label: str
    write: Callable[[Message], Outcome]
    at_once: bool = False
    asks: bool = False
    is_private: bool = False
    collect: Callable[[Message], Messages] | None = None
    join: Callable[[Message, Pairs], Letter] | None = None
    write_all: Callable[[User, list[Message]], list[Outcome]] | None = None


KINDS: dict[str, Kind] = {}


def register(name: str, label: str, write: Callable[[Message], Outcome], **options: Any) -> None:
    """Make a kind of message known."""
    KINDS[name] = Kind(name, label, write, **options)


def absolute(path: str) -> str:
    """The address of a page of this site, whatever host a request named."""
    return f"{settings.SITE_URL}{path}"


def in_words(outcome: Letter | Words, user: User | None) -> Words:
    """The subject in one line of at most `MAX_SUBJECT` characters, whatever titles and names stand in it; the texts."""
    if isinstance(outcome, Words):
        return outcome._replace(subject=Truncator(single_line(outcome.subject)).chars(MAX_SUBJECT))
    context = {"site_url": settings.SITE_URL, "user": user, "url": outcome.url, **outcome.context}
    text = render_to_string(f"emails/{outcome.template}.txt", context)
    return Words(
        subject_of(outcome, user),
        re.sub(r"\n{3,}", "\n\n", text).strip() + "\n",
        render_to_string(f"emails/{outcome.template}.html", context),
    )


def subject_of(letter: Letter, user: User | None) -> str:
    """Its subject alone: what the daily mail says of it."""
    subject = render_to_string(f"emails/{letter.template}.subject.txt", {"user": user, **letter.context})
    return Truncator(single_line(subject)).chars(MAX_SUBJECT)


def without_secrets(words: Words, secrets: Iterable[str]) -> Words:
    """The same, to be kept and read by others."""
    subject, text, html = words
    for secret in secrets:
        text, html = text.replace(secret, WITHHELD), html.replace(secret, WITHHELD)
    return Words(subject, text, html)


def compose(to: str, words: Words, *, key: str) -> EmailMultiAlternatives:
    """A mail with the headers that all of ours have. `key` names it for good: its Message-ID is made of it."""
    headers = {
        "Message-ID": f"<{key}@{urlsplit(settings.SITE_URL).hostname}>",
        "Auto-Submitted": "auto-generated",  # RFC 3834: no answer by a machine, please
    }
    mail = EmailMultiAlternatives(words.subject, words.text, None, [to], headers=headers)
    if words.html:
        mail.attach_alternative(words.html, "text/html")
    return mail
