"""What the public can read: one row a version that was ever approved.

The rows live in the schema `pub`, are read through the public login and written by two functions of the
database, which count the quorum themselves.
"""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, Self

from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchRank, SearchVectorField
from django.db import connection, models
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from content.schema import Content
from people.specialties import MedicalSpecialty
from publications.render import render_body

MAX_QUERY = 200


class PublicationQuerySet(models.QuerySet["Publication"]):
    def current(self) -> Self:
        """What stands in lists, search, feed and sitemap. See also `Publication.is_current`."""
        return self.filter(state="current")

    def page(self, slug: str) -> Self:
        """The row behind an article's own address: its current text, or the notice in its place."""
        return self.filter(slug=slug, is_page=True)

    def for_lists(self) -> Self:
        return self.only(
            "id", "slug", "number", "state", "title", "specialty", "approved_at", "next_review_on", "signers"
        )

    def newest(self) -> Self:
        return self.current().for_lists().order_by("-approved_at", "-pk")

    def matching(self, text: str) -> Self:
        """The current texts that have all the words, the best first, with `rank` and a `snippet`."""
        query = SearchQuery(text[:MAX_QUERY], search_type="websearch", config="english")
        return (
            self.current()
            .for_lists()
            .filter(search=query)
            .annotate(
                rank=SearchRank(F("search"), query),
                snippet=SearchHeadline(
                    "prose", query, config="english", start_sel="\ue000", stop_sel="\ue001", max_words=30, min_words=15
                ),
            )
            .order_by("-rank", "title", "pk")
        )

    def publish(self, version_id: int, content: Content) -> str:
        """Copy an approved version into the public schema, inside the caller's transaction.

        Returns the SHA-256 of the rendered body. The database refuses when the quorum is not met.
        """
        return str(_call("publish_version", version_id, render_body(content)))

    def retract(self, version_id: int) -> None:
        """Put the notice in the place of the page; its words come from the retracted version."""
        _call("retract_publication", version_id)


def _call(function: str, *arguments: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}({', '.join(['%s'] * len(arguments))})", arguments)
        return cursor.fetchone()[0]


class Publication(models.Model):
    """One approved version as the public has it. `id` is the version's."""

    id = models.BigIntegerField(primary_key=True)
    article_id = models.BigIntegerField()
    slug = models.TextField()
    number = models.IntegerField()
    is_page = models.BooleanField()
    state = models.TextField()
    title = models.TextField()
    specialty = models.TextField()
    content = models.TextField()
    content_sha256 = models.TextField()
    body_html = models.TextField()
    body_sha256 = models.TextField()
    has_patient_text = models.BooleanField()
    origin = models.TextField()
    ai_tool = models.TextField()
    change_note = models.TextField()
    author = models.JSONField()
    signers = models.JSONField()
    submitted_at = models.DateTimeField()
    review_started_at = models.DateTimeField()
    approved_at = models.DateTimeField()
    next_review_on = models.DateField()
    history = models.JSONField()
    notice = models.JSONField(null=True)
    names = models.TextField()
    prose = models.TextField()
    search = SearchVectorField()

    objects: ClassVar[PublicationQuerySet] = PublicationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        managed = False
        db_table = "publication"

    def __str__(self) -> str:
        return f"{self.title}, version {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("publications:article", args=(self.slug,))

    def get_version_url(self) -> str:
        return reverse("publications:version", args=(self.slug, self.number))

    @property
    def is_current(self) -> bool:
        return self.state == "current"

    @property
    def is_retracted(self) -> bool:
        return self.state == "retracted"

    @property
    def last_reviewed_on(self) -> date:
        """Only a whole review moves this date."""
        return self.approved_at.date()

    @property
    def is_overdue(self) -> bool:
        return self.next_review_on < timezone.now().date()

    @property
    def specialty_label(self) -> str:
        return str(MedicalSpecialty(self.specialty).label) if self.specialty in MedicalSpecialty.values else ""
