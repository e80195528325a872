"""What is stored of a version."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Func

from articles.states import Origin
from content import canonical
from content.schema import Content
from people.models import User


class VersionRecord(models.Model):
    """The columns of a version but its state, and what follows from them alone."""

    article = models.ForeignKey("articles.Article", on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    based_on = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="followers")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="versions")
    contributors = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="contributed_versions")
    content = models.TextField()
    title = models.GeneratedField(
        expression=Func(F("content"), template="((%(expressions)s)::jsonb ->> 'title')"),
        output_field=models.CharField(max_length=500),
        db_persist=True,
    )
    content_sha256 = models.CharField(max_length=64, null=True, blank=True)  # noqa: DJ001 - no hash is NULL, not ""
    revision = models.PositiveIntegerField(default=1)
    change_note = models.TextField(blank=True, default="", max_length=5_000)
    origin = models.CharField(max_length=20, choices=Origin.choices, default=Origin.HUMAN)
    ai_tool = models.CharField(max_length=200, blank=True, default="")
    author_statement = models.JSONField(default=dict, blank=True)
    approvals_required = models.PositiveSmallIntegerField(default=2)
    source = models.TextField(blank=True, default="")
    doubts = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    review_started_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    next_review_on = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True

    def other_writers(self, author: User) -> models.QuerySet[User]:
        """Everybody but the author who has worked on this text or on an earlier version of it, the first first."""
        return self.contributors.exclude(pk=author.pk).order_by("pk")

    @property
    def document(self) -> Content:
        """What the version says.

        Raises:
            canonical.NotCanonical: the stored text was changed behind the application's back.
        """
        return canonical.loads(self.content)

    @property
    def reference(self) -> dict[str, Any]:
        """What names this version in the ledger."""
        return {
            "article_id": self.article_id,
            "version_id": self.pk,
            "content_sha256": self.content_sha256 or "",
        }

    def is_written_by(self, user: User) -> bool:
        """Whether this person owns the article or had a hand in this text."""
        return self.article.owner_id == user.pk or self.contributors.filter(pk=user.pk).exists()

    def _values(self) -> dict[str, Any]:
        return {
            field.attname: getattr(self, field.attname) for field in self._meta.concrete_fields if not field.generated
        }
