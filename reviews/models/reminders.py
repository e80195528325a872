"""Which rungs of the ladder have been climbed: nobody is reminded twice of the same thing."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from articles.models import Version
from reviews.states import Queue


class Reminder(models.Model):
    """One rung for one turn: of this version, in this queue, with this holder, due on this day, told to `user`."""

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

    def __str__(self) -> str:
        return f"{self.rung} of {self.version} to {self.user}"
