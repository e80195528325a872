"""When people are away: nobody is asked or chased then."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models, transaction
from django.db.models import F, Q

from people.rules import RuleBroken, today

if TYPE_CHECKING:
    from people.models.users import User

LONGEST = timedelta(days=366)
FARTHEST = timedelta(days=3 * 366)
MOST = 60  # that somebody has to come


class AbsenceQuerySet(models.QuerySet["Absence"]):
    """Absences, and which of them matter on some days."""

    def between(self, first: date, last: date) -> Self:
        """Those that take in any of these days, both included. See also `Absence.covers`."""
        return self.filter(first_on__lte=last, last_on__gte=first)

    def on(self, day: date) -> Self:
        return self.between(day, day)

    def to_come(self) -> Self:
        """Those that have not ended. See also `Absence.is_over`."""
        return self.filter(last_on__gte=today())

    def add(self, user: User, first_on: date, last_on: date, note: str = "") -> Absence:
        """Note when somebody is away; said by themselves.

        Raises:
            RuleBroken: the days make no sense, or are within another absence.
        """
        absence = self.model(user=user)
        absence.change(first_on, last_on, note)
        return absence


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

    @property
    def is_over(self) -> bool:
        """See also `AbsenceQuerySet.to_come`."""
        return self.last_on < today()

    @property
    def is_now(self) -> bool:
        return self.covers(today())

    @transaction.atomic
    def change(self, first_on: date, last_on: date, note: str = "") -> None:
        """Move it to these days.

        Raises:
            RuleBroken: the days make no sense, or are within another absence.
        """
        from people.models.users import User

        User.objects.select_for_update().get(pk=self.user_id)
        if last_on < first_on:
            raise RuleBroken("The last day comes before the first.")
        if last_on < today():
            raise RuleBroken("These days are over.")
        if last_on - first_on > LONGEST or last_on - today() > FARTHEST:
            raise RuleBroken("An absence lasts at most a year, and ends within three.")
        others = Absence.objects.filter(user=self.user_id).exclude(pk=self.pk)
        if others.between(first_on, last_on).exists():
            raise RuleBroken("You are away on some of these days already: change that entry instead.")
        if others.to_come().count() >= MOST:
            raise RuleBroken(f"There are {MOST} entries already: remove some first.")
        self.first_on, self.last_on, self.note = first_on, last_on, note
        self.save()

    def covers(self, day: date) -> bool:
        """See also `AbsenceQuerySet.on`."""
        return self.first_on <= day <= self.last_on
