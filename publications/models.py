"""What the public can read: one row a version that was ever approved.

The rows live in the schema `pub`, are read through the public login and written by two functions of the
database, which count the quorum themselves.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime
from functools import cached_property
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.search import SearchVectorField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.urls import reverse
from django.utils import timezone

from content import canonical
from content.schema import Content
from people.specialties import MedicalSpecialty
from publications.addresses import absolute, search_url
from publications.contents import DiagnosisLink, Place, contents, diagnosis_links
from publications.licences import Licence, licence, statement
from publications.querysets import PublicationQuerySet
from publications.record import Edition, Notice, Person, Signature, origin_sentence


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
    confirmations = models.JSONField()
    submitted_at = models.DateTimeField()
    review_started_at = models.DateTimeField()
    approved_at = models.DateTimeField()
    last_reviewed_at = models.DateTimeField()
    next_review_on = models.DateField()
    history = models.JSONField()
    notice_rows = models.JSONField(db_column="notices")
    noticed_at = models.DateTimeField(null=True)
    names = models.TextField()
    prose = models.TextField()
    search = SearchVectorField()
    revision = models.BigIntegerField()

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
    def url(self) -> str:
        """Where this text stands: at the article's own address, or at its version's."""
        return self.get_absolute_url() if self.is_page else self.get_version_url()

    @property
    def canonical_url(self) -> str:
        return settings.SITE_URL + self.url

    @property
    def card_url(self) -> str:
        """The picture beside a shared link, as others fetch it."""
        return absolute("publications:card", self.slug)

    @property
    def history_url(self) -> str:
        return reverse("publications:history", args=(self.slug,))

    @property
    def provenance_url(self) -> str:
        return reverse("publications:version_provenance", args=(self.slug, self.number))

    @property
    def jats_url(self) -> str:
        return reverse("publications:version_jats", args=(self.slug, self.number))

    @property
    def api_url(self) -> str:
        """The same as JSON: what stands at the article's own address, or this version."""
        name, more = ("article", ()) if self.is_page else ("version", (self.number,))
        return reverse(f"api:{name}", args=(self.slug, *more))

    @property
    def licence(self) -> Licence:
        return licence()

    @property
    def licence_statement(self) -> str:
        return statement(self.approved_at.date())

    @property
    def specialty_url(self) -> str:
        return search_url(specialty=self.specialty) if self.specialty_label else ""

    @cached_property
    def document(self) -> Content:
        """What was signed, as data."""
        return canonical.loads(self.content)

    @property
    def contents(self) -> list[Place]:
        return contents(self.document)

    @property
    def diagnosis_links(self) -> list[DiagnosisLink]:
        return diagnosis_links(self.document)

    @property
    def has_report_links(self) -> bool:
        """Whether the stored text leads from each diagnosis to where a problem is reported; older ones do not."""
        return 'href="report/?diagnosis=' in self.body_html

    @cached_property
    def signatures(self) -> list[Signature]:
        return [Signature.read(raw) for raw in self.signers]

    @cached_property
    def confirmed_by(self) -> list[Signature]:
        """Who has read the same text again since and confirmed it unchanged, the first first."""
        return [Signature.read(raw) for raw in self.confirmations]

    @property
    def reviewers(self) -> list[Person]:
        """Everybody who has signed this text, each once, as of their last signature."""
        last = {(each.by.slug or each.by.name): each.by for each in (*self.signatures, *self.confirmed_by)}
        return list(last.values())

    @cached_property
    def written_by(self) -> Person:
        return Person.read(self.author)

    @cached_property
    def contributors(self) -> list[Person]:
        """Who else has worked on the text, as of the day when it was submitted."""
        return [Person.read(raw) for raw in self.author.get("contributors", ())]

    @property
    def everybody(self) -> list[Person]:
        """All whose interests bear on the text: author, contributors, reviewers."""
        return [self.written_by, *self.contributors, *self.reviewers]

    @cached_property
    def editions(self) -> list[Edition]:
        """All versions of this article that were once approved, the latest first."""
        return [Edition.read(raw) for raw in self.history]

    @cached_property
    def notices(self) -> list[Notice]:
        """Every notice on this version, the latest first."""
        return Notice.read_all(self.notice_rows)

    @property
    def standing(self) -> list[Notice]:
        """The notices that hold now: what marks it wherever it is listed."""
        return [notice for notice in self.notices if notice.stands]

    @property
    def is_in_doubt(self) -> bool:
        """Whether an expression of concern stands on it."""
        return any(notice.is_concern for notice in self.standing)

    @property
    def retraction(self) -> Notice | None:
        return next((notice for notice in self.notices if notice.is_retraction), None)

    @property
    def changed_at(self) -> datetime:
        """When readers last got something new here: a review or a notice. No notice moves the date of a review."""
        return max(self.last_reviewed_at, self.noticed_at or self.last_reviewed_at)

    @property
    def origin_sentence(self) -> str:
        return origin_sentence(self.origin, self.ai_tool)

    @property
    def fingerprint(self) -> str:
        """A hash of everything that a page of this row shows."""
        shown = {field.attname: getattr(self, field.attname) for field in self._meta.concrete_fields}
        shown |= {"is_overdue": self.is_overdue}
        for bulky in ("content", "body_html", "names", "prose", "search"):
            del shown[bulky]
        return hashlib.sha256(json.dumps(shown, sort_keys=True, cls=DjangoJSONEncoder).encode()).hexdigest()

    @property
    def is_current(self) -> bool:
        return self.state == "current"

    @property
    def is_superseded(self) -> bool:
        return self.state == "superseded"

    @property
    def is_retracted(self) -> bool:
        return self.state == "retracted"

    @property
    def first_published_on(self) -> date:
        """When the article's first version was approved."""
        return self.editions[-1].approved_on if self.editions else self.approved_at.date()

    @property
    def last_reviewed_on(self) -> date:
        """Only a whole review moves this date: the approval, then each confirmation."""
        return self.last_reviewed_at.date()

    @property
    def is_overdue(self) -> bool:
        return self.next_review_on < timezone.now().date()

    @property
    def good_until(self) -> date:
        """The last day on which this row means what it means today: then its review becomes overdue."""
        return date.max if self.is_overdue else self.next_review_on

    @property
    def specialty_label(self) -> str:
        return str(MedicalSpecialty(self.specialty).label) if self.specialty in MedicalSpecialty.values else ""

    @property
    def article_is_retracted(self) -> bool:
        """Whether a notice stands at the article's own address now, be it for this version or a later one."""
        return bool(self.editions) and self.editions[0].is_retracted
