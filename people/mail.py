"""How mail is sent, and mail about people.

A message is put into the outbox inside the transaction that it tells of, so it exists if and only if that was
committed. When it is sent it is written anew (`people.letters`): whoever has left, or was meanwhile uninvited, gets
nothing, and why stands in the outbox. A message that is sent twice bears the same Message-ID.
"""

from typing import Any, NamedTuple

from django.db import transaction
from django.tasks import task
from django.urls import reverse
from django.utils.crypto import get_random_string

from people.letters import KINDS, Letter, Outcome, Pairs, Words, absolute, compose, in_words, register, without_secrets
from people.models import Invitation, User
from people.models.messages import Message
from people.states import MessageState

__all__ = ["absolute", "failed", "post_account_message", "post_invitation", "post_password_reset", "send", "write"]

LEFT = "They have left: the account is closed."


class Draft(NamedTuple):
    """What a message comes to now: the letter or why there is none, and the messages that it takes with it."""

    outcome: Outcome
    taken: list[Message]
    dropped: list[tuple[Message, str]]


@task()
def send(message_id: int) -> None:
    """Send a message that waits, if it is still needed. Its row is locked until the mail server has answered."""
    with transaction.atomic():
        message = Message.objects.waiting().select_for_update(of=("self",)).filter(pk=message_id).first()
        if message is None:
            return
        draft = write(message, lock=True)
        for each, why in draft.dropped:
            _settle([each], MessageState.DROPPED, why=why)
        if isinstance(draft.outcome, str):
            _settle([message], MessageState.DROPPED, why=draft.outcome)
        else:
            _deliver(draft.outcome, draft.taken)


def write(message: Message, *, lock: bool = False) -> Draft:
    """What would go out now for this message. Changes nothing."""
    kind = KINDS[message.kind]
    if kind.collect is None or kind.join is None:
        outcome = _write(message)
        return Draft(outcome, [message], [])
    carried = message.carried.exclude(state=MessageState.HELD)
    collected = (kind.collect(message) | carried).order_by("pk")
    rows = list(collected.select_for_update() if lock else collected)
    for row in rows:
        row.person = message.person  # all are theirs; so their roles are read once
    written = _write_all(message.person, rows)
    pairs: Pairs = [(row, outcome) for row, outcome in written if isinstance(outcome, Letter)]
    dropped = [(row, outcome) for row, outcome in written if isinstance(outcome, str) and row.is_waiting]
    if not pairs:
        return Draft("Nothing is left to say.", [], dropped)
    taken = [row for row, _ in pairs]
    carrier = [] if message in rows else [message]
    return Draft(kind.join(message, pairs), carrier + taken, dropped)


def _write_all(person: User | None, rows: list[Message]) -> list[tuple[Message, Outcome]]:
    """What each of these messages to one person comes to, in their order."""
    outcomes: dict[int, Outcome] = {}
    for name in dict.fromkeys(row.kind for row in rows):
        same, write_all = [row for row in rows if row.kind == name], KINDS[name].write_all
        if write_all is None or person is None or not person.is_active:
            found = [_write(row) for row in same]
        else:
            found = write_all(person, same)
        outcomes |= zip((row.pk for row in same), found, strict=True)
    return [(row, outcomes[row.pk]) for row in rows]


def _write(message: Message) -> Outcome:
    if message.person is not None and not message.person.is_active:
        return LEFT
    return KINDS[message.kind].write(message)


def _deliver(outcome: Letter | Words, taken: list[Message]) -> None:
    """Send one mail for all of these; the first names it and keeps what it said."""
    carrier = taken[0]
    to = carrier.person.email if carrier.person else carrier.address
    words = in_words(outcome, carrier.person)
    mail = compose(to, words, key=carrier.message_id)
    if isinstance(outcome, Letter):
        mail.attachments.extend(outcome.attachments)
    mail.send()
    kept = without_secrets(words, getattr(outcome, "secrets", ()))
    if KINDS[carrier.kind].is_private:
        kept = Words(words.subject, "")
    _settle(taken[:1], MessageState.SENT, address=to, subject=kept.subject, text=kept.text, html=kept.html)
    _settle(taken[1:], MessageState.SENT, address=to, carried_by=carrier)


def _settle(messages: list[Message], state: MessageState, **fields: Any) -> None:
    Message.objects.filter(pk__in=[message.pk for message in messages]).settle(state, **fields)


def failed(message_id: int, error: BaseException, *, for_good: bool) -> None:
    """Write down that sending it did not work: for good, or so far."""
    why = f"{type(error).__name__}: {error}"[:500]
    row = Message.objects.waiting().filter(pk=message_id)
    if for_good:
        row.settle(MessageState.FAILED, why=why)
    else:
        row.update(why=why)


# Mail about people


def post_invitation(invitation: Invitation) -> None:
    """Put an invitation to the portal into the outbox."""
    message = Message(
        kind="people/invitation",
        key=f"invitation.{invitation.pk.hex}.{invitation.sendings}",
        address=invitation.email,
        arguments={"invitation": str(invitation.pk), "sendings": invitation.sendings},
        at_once=True,
    )
    Message.objects.add([message])


def post_password_reset(user: User) -> None:
    """Put a link to set a new password into the outbox."""
    Message.objects.post("people/password_reset", [user], key=f"password-reset.{get_random_string(22)}")


def post_account_message(address: str, words: Words) -> None:
    """Put one of allauth's own messages (a changed password, a new passkey) into the outbox, as it was rendered."""
    message = Message(
        kind="people/account",
        key=f"account.{get_random_string(22)}",
        person=User.objects.with_email(address),
        address=address,
        arguments={"subject": words.subject, "text": words.text},
        at_once=True,
    )
    Message.objects.add([message])


def _invitation(message: Message) -> Outcome:
    """An invitation, unless it was cancelled, accepted or sent again since."""
    asked = {"pk": message.arguments["invitation"], "sendings": message.arguments["sendings"]}
    invitation = Invitation.objects.open().filter(**asked).select_related("invited_by").first()
    if invitation is None:
        return "The invitation was accepted, cancelled or sent again."
    accept_url = absolute(reverse("accept_invitation", args=[invitation.token]))
    return Letter("people/invitation", {"invitation": invitation, "accept_url": accept_url})


def _password_reset(message: Message) -> Outcome:
    """A link to set a new password; made when it is sent, so that no link stands in any table."""
    from people.accounts import password_reset_path

    if message.person is None:
        return LEFT
    return Letter("people/password_reset", {"reset_url": absolute(password_reset_path(message.person))})


def _account(message: Message) -> Outcome:
    """A message of allauth's, rendered when it happened."""
    return Words(message.arguments["subject"], message.arguments["text"])


register("people/invitation", "Invitation to the portal", _invitation, at_once=True, asks=True, is_private=True)
register("people/password_reset", "Link to a new password", _password_reset, at_once=True, is_private=True)
register("people/account", "About the account", _account, at_once=True, is_private=True)
