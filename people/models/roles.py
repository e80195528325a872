"""Roles, and the record of who gave and ended them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone

from people.querysets import RoleGrantQuerySet
from people.rules import RuleBroken

if TYPE_CHECKING:
    from people.models.users import User


class Role(models.TextChoices):
    """What a person may be; one person may be several."""

    AUTHOR = "author", "Author"
    EDITOR = "editor", "Editor"
    REVIEWER = "reviewer", "Reviewer"
    ADMINISTRATOR = "administrator", "Administrator"

    @property
    def with_article(self) -> str:
        """The role in a sentence: "an author"."""
        return f"{'a' if self is Role.REVIEWER else 'an'} {self.label.lower()}"

    @property
    def duty(self) -> str:
        """What the role lets a person do, in a line."""
        return {
            Role.AUTHOR: "Writes articles and answers findings.",
            Role.EDITOR: "Assigns reviewers, chases, publishes notices.",
            Role.REVIEWER: "Reads and signs articles while a board term runs.",
            Role.ADMINISTRATOR: "Invites people, gives and ends roles and terms.",
        }[self]


class RoleGrants(RoleGrantQuerySet):
    """Roles given, and their ending under the rule that an administrator remains."""

    def end(self, *, by: User | None) -> None:
        """End these running grants, inside the caller's transaction.

        Every administrator's grant is locked first, so that two administrators who end each other's leave one.

        Raises:
            RuleBroken: no active administrator would remain.
        """
        administrators = RoleGrant.objects.running().filter(role=Role.ADMINISTRATOR).select_for_update().order_by("pk")
        before = {grant.pk for grant in administrators if grant.user.is_active}
        going = {grant.pk for grant in self.running()}
        if before and before <= going:
            raise RuleBroken("This is the last administrator. Make somebody else administrator first.")
        RoleGrant.objects.running().filter(pk__in=going).update(ended_at=timezone.now(), ended_by=by)


class RoleGrant(models.Model):
    """A role given to a person. Ended grants stay: they are the record."""

    user = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="role_grants")
    role = models.CharField(max_length=16, choices=Role)
    granted_at = models.DateTimeField(default=timezone.now)
    granted_by = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = RoleGrants.as_manager()

    class Meta:
        ordering = ("granted_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["user", "role"], condition=Q(ended_at=None), name="rolegrant_one_running_per_role"
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="rolegrant_role_known"),
            models.CheckConstraint(
                condition=Q(ended_by=None) | Q(ended_at__isnull=False), name="rolegrant_ended_by_needs_ended_at"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=models.F("granted_at")), name="rolegrant_ends_after_start"
            ),
        )

    def __str__(self) -> str:
        return f"{Role(self.role).label} of {self.user}"

    @property
    def is_running(self) -> bool:
        """Whether the role is held. See also `RoleGrantQuerySet.running`."""
        return self.ended_at is None


class Closure(models.Model):
    """An account closed, and perhaps opened again. The rows stay as history."""

    user = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="closures")
    closed_at = models.DateTimeField(default=timezone.now)
    closed_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    reopened_at = models.DateTimeField(null=True, blank=True)
    reopened_by = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("closed_at",)
        constraints = (
            models.UniqueConstraint(fields=["user"], condition=Q(reopened_at=None), name="closure_one_standing"),
            models.CheckConstraint(
                condition=Q(reopened_at=None, reopened_by=None)
                | Q(reopened_at__isnull=False, reopened_by__isnull=False),
                name="closure_reopened_paired",
            ),
        )

    def __str__(self) -> str:
        return f"Closure of {self.user}"
