"""What every reviewer is asked about every article: questions as data."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class ChecklistItem(models.Model):
    """One statement that an approval affirms. Its words stand in each decision as they were when it was signed."""

    key = models.SlugField(max_length=40, unique=True)
    statement = models.CharField(max_length=300)
    help = models.CharField(max_length=500, blank=True, default="")
    position = models.PositiveSmallIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager[ChecklistItem]]

    class Meta:
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.statement
