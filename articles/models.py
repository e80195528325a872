"""Articles and their versions."""

from __future__ import annotations

from functools import cached_property
from typing import ClassVar

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse

from articles import states
from articles.batch_files import IntakeFile
from articles.batches import IntakeBatch
from articles.codes import Icd10Code
from articles.fingerprints import Fingerprint
from articles.handling import HandledArticle
from articles.kept import KeptText
from articles.labels import Label, Priority
from articles.querysets import ArticleQuerySet, VersionQuerySet, says
from articles.standing import VersionStanding
from articles.states import VersionState
from articles.workflow import IllegalMove
from articles.writing import Presence, Typing
from content import canonical
from content.schema import Content
from ledger.models import Event
from people import permissions
from people.models import User
from people.specialties import MedicalSpecialty


class EditConflict(Exception):
    """Somebody saved this draft after the editor that is being saved had been opened.

    `theirs` is the version as it now is. Nothing was written: the caller still has the other text.
    """

    def __init__(self, theirs: Version) -> None:
        super().__init__("Somebody else has changed this draft in the meantime.")
        self.theirs = theirs


class Article(HandledArticle):
    """The lasting identity: address, specialty, owner. What it says is in its versions.

    `handed_in_by` is who brought the text in for the owner, None when the owner did; they never review it.
    """

    slug = models.SlugField(max_length=120, unique=True)
    specialty = models.CharField(max_length=40, choices=MedicalSpecialty.choices, blank=True, default="")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="articles")
    handed_in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[ArticleQuerySet] = ArticleQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(priority__in=Priority.values), name="article_priority_is_known"),
        )

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        return reverse("reviews:article", args=(self.pk,))

    @cached_property
    def latest(self) -> Version:
        return self.versions.order_by("-number")[0]

    @property
    def current(self) -> Version | None:
        """The version that the public reads."""
        return self.versions.public().first()

    def start_draft(self, *, by: User) -> Version:
        """Begin the next version with the text of the last one.

        Raises:
            PermissionDenied: `by` may not write here.
            IllegalMove: a version is still open.
        """
        with transaction.atomic():
            article = Article.objects.select_for_update().get(pk=self.pk)
            by = User.objects.get(pk=by.pk)
            latest = article.latest
            if not permissions.may_start_draft(by, article):
                raise PermissionDenied("Only the owner of an article or an editor may revise it.")
            if latest.state in states.OPEN:
                raise IllegalMove(f"Version {latest.number} is still open: work goes on there.")
            version = article.versions.create(
                number=latest.number + 1,
                revision=1 + KeptText.objects.last_revision(article.pk, latest.number + 1),
                author=by,
                based_on=latest,
                content=latest.content,
                origin=latest.origin,
                ai_tool=latest.ai_tool,
            )
            version.contributors.set({*latest.contributors.all(), by})
            Fingerprint.objects.keep(version, version.document)
            Event.objects.append("draft_started", by=by, **version.reference, number=version.number)
        return version

    def classify(self, specialty: str, *, by: User) -> None:
        """File the article under a field of medicine ("" for none). What is public follows with its next version.

        Raises:
            PermissionDenied: `by` neither owns the article nor is an editor.
        """
        with transaction.atomic():
            article = Article.objects.select_for_update().get(pk=self.pk)
            if not permissions.may_classify(User.objects.get(pk=by.pk), article):
                raise PermissionDenied("Only the owner of an article or an editor files it.")
            if article.specialty == specialty:
                return
            article.specialty = MedicalSpecialty(specialty) if specialty else ""
            article.save(update_fields=("specialty",))
            label = article.get_specialty_display() if specialty else "no specialty"
            Event.objects.append("specialty_changed", by=by, article_id=self.pk, specialty=specialty, label=label)


