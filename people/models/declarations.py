"""What people declare: interests, in ICMJE's form, and conflicts with persons. Kept as history."""

from __future__ import annotations

from datetime import UTC, date
from typing import TYPE_CHECKING

from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone

from people import icmje
from people.querysets import ConflictQuerySet
from people.rules import RuleBroken, YearsAfterMoment

if TYPE_CHECKING:
    from people.models.users import User


class Disclosures(models.QuerySet["Disclosure"]):
    """Disclosures, and the making of them."""

    def declare(self, user: User, items: icmje.Items) -> Disclosure:
        """Record the person's own answers to all thirteen items, valid for twelve months from now.

        Raises:
            ValidationError: an item is missing, or is neither an explicit none nor rows.
        """
        icmje.validate(items)
        return self.create(user=user, items=items)


class Disclosure(models.Model):
    """One declaration of interests. It never changes; a new one takes its place."""

    user = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="disclosures")
    items = models.JSONField(validators=[icmje.validate])
    declared_at = models.DateTimeField(default=timezone.now)
    valid_until = models.GeneratedField(
        expression=YearsAfterMoment(F("declared_at")), output_field=models.DateField(), db_persist=True
    )

    objects = Disclosures.as_manager()

    class Meta:
        ordering = ("-declared_at", "-pk")
        indexes = (models.Index(fields=["user", "-valid_until"], name="disclosure_user_valid_until"),)
        constraints = (
            models.CheckConstraint(condition=Q(items__has_keys=list(icmje.KEYS)), name="disclosure_all_items"),
        )

    def __str__(self) -> str:
        return f"Disclosure of {self.user}, {self.declared_at:%Y-%m-%d}"

    def is_current_on(self, day: date) -> bool:
        """Whether it is valid on the day. See also the SQL function `review_ineligibility`."""
        return bool(self.declared_at.astimezone(UTC).date() <= day <= self.valid_until)

    @property
    def answers(self) -> list[tuple[icmje.Item, list[icmje.Row]]]:
        """Each item with its rows; no rows is an explicit none."""
        return [(item, [] if self.items[item.key] == icmje.NONE else self.items[item.key]) for item in icmje.ITEMS]

    @property
    def statement(self) -> str:
        """The whole in one public sentence a relation, "None declared" included."""
        rows = [f"{row['entity']}: {row['what']}" for _, given in self.answers for row in given]
        return "; ".join(rows) or "None declared"


class Conflicts(ConflictQuerySet):
    """Conflicts, and the making of them."""

    @transaction.atomic
    def declare(self, person: User, reason: str, *, by: User) -> Conflict:
        """Record that `by` has a conflict with the person, and why.

        Raises:
            RuleBroken: with oneself, without a reason, or while one with the same person stands.
        """
        from people.models.users import User

        if person.pk == by.pk:
            raise RuleBroken("Nobody reviews their own work anyway: choose another person.")
        if not reason.strip():
            raise RuleBroken("Say what the conflict is.")
        User.objects.select_for_update().get(pk=by.pk)
        if self.standing().filter(user=by, person=person).exists():
            raise RuleBroken(f"You have already declared a conflict with {person.display_name}.")
        return self.create(user=by, person=person, reason=reason.strip())


class Conflict(models.Model):
    """A conflict with a person: neither will be asked to review the other's work while it stands."""

    user = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="conflicts")
    person = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="conflicts_of_others")
    reason = models.CharField(max_length=500)
    declared_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.CharField(max_length=500, blank=True)

    objects = Conflicts.as_manager()

    class Meta:
        ordering = ("-declared_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=["user", "person"], condition=Q(withdrawn_at=None), name="conflict_one_standing_per_person"
            ),
            models.CheckConstraint(condition=~Q(user=F("person")), name="conflict_with_another"),
            models.CheckConstraint(condition=~Q(reason=""), name="conflict_has_reason"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_reason="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")),
                name="conflict_withdrawn_with_reason",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} with {self.person}"

    @property
    def is_standing(self) -> bool:
        """Whether it still excludes. See also `ConflictQuerySet.standing`."""
        return self.withdrawn_at is None

    @transaction.atomic
    def withdraw(self, reason: str, *, by: User) -> None:
        """Say why it no longer holds. The row stays as history.

        Raises:
            RuleBroken: by somebody else than who declared it, without a reason, or twice.
        """
        locked = Conflict.objects.select_for_update().get(pk=self.pk)
        if by.pk != locked.user_id:
            raise RuleBroken("Only the person who declared a conflict can withdraw it.")
        if not locked.is_standing:
            raise RuleBroken("This conflict has already been withdrawn.")
        if not reason.strip():
            raise RuleBroken("Say why the conflict no longer holds.")
        self.withdrawn_at, self.withdrawn_reason = timezone.now(), reason.strip()
        self.save(update_fields=["withdrawn_at", "withdrawn_reason"])
