"""Invitations: the only way to an account, and to a role by mail."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.core.signing import BadSignature, Signer
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from people.models.board import BoardProfile
from people.models.roles import Role
from people.models.users import User, normalise_email
from people.querysets import InvitationQuerySet
from people.rules import RuleBroken, single_line

if TYPE_CHECKING:
    from collections.abc import Sequence

VALID_FOR = timedelta(days=14)
_signer = Signer(salt="people.invitation")


def fourteen_days_from_now() -> datetime:
    return timezone.now() + VALID_FOR


class Invitations(InvitationQuerySet):
    """Invitations, the making and the finding of them."""

    def invite(self, email: str, roles: Iterable[str], *, by: User, name: str = "", message: str = "") -> Invitation:
        """Record an invitation to an e-mail address; whoever accepts it gets the roles.

        Raises:
            RuleBroken: no role, or an invitation to this address is still waiting.
        """
        chosen = [str(role) for role in Role if role in set(roles)]
        if not chosen:
            raise RuleBroken("Choose at least one role.")
        invitation = self.model(
            email=normalise_email(email), roles=chosen, name=single_line(name), message=message.strip(), invited_by=by
        )
        invitation.token_hash = _hash(invitation.token)
        with transaction.atomic():
            User.objects.select_for_update().get(pk=by.pk)
            if self.pending().filter(email=invitation.email).exists():
                raise RuleBroken("An invitation to this address is waiting already. Send that one again, or cancel it.")
            invitation.save(force_insert=True)
            invitation.enqueue_mail()
        return invitation

    def with_token(self, token: str) -> Invitation | None:
        """The open invitation that this token belongs to; nothing for any other text."""
        try:
            _signer.unsign(token)
        except BadSignature:
            return None
        return self.open().filter(token_hash=_hash(token)).first()


class Invitation(models.Model):
    """An invitation by mail, good for fourteen days.

    The token in the mail is a signature over the id and the number of sendings: the table holds only its hash, and
    whoever can read the table cannot make one without the site's secret key. Sending again makes the older one void.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField()
    name = models.CharField(max_length=120, blank=True)
    roles = ArrayField(models.CharField(max_length=16, choices=Role))
    message = models.TextField(max_length=2000, blank=True)
    invited_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    sendings = models.PositiveSmallIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(default=fourteen_days_from_now)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = Invitations.as_manager()

    class Meta:
        ordering = ("-created_at",)
        constraints = (
            models.UniqueConstraint(
                Lower("email"),
                condition=Q(accepted_at=None, cancelled_at=None),
                name="invitation_one_waiting_per_email",
            ),
            models.CheckConstraint(condition=Q(roles__contained_by=Role.values), name="invitation_roles_known"),
            models.CheckConstraint(condition=Q(roles__len__gt=0), name="invitation_has_roles"),
            models.CheckConstraint(
                condition=Q(accepted_at=None, accepted_by=None)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="invitation_accepted_paired",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at=None, cancelled_by=None)
                | Q(cancelled_at__isnull=False, cancelled_by__isnull=False),
                name="invitation_cancelled_paired",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(cancelled_at=None), name="invitation_not_both_accepted_and_cancelled"
            ),
        )

    def __str__(self) -> str:
        return f"Invitation of {self.name or self.email}"

    @property
    def token(self) -> str:
        """The secret of the address in the mail."""
        return _signer.sign(f"{self.id.hex}-{self.sendings}")

    @property
    def is_open(self) -> bool:
        """Whether it can be accepted. See also `InvitationQuerySet.open`."""
        return self.accepted_at is None and self.cancelled_at is None and self.expires_at > timezone.now()

    @property
    def role_labels(self) -> Sequence[str]:
        """The names of the roles offered."""
        return [str(Role(role).label) for role in self.roles]

    @transaction.atomic
    def cancel(self, *, by: User) -> None:
        """Make the invitation void.

        Raises:
            RuleBroken: it has been accepted or cancelled.
        """
        self._lock_waiting()
        self.cancelled_at, self.cancelled_by = timezone.now(), by
        self.save(update_fields=["cancelled_at", "cancelled_by"])

    @transaction.atomic
    def renew(self, *, by: User) -> None:
        """Give it another fourteen days and a new address; the old address is void.

        Raises:
            RuleBroken: it has been accepted or cancelled.
        """
        self.sendings = self._lock_waiting().sendings + 1
        self.invited_by, self.expires_at, self.token_hash = by, fourteen_days_from_now(), _hash(self.token)
        self.save(update_fields=["sendings", "invited_by", "expires_at", "token_hash"])
        self.enqueue_mail()

    @transaction.atomic
    def accept(self, *, by: User) -> None:
        """Give the roles to the person, and a reviewer an empty board profile to fill in.

        Raises:
            RuleBroken: it is not open any more, is meant for another address, or whoever sent it no longer may.
        """
        locked = self._lock_waiting()
        if not locked.is_open or by.email != locked.email or not locked.invited_by.is_administrator:
            raise RuleBroken("This invitation cannot be accepted. Ask for a new one.")
        for role in locked.roles:
            by.grant(role, by=locked.invited_by)
        if Role.REVIEWER in locked.roles:
            BoardProfile.objects.draft_for(by)
        self.accepted_at, self.accepted_by = timezone.now(), by
        self.save(update_fields=["accepted_at", "accepted_by"])

    def enqueue_mail(self) -> None:
        """Have the worker send it, if the caller's transaction is committed."""
        from people.mail import post_invitation

        post_invitation(self)

    def _lock_waiting(self) -> Invitation:
        locked = Invitation.objects.select_for_update().get(pk=self.pk)
        if locked.accepted_at is not None or locked.cancelled_at is not None:
            raise RuleBroken("This invitation has already been accepted or cancelled.")
        return locked


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
