"""Reviewers who are asked next, when somebody declines or stays silent."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from articles.models import Version
from reviews.states import AlternateState


class Alternate(models.Model):
    """One reviewer in the line of those to be asked for a version; the lowest position first.

    `despite` is the editor's reason for choosing them in spite of a warning.
    """

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="alternates")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=AlternateState.choices, default=AlternateState.WAITING)
    despite = models.CharField(max_length=500, blank=True, default="")
    why_skipped = models.CharField(max_length=200, blank=True, default="")
    chosen_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager[Alternate]]

    class Meta:
        ordering = ("version", "position", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("version", "reviewer"), condition=Q(state=AlternateState.WAITING), name="in_the_line_once"
            ),
            models.CheckConstraint(
                condition=Q(state=AlternateState.WAITING, settled_at=None)
                | (~Q(state=AlternateState.WAITING) & Q(settled_at__isnull=False)),
                name="alternate_settled_has_a_time",
            ),
        )

    def __str__(self) -> str:
        return f"{self.reviewer}, {self.position} in line for {self.version}"
