"""What people owe, and which rungs of the ladder have been climbed: nobody is reminded twice of the same thing."""

from __future__ import annotations

from typing import ClassVar, Self

from django.conf import settings
from django.db import models

from articles.models import Article, Version
from people.rules import today
from reviews.states import Queue, Side


class DebtQuerySet(models.QuerySet["Debt"]):
    def for_mail(self) -> Self:
        """With what a mail says of each, and not the texts of the versions."""
        needed = ("key", "article", "version", "queue", "side", "holder", "due_on", "began_on")
        of_version = ("version__number", "version__title", "version__state", "version__article__owner")
        of_holder = ("holder__name", "holder__email")
        return self.select_related("version__article", "holder").only(*needed, *of_version, *of_holder)


class Debt(models.Model):
    """What one person has to do with one version now, and until when: a row of the view `reviews_debt`.

    Authors and editors owe their turn. Of a round each reviewer who has not answered or signed owes that, and not only
    the one who is due first and holds the turn.
    """

    key = models.CharField(max_length=60, primary_key=True)
    article = models.ForeignKey(Article, on_delete=models.DO_NOTHING, related_name="+")
    version = models.ForeignKey(Version, on_delete=models.DO_NOTHING, related_name="debts")
    queue = models.CharField(max_length=12, choices=Queue.choices)
    side = models.CharField(max_length=10, choices=Side.choices)
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, related_name="debts")
    due_on = models.DateField()
    editor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.DO_NOTHING, related_name="+")
    began_on = models.DateField()

    objects: ClassVar[DebtQuerySet] = DebtQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        managed = False
        db_table = "reviews_debt"

    def __str__(self) -> str:
        return f"{self.holder}: {self.queue} of {self.version}"

    @property
    def days_over(self) -> int:
        """How many days the due date has passed; negative before it."""
        return (today() - self.due_on).days


class Reminder(models.Model):
    """One rung for one debt: of this version, in this queue, with this holder, due on this day, told to `user`."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="reminders")
    queue = models.CharField(max_length=12, choices=Queue.choices)
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    rung = models.CharField(max_length=20)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reminders")
    made_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[models.Manager[Reminder]]

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("version", "queue", "holder", "due_on", "rung", "user"), name="each_rung_once_a_person"
            ),
        )
        indexes = (models.Index(fields=("version", "user", "made_at"), name="reminder_lately"),)

    def __str__(self) -> str:
        return f"{self.rung} of {self.version} to {self.user}"
