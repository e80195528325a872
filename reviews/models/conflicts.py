"""Conflicts of interest with an article."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from articles.models import Article
from reviews.querysets import ConflictQuerySet


class Conflict(models.Model):
    """A reviewer's declared conflict with an article. With a person: `people.models.Conflict`."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="article_conflicts")
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="conflicts")
    reason = models.TextField(max_length=5_000)
    declared_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[ConflictQuerySet] = ConflictQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("user", "article"), condition=Q(withdrawn_at=None), name="one_standing_conflict_an_article"
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} and {self.article}"
