"""What editors sort articles by: labels and priorities."""

from typing import ClassVar

from django.db import models
from django.db.models import IntegerChoices
from django.db.models.functions import Lower


class Priority(IntegerChoices):
    """What is to be done first; the smaller number comes first."""

    URGENT = 1, "Urgent"
    HIGH = 2, "High"
    NORMAL = 3, "Normal"
    LOW = 4, "Low"


class Label(models.Model):
    """A word that editors put on articles. Names are unique whatever their case."""

    name = models.CharField(max_length=40)

    objects: ClassVar[models.Manager["Label"]]

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(Lower("name"), name="label_name_unique_in_any_case"),
            models.CheckConstraint(condition=~models.Q(name=""), name="label_has_name"),
        )

    def __str__(self) -> str:
        return self.name
