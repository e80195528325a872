"""What was sent: the messages in the outbox by kind and person, and a mail server on this machine."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from django.core import mail
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from people.models import Message, User
from people.models.messages import Messages


def kind(message: Any) -> str:
    """Which message it is: the first word of its Message-ID."""
    return str(message["Message-ID"]).strip("<").partition(".")[0]


def outbox() -> list[tuple[str, str]]:
    """Every message sent since it was last looked at, as kind and address, in order; the outbox is empty then."""
    sent = sorted((kind(each.message()), each.to[0]) for each in mail.outbox)
    mail.outbox.clear()
    return sent


def only(message: str = "") -> Any:
    """The one message in the outbox (of that kind)."""
    found = [each for each in mail.outbox if not message or kind(each.message()) == message]
    assert len(found) == 1, found
    return found[0]


def parts(message: Any) -> tuple[str, str]:
    """The plain text and the HTML."""
    return message.body, message.alternatives[0].content


def waiting() -> int:
    """How many messages are queued."""
    return DBTaskResult.objects.ready().count()


def be_killed_after_sending() -> None:
    """As if the worker had ended when the mail server had each message and our database did not know yet."""
    Message.objects.update(state="waiting", settled_at=None)
    DBTaskResult.objects.update(status="READY", run_after=timezone.now())


def forget() -> None:
    """Empty the queue and the outbox."""
    DBTaskResult.objects.all().delete()
    erase(Message.objects.all())
    mail.outbox.clear()


def erase(messages: Messages) -> None:
    """Take these out of the table as if they had been dealt with years ago: younger ones stay, whoever deletes them."""
    long_ago = datetime(2000, 1, 1, tzinfo=UTC)
    messages.update(created_at=long_ago, settled_at=long_ago)
    messages.delete()


def each(*pairs: tuple[str, User]) -> list[tuple[str, str]]:
    """Those messages in the form of `outbox`."""
    return sorted((message, user.email) for message, user in pairs)


class PostOffice:
    """An SMTP server that keeps what it gets; `answer` is its reply to a recipient, and it can hold a message."""

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []
        self.envelopes: list[tuple[str, list[str]]] = []
        self.answer = "250 OK"
        self.arrived = threading.Event()
        self.open = threading.Event()
        self.open.set()

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if self.answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer

    async def handle_DATA(  # noqa: N802
        self, server: Any, session: Any, envelope: Any
    ) -> str:
        self.received.append(message_from_bytes(envelope.content, policy=policy.default))
        self.envelopes.append((envelope.mail_from, envelope.rcpt_tos))
        self.arrived.set()
        await asyncio.to_thread(self.open.wait)
        return "250 kept"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def post_office(port: int) -> Iterator[PostOffice]:
    """A mail server at 127.0.0.1 while the block runs."""
    office = PostOffice()
    controller = Controller(office, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield office
    finally:
        office.open.set()
        controller.stop()