class Version(VersionStanding):
    """One numbered text of an article; frozen under its hash from submission on."""

    objects: ClassVar[VersionQuerySet] = VersionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("article_id", "number")
        constraints = (
            models.UniqueConstraint(fields=("article", "number"), name="version_number_is_unique"),
            models.UniqueConstraint(fields=("id", "article", "content_sha256"), name="version_bytes_are_referable"),
            models.UniqueConstraint(fields=("article",), condition=Q(state__in=states.OPEN), name="one_open_version"),
            models.UniqueConstraint(
                fields=("article",), condition=Q(state=VersionState.APPROVED), name="one_public_version"
            ),
            models.CheckConstraint(condition=Q(state__in=VersionState.values), name="version_state_is_known"),
            models.CheckConstraint(condition=Q(number__gte=1), name="version_number_from_one"),
            models.CheckConstraint(condition=Q(approvals_required__gte=1), name="version_needs_approval"),
            models.CheckConstraint(
                condition=Q(state=VersionState.DRAFT, content_sha256=None, submitted_at=None)
                | (~Q(state=VersionState.DRAFT) & Q(content_sha256__isnull=False, submitted_at__isnull=False)),
                name="submitted_means_hashed",
            ),
        )
        indexes = (
            models.Index(fields=("state", "due_on"), name="version_queue"),
            models.Index(fields=("id",), condition=~Q(source=""), name="version_imported"),
        )

    def __str__(self) -> str:
        return f"{self.title or 'Untitled'}, version {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("reviews:version", args=(self.article_id, self.number))

    @property
    def has_own_words(self) -> bool:
        """Whether anything was written here that the version before it does not say."""
        return self.based_on is None or self.content != self.based_on.content

    def save_draft(self, content: Content, *, by: User, based_on: int, tab: str = "") -> Version:
        """Store the text of a draft. `based_on` is the `revision` that the editor was opened with.

        `tab` names the window it was written in: what was saved last from there may be saved over from there.

        Raises:
            EditConflict: the draft has been saved since; nothing is written.
            IllegalMove: it is no draft any more.
            PermissionDenied: `by` may not write here.
        """
        with transaction.atomic():
            version = self._locked_draft(by)
            text = canonical.dumps(content)
            if text == version.content:
                return version
            if version.revision != based_on and not Presence.objects.has_written(version, by, tab):
                raise EditConflict(version)
            version.content, version.revision = text, version.revision + 1
            version.save(update_fields=("content", "revision", "updated_at"))
            version.contributors.add(by)
            version._follow_title()
            Presence.objects.wrote(version, by, tab)
            Fingerprint.objects.keep(version, content)
        return Version.objects.with_people().get(pk=self.pk)

    def _locked_draft(self, by: User) -> Version:
        version = Version.objects.locked(self.pk)
        if not permissions.may_edit(User.objects.get(pk=by.pk), version):
            raise PermissionDenied("Only the owner of an article or an editor may change its draft.")
        if not version.is_draft:
            raise IllegalMove("This version has been submitted: its text no longer changes.")
        return version

    def _follow_title(self) -> None:
        """Until a first submission the article's address follows the title."""
        if self.number == 1 and not says(self.article.slug, self.document.title):
            self.article.slug = Article.objects.free_slug(self.document.title, but=self.article)
            self.article.save(update_fields=("slug",))

    def settle_doubt(self, number: int, *, by: User) -> None:
        """Take one doubt of the intake off the draft's list: somebody has looked at it.

        Raises:
            IllegalMove: it is no draft any more.
            PermissionDenied: `by` may not write here.
        """
        with transaction.atomic():
            version = self._locked_draft(by)
            version.doubts = [doubt for doubt in version.doubts if doubt.get("id") != number]
            version.save(update_fields=("doubts",))

    def discard(self, *, by: User) -> None:
        """Delete a draft that was never submitted, and its article when it was the only version.

        Its other writers keep what they wrote (`articles.kept`), and are told.

        Raises:
            IllegalMove: it has been discarded already.
            PermissionDenied: `by` may not, or it is no draft.
        """
        from articles import mail

        with transaction.atomic():
            version = Version.objects.locked(self.pk)
            if not permissions.may_edit(User.objects.get(pk=by.pk), version) or not version.is_draft:
                raise PermissionDenied("Only a draft that was never submitted can be discarded.")
            Event.objects.append("draft_discarded", by=by, **version.reference, number=version.number)
            mail.discarded(version, KeptText.objects.leave(version, by=by))
            version.contributors.clear()
            Fingerprint.objects.forget(version)
            version.delete()
            if version.number == 1:
                version.article.delete()


__all__ = [
    "Article",
    "EditConflict",
    "Fingerprint",
    "Icd10Code",
    "IllegalMove",
    "IntakeBatch",
    "IntakeFile",
    "KeptText",
    "Label",
    "Presence",
    "Priority",
    "Typing",
    "Version",
    "VersionState",
]
