"""Whose turn it is. The database writes these tables, whatever changes an article (`migrations/0004_turns.sql`)."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from articles.labels import Priority
from articles.models import Article, Version
from people.rules import today
from people.specialties import MedicalSpecialty
from reviews.states import Queue, Side


class TurnQuerySet(models.QuerySet["Turn"]):
    def waiting(self) -> TurnQuerySet:
        """Articles that somebody has to do something about. See also `Turn.is_waiting`."""
        return self.filter(due_on__isnull=False)

    def overdue(self, day: date | None = None) -> TurnQuerySet:
        """See also `Turn.days_over`."""
        return self.filter(due_on__lt=day or today())


class Turn(models.Model):
    """One row an article: which version work goes on with, in which queue it stands, who has to act, and until when.

    `holder` is None where nobody has to act (`Queue.PUBLIC`, `Queue.ENDED`), and for an editors' turn as long as there
    is no editor who could take it. `is_public` is whether the public reads some version. `risk` is the share of
    diagnoses not to be missed, in per cent. The columns from `owner` on are copies for the queue's indexes; `hands` are
    those who wrote the version without owning it, `owed` those who have yet to sign it: neither runs its review.
    """

    article = models.OneToOneField(Article, primary_key=True, on_delete=models.DO_NOTHING, related_name="turn")
    version = models.OneToOneField(Version, on_delete=models.DO_NOTHING, related_name="turn")
    queue = models.CharField(max_length=12, choices=Queue.choices)
    side = models.CharField(max_length=10, choices=Side.choices)
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="turns"
    )
    since = models.DateTimeField()
    due_on = models.DateField(null=True, blank=True)
    is_public = models.BooleanField()
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    editor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    specialty = models.CharField(max_length=40, choices=MedicalSpecialty.choices, blank=True)
    priority = models.PositiveSmallIntegerField(choices=Priority.choices)
    traffic = models.PositiveIntegerField(null=True, blank=True)
    risk = models.PositiveSmallIntegerField()
    labels = ArrayField(models.BigIntegerField())
    hands = ArrayField(models.BigIntegerField())
    owed = ArrayField(models.BigIntegerField())
    words = SearchVectorField()

    objects: ClassVar[Any] = TurnQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(side=Side.NOBODY, holder=None, due_on=None)
                | (~models.Q(side=Side.NOBODY) & models.Q(due_on__isnull=False)),
                name="turn_has_a_due_date",
            ),
            models.CheckConstraint(
                condition=models.Q(side__in=(Side.NOBODY, Side.EDITORS)) | models.Q(holder__isnull=False),
                name="turn_has_a_holder",
            ),
        )

    def __str__(self) -> str:
        return f"{self.article}: {self.queue}"

    @property
    def is_waiting(self) -> bool:
        """See also `TurnQuerySet.waiting`."""
        return self.due_on is not None

    @property
    def days_over(self) -> int:
        """How many days the due date has passed; 0 when it has not. See also `TurnQuerySet.overdue`."""
        return max(0, (today() - self.due_on).days) if self.due_on else 0


class TurnSpan(models.Model):
    """How long one version was in one queue with one holder; `ended_at` is None for what still goes on.

    Of a span that ended, `queue_seconds` is how long the version had been in this queue by then, earlier spans counted
    in, and `queue_more_at` when the next span in it ended, if one did; likewise for its side and its holder. None where
    the turn was nobody's or took no time (`migrations/0013_stays.sql`).
    """

    article_id = models.BigIntegerField()
    version_id = models.BigIntegerField()
    queue = models.CharField(max_length=12, choices=Queue.choices)
    side = models.CharField(max_length=10, choices=Side.choices)
    holder_id = models.BigIntegerField(null=True, blank=True)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    queue_seconds = models.FloatField(null=True, blank=True)
    side_seconds = models.FloatField(null=True, blank=True)
    holder_seconds = models.FloatField(null=True, blank=True)
    queue_more_at = models.DateTimeField(null=True, blank=True)
    side_more_at = models.DateTimeField(null=True, blank=True)
    holder_more_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("began_at", "pk")
        constraints = (
            models.UniqueConstraint(fields=("article_id",), condition=models.Q(ended_at=None), name="one_span_goes_on"),
        )
        indexes = (
            models.Index(fields=("article_id", "began_at"), name="span_by_article"),
            models.Index(fields=("ended_at",), name="span_by_end"),
        )

    def __str__(self) -> str:
        return f"{self.article_id} in {self.queue}"
