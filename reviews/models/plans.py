"""Plans to assign reviewers to many versions at once."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Self

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from articles.models import Version
from people import permissions
from people.models import User
from reviews.states import PlanItemState, Specialists


class PlanQuerySet(models.QuerySet["Plan"]):
    def being_planned(self) -> Self:
        """Those whose reviewers are yet to be found. See also `Plan.is_being_planned`."""
        return self.filter(planned_at=None, committed_at=None).order_by("made_at", "pk")

    def under_way(self) -> Self:
        """Committed, and not yet done. See also `Plan.is_under_way`."""
        return self.filter(committed_at__isnull=False, done_at=None).order_by("committed_at", "pk")

    def with_counts(self) -> Self:
        """Each with its `articles`, the `places` in it that have a reviewer, and how many were `asked`."""
        has_reviewer = Q(items__reviewer__isnull=False)
        return self.annotate(
            articles=Count("items__version", distinct=True),
            places=Count("items", filter=has_reviewer),
            asked=Count("items", filter=has_reviewer & Q(items__state=PlanItemState.ASKED)),
        )


class PlanItemQuerySet(models.QuerySet["PlanItem"]):
    def planned(self) -> Self:
        """Those that nothing has come of yet."""
        return self.filter(state=PlanItemState.PLANNED)


class Plan(models.Model):
    """Who is to be asked for which versions. `unmet` says in words, by version, what could not be planned.

    The matching finds it for an editor, who alone edits it and commits it: each item by itself, checked again.
    """

    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="plans")
    made_at = models.DateTimeField(auto_now_add=True)
    answer_due_on = models.DateField()
    review_due_on = models.DateField()
    specialists = models.CharField(max_length=4, choices=Specialists.choices, default=Specialists.ONE)
    planned_at = models.DateTimeField(null=True, blank=True)
    committed_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    unmet = models.JSONField(default=dict, blank=True)

    objects: ClassVar[PlanQuerySet] = PlanQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("-made_at", "-pk")

    def __str__(self) -> str:
        return f"Plan {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("reviews:plan", args=(self.pk,))

    @property
    def is_open(self) -> bool:
        """Whether it can still be changed."""
        return self.committed_at is None

    @property
    def is_being_planned(self) -> bool:
        """See also `PlanQuerySet.being_planned`."""
        return self.is_open and self.planned_at is None

    @property
    def edition(self) -> str:
        """Which finding of its reviewers it is: what was on the screen is what is sent off."""
        return self.planned_at.isoformat() if self.planned_at else ""

    @property
    def asks_for(self) -> tuple[date, date, str]:
        """What its reviewers are found by."""
        return self.answer_due_on, self.review_due_on, self.specialists

    @property
    def is_under_way(self) -> bool:
        """See also `PlanQuerySet.under_way`."""
        return self.committed_at is not None and self.done_at is None

    @property
    def is_done(self) -> bool:
        return self.done_at is not None

    def check_is_of(self, by: User) -> None:
        """That this person, as they stand now, may change it and send it off in their name.

        Raises:
            PermissionDenied: `by` did not make it, or is no editor.
        """
        if by.pk != self.made_by_id or not permissions.may_plan(User.objects.get(pk=by.pk)):
            raise PermissionDenied("A plan is for the editor who made it.")

    def commit(self, *, by: User) -> bool:
        """Say that it is to be carried out, as it was read. False when somebody has said so before, or it is being
        planned anew or was: then it is still open.

        Raises:
            PermissionDenied: `by` did not make it, or is no editor.
        """
        self.check_is_of(by)
        same = Plan.objects.filter(pk=self.pk, committed_at=None, planned_at=self.planned_at)
        done = same.filter(planned_at__isnull=False).update(committed_at=timezone.now())
        self.refresh_from_db()
        return bool(done)

    def discard(self, *, by: User) -> bool:
        """Throw it away; False when it was sent off, or thrown away, in the meantime.

        Raises:
            PermissionDenied: `by` did not make it, or is no editor.
        """
        self.check_is_of(by)
        with transaction.atomic():
            open_one = Plan.objects.select_for_update().filter(pk=self.pk, committed_at=None).first()
            if open_one is not None:
                open_one.delete()
        return open_one is not None


class PlanItem(models.Model):
    """One version with one reviewer in a plan; `reviewer` is None for a version that still lacks one.

    `reasons` say why this one; `despite` is the editor's reason for asking in spite of a warning.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="items")
    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="+")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reasons = models.JSONField(default=list, blank=True)
    despite = models.CharField(max_length=500, blank=True, default="")
    state = models.CharField(max_length=8, choices=PlanItemState.choices, default=PlanItemState.PLANNED)
    why_failed = models.CharField(max_length=300, blank=True, default="")

    objects: ClassVar[PlanItemQuerySet] = PlanItemQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("plan", "version", "pk")
        constraints = (models.UniqueConstraint(fields=("plan", "version", "reviewer"), name="planned_once"),)

    def __str__(self) -> str:
        return f"{self.version} for {self.reviewer}"
