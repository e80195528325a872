"""One file of an intake, and what became of it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, ClassVar, Self

from django.apps import apps
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Case, Count, ExpressionWrapper, OuterRef, Q, Subquery, TextChoices, When
from django.utils import timezone

from articles.fingerprints import Fingerprint
from articles.intake.packed import Packed, printable
from people import permissions
from people.models import User

if TYPE_CHECKING:
    from articles.batches import IntakeBatch


class FileState(TextChoices):
    """What became of a file of a batch."""

    WAITING = "waiting", "Waiting"
    IMPORTED = "imported", "Draft"
    SUBMITTED = "submitted", "Submitted"
    INCOMPLETE = "incomplete", "Left a draft"
    KNOWN = "already_imported", "Here already"
    REFUSED = "refused", "No article"
    STOPPED = "stopped", "Stopped"


#: An article was made of it.
TAKEN = frozenset({FileState.IMPORTED, FileState.SUBMITTED, FileState.INCOMPLETE})
#: Its bytes are kept, so that somebody can look at them or send them again.
KEPT = frozenset({FileState.REFUSED, FileState.KNOWN, FileState.STOPPED})


class FileView(TextChoices):
    """The headings that the files of a batch are looked at under."""

    ALL = "", "All"
    TAKEN = "taken", "Taken in"
    FAILED = "failed", "No article"
    INCOMPLETE = "incomplete", "Could not be submitted"
    DOUBTFUL = "doubtful", "With doubts"
    DOUBLE = "double", "Duplicates"
    WAITING = "waiting", "Waiting"


#: What stands under those headings that are about states alone.
STATES_IN = {
    FileView.ALL: frozenset(FileState),
    FileView.TAKEN: TAKEN,
    FileView.FAILED: frozenset({FileState.REFUSED, FileState.STOPPED}),
    FileView.INCOMPLETE: frozenset({FileState.INCOMPLETE}),
    FileView.WAITING: frozenset({FileState.WAITING}),
}


def editor_only(by: User) -> None:
    """Refuse everybody else, whatever they were when the page was opened."""
    if not permissions.may_take_in(User.objects.get(pk=by.pk)):
        raise PermissionDenied("Only editors take in articles for others.")


def _twin(field: str) -> Case:
    """What is stored of the look-alike of the version that was made of a file."""
    first = Fingerprint.objects.filter(version__article=OuterRef("article"), version__number=1)
    return Case(When(state__in=TAKEN, then=Subquery(first.values(field))))


class IntakeFileQuerySet(models.QuerySet["IntakeFile"]):
    def light(self) -> Self:
        """Without their bytes; `data_is_kept` says whether those can be had."""
        kept = ExpressionWrapper(Q(data__isnull=False), models.BooleanField())
        return self.defer("data").annotate(data_is_kept=kept)

    def doubtful(self) -> Self:
        """Articles that somebody should look through."""
        return self.filter(doubts__gt=0)

    def with_twins(self) -> Self:
        """With the article that each looks most like now: `twin_pk`, `twin_slug`, `twin_title`, and `twin_percent`
        of the text.
        """
        twin = {"twin_pk": "closest__article", "twin_slug": "closest__article__slug", "twin_percent": "percent"}
        twin |= {"twin_title": "closest__title"}
        return self.annotate(**{name: _twin(field) for name, field in twin.items()})

    def with_doubts(self) -> Self:
        """With `notes`, what is kept of the doubts about each that was taken, and `first_state`, that of its text."""
        versions = apps.get_model("articles", "Version")._default_manager
        first = versions.filter(article=OuterRef("article"), number=1)
        taken = {"notes": "doubts", "first_state": "state"}
        return self.annotate(
            **{name: Case(When(state__in=TAKEN, then=Subquery(first.values(field)))) for name, field in taken.items()}
        )

    def double(self) -> Self:
        """Those whose text is here already, or that look like another article."""
        return self.alias(twin=_twin("closest")).filter(Q(state=FileState.KNOWN) | Q(twin__isnull=False))

    def under(self, heading: FileView) -> Self:
        """Those that stand under this heading."""
        if heading == FileView.DOUBTFUL:
            return self.doubtful()
        return self.double() if heading == FileView.DOUBLE else self.filter(state__in=STATES_IN[heading])

    def kept(self) -> Self:
        """Those whose bytes are still here though nobody waits for them."""
        return self.filter(data__isnull=False).exclude(state=FileState.WAITING)

    def by_state(self) -> dict[str, int]:
        """How many came to each state; those that none came to are left out."""
        return dict(self.order_by().values_list("state").annotate(n=Count("pk")))

    def reported(self) -> Self:
        """With all that the page and the report of a batch say of each."""
        return self.light().with_twins().with_doubts().select_related("article").order_by("pk")


class IntakeFile(models.Model):
    """One file of a batch, and what became of it. `line` and `reason` say why it is no article.

    `sent_by` sent the bytes that are, or were, read: who added it to the batch, or put others in their place. `article`
    is what was made of it, or what had its text already. The bytes go when an article has been made.
    """

    batch = models.ForeignKey("articles.IntakeBatch", on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=500)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    data = models.BinaryField(null=True)
    state = models.CharField(max_length=20, choices=FileState.choices, default=FileState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    is_doubling = models.BooleanField(default=False)
    line = models.PositiveIntegerField(default=1)
    reason = models.TextField(blank=True, default="")
    missing = models.JSONField(default=list, blank=True)
    doubts = models.PositiveIntegerField(default=0)
    title = models.CharField(max_length=500, blank=True, default="")
    article = models.ForeignKey(
        "articles.Article", null=True, blank=True, on_delete=models.SET_NULL, related_name="intake_files"
    )
    done_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[IntakeFileQuerySet] = IntakeFileQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(condition=Q(state__in=FileState.values), name="intake_state_is_known"),
            models.CheckConstraint(
                condition=~Q(state=FileState.WAITING) | Q(data__isnull=False), name="intake_waits_with_its_bytes"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=TAKEN) | Q(data__isnull=True), name="intake_drops_what_it_took"
            ),
        )
        indexes = (
            models.Index(fields=("batch", "state"), name="intake_by_state"),
            models.Index(fields=("batch",), condition=Q(state=FileState.WAITING), name="intake_waiting"),
        )

    def __str__(self) -> str:
        return self.name

    @classmethod
    def made_of(cls, batch: IntakeBatch, packed: Packed, *, by: User) -> IntakeFile:
        """The row of a file as it was sent; not saved."""
        file = cls(batch=batch, name=printable(packed.name)[:500], size=len(packed.data), sent_by=by)
        file.sha256 = hashlib.sha256(packed.data).hexdigest()
        if packed.reason:
            file.state, file.reason, file.done_at = FileState.REFUSED, packed.reason, timezone.now()
        else:
            file.data = packed.data
        return file

    @property
    def is_taken(self) -> bool:
        return self.state in TAKEN

    @transaction.atomic
    def send_again(self, data: bytes, *, by: User) -> None:
        """Put other bytes in the place of a file that was refused, and have them read.

        Raises:
            PermissionDenied: `by` is no editor.
        """
        file = self._kept(by)
        file.data, file.size, file.sha256 = data, len(data), hashlib.sha256(data).hexdigest()
        file.sent_by = by
        file._wait()

    @transaction.atomic
    def take_all_the_same(self, *, by: User) -> None:
        """Make an article of a text that its author has here already.

        Raises:
            PermissionDenied: `by` is no editor.
        """
        file = self._kept(by)
        if file.state == FileState.KNOWN and file.data is not None:
            file.is_doubling = True
            file._wait()

    def _kept(self, by: User) -> IntakeFile:
        editor_only(by)
        file = IntakeFile.objects.select_for_update().get(pk=self.pk)
        if file.state not in KEPT:
            raise PermissionDenied("This file has been taken in, or waits to be.")
        return file

    def _wait(self) -> None:
        self.state, self.attempts, self.reason, self.line = FileState.WAITING, 0, "", 1
        self.article, self.done_at = None, None
        self.save()
