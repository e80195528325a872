"""When people are away: nobody is asked or chased then."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q


class AbsenceQuerySet(models.QuerySet["Absence"]):
    """Absences, and which of them matter on some days."""

    def between(self, first: date, last: date) -> Self:
        """Those that take in any of these days, both included. See also `Absence.covers`."""
        return self.filter(first_on__lte=last, last_on__gte=first)

    def on(self, day: date) -> Self:
        return self.between(day, day)


class Absence(models.Model):
    """Days on which somebody is away, both included. The note is for the editors."""

    user = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="absences")
    first_on = models.DateField()
    last_on = models.DateField()
    note = models.CharField(max_length=200, blank=True, default="")

    objects: ClassVar[AbsenceQuerySet] = AbsenceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("first_on", "pk")
        constraints = (
            models.CheckConstraint(condition=Q(last_on__gte=F("first_on")), name="absence_ends_after_start"),
        )
        indexes = (models.Index(fields=("user", "last_on"), name="absence_by_user"),)

    def __str__(self) -> str:
        return f"{self.user} away {self.first_on} to {self.last_on}"

    def covers(self, day: date) -> bool:
        """See also `AbsenceQuerySet.on`."""
        return self.first_on <= day <= self.last_on
