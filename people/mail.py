"""How mail is sent, and mail about people. One function and one set of templates a message; the worker sends, after
commit.

A message is put in the queue inside the transaction that it tells of, so it exists if and only if that was
committed. When it is sent, everything is read again: whoever has left, or was meanwhile uninvited, gets nothing. A
message that is sent twice bears the same Message-ID.
"""

import re
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.tasks import task
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.text import Truncator

from people.models import Invitation, User
from people.rules import single_line

MAX_SUBJECT = 150


def deliver(template: str, *, to: str, key: str, **context: Any) -> None:
    """Render `emails/<template>.subject.txt`, `.txt` and `.html` and send them to one address.

    `key` names this message for good: its Message-ID is made of it. The subject is one line of at most
    `MAX_SUBJECT` characters, whatever titles and names stand in it.
    """
    context |= {"site_url": settings.SITE_URL, "to": to}
    text = re.sub(r"\n{3,}", "\n\n", render_to_string(f"emails/{template}.txt", context)).strip() + "\n"
    message = compose(to, render_to_string(f"emails/{template}.subject.txt", context), text, key=key)
    message.attach_alternative(render_to_string(f"emails/{template}.html", context), "text/html")
    message.send()


def compose(to: str, subject: str, text: str, *, key: str) -> EmailMultiAlternatives:
    """A message with the headers that all of ours have."""
    headers = {
        "Message-ID": f"<{key}@{urlsplit(settings.SITE_URL).hostname}>",
        "Auto-Submitted": "auto-generated",  # RFC 3834: no answer by a machine, please
    }
    return EmailMultiAlternatives(Truncator(single_line(subject)).chars(MAX_SUBJECT), text, None, [to], headers=headers)


def absolute(path: str) -> str:
    """The address of a page of this site, whatever host a request named."""
    return f"{settings.SITE_URL}{path}"


@task()
def send_invitation(invitation_id: str, sendings: int) -> None:
    """Send an invitation, unless it was cancelled, accepted or sent again since."""
    invitation = (
        Invitation.objects.open().filter(pk=invitation_id, sendings=sendings).select_related("invited_by").first()
    )
    if invitation is not None:
        deliver(
            "people/invitation",
            to=invitation.email,
            key=f"invitation.{invitation.pk.hex}.{invitation.sendings}",
            invitation=invitation,
            accept_url=absolute(reverse("accept_invitation", args=[invitation.token])),
        )


@task(takes_context=True)
def send_password_reset(context: Any, user_id: int) -> None:
    """Send a link to set a new password; made here, so that no link stands in the queue's table."""
    from people.accounts import password_reset_path

    user = User.objects.active().filter(pk=user_id).first()
    if user is not None:
        key = f"password-reset.{context.task_result.id}"
        deliver(
            "people/password_reset", to=user.email, key=key, user=user, reset_url=absolute(password_reset_path(user))
        )


@task(takes_context=True)
def send_account_message(context: Any, to: str, subject: str, text: str) -> None:
    """Send one of allauth's own messages (a changed password, a new passkey), rendered when it happened."""
    key = f"account.{context.task_result.id}"
    compose(to, subject, text, key=key).send()
