"""The outbox: one row a message, made in the transaction that it tells of, with what was sent and what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from people.rules import RuleBroken
from people.states import DONE, PENDING, MessageState, Pace

if TYPE_CHECKING:
    from people.models.users import User


#: Rows written by one statement.
BATCH = 1_000


class Messages(models.QuerySet["Message"]):
    """Messages, and the making of them."""

    def post(
        self,
        kind: str,
        people: Iterable[User],
        *,
        key: str,
        about: tuple[int | None, int | None] = (None, None),
        **arguments: Any,
    ) -> list[Message]:
        """Put one message a person into the outbox, inside the caller's transaction; one that is there stays alone.

        Whoever wants mail once a day, and may wait, gets it with the next digest. `about` is the article and the
        version that it speaks of; `arguments` are what `kind` needs to write it.
        """
        return self.add(self.to(person, kind, key=f"{key}.{person.pk}", about=about, **arguments) for person in people)

    def to(
        self,
        person: User,
        kind: str,
        *,
        key: str,
        about: tuple[int | None, int | None] = (None, None),
        **arguments: Any,
    ) -> Message:
        """A message as `post` makes it, not yet kept: give it to `add`."""
        from people.letters import KINDS

        return self.model(
            kind=kind,
            person=person,
            key=key,
            at_once=KINDS[kind].at_once or person.mail_pace == Pace.AS_IT_HAPPENS,
            article_id=about[0],
            version_id=about[1],
            arguments=arguments,
        )

    def add(self, messages: Iterable[Message]) -> list[Message]:
        """Keep those that are new, and have the worker send what goes at once."""
        wanted = {message.key: message for message in messages}
        for known in self.filter(key__in=list(wanted)).values_list("key", flat=True):
            del wanted[known]
        # a key that another transaction takes meanwhile stays alone as well
        self.bulk_create(wanted.values(), ignore_conflicts=True, batch_size=BATCH)
        urgent = [key for key, message in wanted.items() if message.at_once]
        for key, pk in self.filter(key__in=urgent).values_list("key", "pk"):
            wanted[key].pk = pk
            wanted[key].enqueue()
        return list(wanted.values())

    def waiting(self) -> Self:
        """Those that may go out. See also `Message.is_waiting`."""
        return self.filter(state=MessageState.WAITING)

    def for_digest(self) -> Self:
        """Those that wait for the daily mail of their person."""
        return self.waiting().filter(at_once=False)

    def settle(self, state: MessageState, **fields: Any) -> None:
        """Write down what became of them. What carried one before still does: it says the same words for good."""
        self.update(**{"why": "", **fields, "state": state, "settled_at": timezone.now()})

    def reopen(self) -> None:
        """Have those that failed wait again, for the task that will try them."""
        self.filter(state=MessageState.FAILED).update(state=MessageState.WAITING, settled_at=None)


class Message(models.Model):
    """One message to one person (or, for an invitation to the portal, to an address).

    `key` is its name for good: the Message-ID of everything that goes out for it. What it says is written by its
    kind (`people.letters.KINDS`) when it is sent, from what is true then, and kept here; of private kinds nothing is
    kept but the subject. Numbers of articles and versions are no foreign keys: this room does not know those tables.
    """

    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=200, unique=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="messages"
    )
    address = models.EmailField(blank=True, default="", help_text="Where it went, or is to go without an account.")
    arguments = models.JSONField(default=dict, blank=True)
    article_id = models.BigIntegerField(null=True, blank=True)
    version_id = models.BigIntegerField(null=True, blank=True, db_index=True)
    at_once = models.BooleanField(help_text="Does not wait for the daily mail.")
    state = models.CharField(max_length=12, choices=MessageState.choices, default=MessageState.WAITING)
    why = models.CharField(max_length=500, blank=True, default="")
    sendings = models.PositiveSmallIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True, blank=True)
    carried_by = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="carried")
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    handled_at = models.DateTimeField(null=True, blank=True)
    subject = models.CharField(max_length=200, blank=True, default="")
    text = models.TextField(blank=True, default="")
    html = models.TextField(blank=True, default="")

    objects: ClassVar[Messages] = Messages.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("-pk",)
        indexes = (
            models.Index(fields=["person", "state", "at_once"], name="message_of_person"),
            models.Index(fields=["state", "-id"], name="message_by_state"),
            models.Index(fields=["kind", "-id"], name="message_by_kind"),
            models.Index(fields=["settled_at"], name="message_settled"),
        )
        constraints = (
            models.CheckConstraint(condition=Q(state__in=MessageState.values), name="message_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=PENDING) | Q(settled_at__isnull=False), name="message_settled_has_time"
            ),
            models.CheckConstraint(condition=Q(person__isnull=False) | ~Q(address=""), name="message_goes_somewhere"),
        )

    def __str__(self) -> str:
        return f"{self.kind} to {self.person or self.address}"

    @property
    def is_waiting(self) -> bool:
        """See also `Messages.waiting`."""
        return self.state == MessageState.WAITING

    @property
    def is_held(self) -> bool:
        return self.state == MessageState.HELD

    @property
    def is_done(self) -> bool:
        return self.state in DONE

    @property
    def was_sent(self) -> bool:
        return self.state == MessageState.SENT

    @property
    def message_id(self) -> str:
        """The first part of its Message-ID; another one only when a person sent it again."""
        return self.key if self.sendings == 1 else f"{self.key}.again-{self.sendings - 1}"

    def enqueue(self) -> None:
        """Have the worker send it once the caller's transaction is committed."""
        from people.letters import KINDS
        from people.mail import send

        task = send
        if KINDS[self.kind].collect is not None and settings.MAIL_GATHER_SECONDS:
            task = send.using(run_after=timezone.now() + timedelta(seconds=settings.MAIL_GATHER_SECONDS))
        task.enqueue(self.pk)

    # What a person does to it, on the page of the outbox. Whether an editor handles all that it speaks of is asked by
    # `reviews.outbox`, which knows those tables.

    def hold(self, *, by: User) -> None:
        """Keep it back.

        Raises:
            PermissionDenied: `by` may steer no such message.
            RuleBroken: it is not waiting any more.
        """
        with transaction.atomic():
            self._lock(by, MessageState.WAITING)
            self._handle(by, state=MessageState.HELD)

    def release(self, *, by: User) -> None:
        """Let a held message go on its way: at once, or with the next daily mail.

        Raises:
            PermissionDenied: `by` may steer no such message.
            RuleBroken: it is not held.
        """
        with transaction.atomic():
            self._lock(by, MessageState.HELD)
            self._handle(by, state=MessageState.WAITING)
            if self.at_once:
                self.enqueue()

    def send_now(self, *, by: User) -> None:
        """Do not wait for the daily mail, nor for a release.

        Raises:
            PermissionDenied: `by` may steer no such message.
            RuleBroken: it has been dealt with, or is on its way.
        """
        with transaction.atomic():
            locked = self._lock(by, *PENDING)
            if locked.is_waiting and locked.at_once:
                raise RuleBroken("This message is on its way already.")
            self._handle(by, state=MessageState.WAITING, at_once=True)
            self.enqueue()

    def send_again(self, *, by: User, sendings: int) -> None:
        """Send it once more, if it is still needed. `sendings` is what the page said, so that it is done once.

        Raises:
            PermissionDenied: `by` may steer no such message.
            RuleBroken: it was not sent yet, or somebody has sent it again meanwhile.
        """
        with transaction.atomic():
            locked = self._lock(by, *DONE)
            if locked.sendings != sendings:
                raise RuleBroken("This message has been sent again already.")
            self._handle(by, state=MessageState.WAITING, at_once=True, sendings=sendings + 1, settled_at=None, why="")
            self.enqueue()

    def _lock(self, by: User, *states: MessageState) -> Message:
        from people.letters import KINDS
        from people.models.users import User
        from people.permissions import may_steer_message

        is_private = self.kind not in KINDS or KINDS[self.kind].is_private
        if not may_steer_message(User.objects.get(pk=by.pk), is_private=is_private, handles=True):
            raise PermissionDenied("Editors and administrators hold and send messages.")
        locked = Message.objects.select_for_update().get(pk=self.pk)
        if locked.state not in states:
            raise RuleBroken(f"This message is “{MessageState(locked.state).label.lower()}” now: nothing was changed.")
        self.at_once = locked.at_once
        return locked

    def _handle(self, by: User, **fields: Any) -> None:
        for name, value in {**fields, "handled_by": by, "handled_at": timezone.now()}.items():
            setattr(self, name, value)
        self.save(update_fields=[*fields, "handled_by", "handled_at"])
