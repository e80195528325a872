"""Filters of the queue that somebody gave a name."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from people.models import User
from people.rules import single_line

MOST = 20  # saved views a person: each is counted on every page of the queue


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def keep(self, name: str, query: str, *, by: User) -> SavedView:
        """Save a view under a name.

        Raises:
            ValidationError: the name is taken or empty, or there are too many.
        """
        with transaction.atomic():
            User.objects.select_for_update().get(pk=by.pk)
            if self.filter(user=by).count() >= MOST:
                raise ValidationError(f"You have {MOST} saved views. Remove one first.")
            return SavedView(user=by, query=query)._named(name)


class SavedView(models.Model):
    """A person's own view of the queue: `query` is the address' part after the question mark, cleaned by the form."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1_000)
    made_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[SavedViewQuerySet] = SavedViewQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("name", "pk")
        constraints = (models.UniqueConstraint(fields=("user", "name"), name="saved_view_name_once"),)

    def __str__(self) -> str:
        return self.name

    def rename(self, name: str) -> None:
        """Give it another name.

        Raises:
            ValidationError: the name is taken or empty.
        """
        self._named(name)

    def _named(self, name: str) -> SavedView:
        self.name = single_line(name)
        if not self.name:
            raise ValidationError("Give it a name.")
        try:
            with transaction.atomic():
                self.save()
        except IntegrityError as error:
            raise ValidationError(f"You have a view called “{self.name}” already.") from error
        return self
