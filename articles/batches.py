"""Articles that an editor takes in for somebody else, many files at once: the batch, and one row a file."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from typing import Any, ClassVar, Self

from django.apps import apps
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Case, Count, ExpressionWrapper, OuterRef, Q, Subquery, TextChoices, When
from django.utils import timezone

from articles.fingerprints import Fingerprint
from articles.intake.packed import Packed, printable
from articles.labels import Label, Priority
from articles.states import Origin
from ledger.models import Event
from people import permissions
from people.models import User
from people.specialties import MedicalSpecialty

MOST_IN_BATCH = 20_000
AT_ONCE = 4_000_000  # bytes written by one statement


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


class IntakeBatchQuerySet(models.QuerySet["IntakeBatch"]):
    def unfinished(self) -> Self:
        """Those with files that wait. See also `IntakeBatch.is_running`."""
        waiting = IntakeFile.objects.filter(state=FileState.WAITING).values("batch")
        return self.filter(pk__in=waiting).order_by("pk")

    def with_counts(self) -> Self:
        """With `total`, `taken`, `failed` and `waiting`, the number of files of each kind."""
        return self.annotate(
            total=Count("files"),
            taken=Count("files", filter=Q(files__state__in=TAKEN)),
            failed=Count("files", filter=Q(files__state=FileState.REFUSED)),
            waiting=Count("files", filter=Q(files__state=FileState.WAITING)),
        )

    @transaction.atomic
    def begin(
        self, files: Iterable[Packed], *, by: User, key: uuid.UUID, labels: Iterable[str] = (), **chosen: Any
    ) -> IntakeBatch:
        """Store files to be taken in with what was chosen for all; sent twice with the same key, it is one batch.

        Raises:
            PermissionDenied: `by` is no editor.
            ValidationError: a label cannot be.
        """
        if not permissions.may_take_in(User.objects.get(pk=by.pk)):
            raise PermissionDenied("Only editors take in articles for others.")
        batch, is_new = self.get_or_create(key=key, defaults={"begun_by": by, **chosen})
        if is_new:
            batch.labels.set([Label.objects.called(name) for name in labels])
            batch.add(files, by=by)
        return batch


class IntakeBatch(models.Model):
    """What was chosen for all its files. `key` is the form's: sent twice, it is one batch.

    `is_doubling` takes in texts that the author has here already.
    """

    key = models.UUIDField(unique=True, default=uuid.uuid4)
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="batches")
    begun_at = models.DateTimeField(auto_now_add=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    specialty = models.CharField(max_length=40, choices=MedicalSpecialty.choices, blank=True, default="")
    priority = models.PositiveSmallIntegerField(choices=Priority.choices, default=Priority.NORMAL)
    labels = models.ManyToManyField(Label, related_name="+", blank=True)
    to_submit = models.BooleanField(default=False)
    origin = models.CharField(max_length=20, choices=Origin.choices, default=Origin.HUMAN)
    ai_tool = models.CharField(max_length=200, blank=True, default="")
    is_doubling = models.BooleanField(default=False)

    objects: ClassVar[IntakeBatchQuerySet] = IntakeBatchQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(origin=Origin.HUMAN, ai_tool="") | (~Q(origin=Origin.HUMAN) & ~Q(ai_tool="")),
                name="batch_names_the_ai_tool",
            ),
        )

    def __str__(self) -> str:
        return f"intake {self.pk}"

    @property
    def counts(self) -> dict[str, int]:
        """How many files came to each state; those that none came to are left out."""
        rows = self.files.order_by().values_list("state").annotate(n=Count("pk"))
        return dict(rows)

    @property
    def is_running(self) -> bool:
        """See also `IntakeBatchQuerySet.unfinished`."""
        return self.files.filter(state=FileState.WAITING).exists()

    def in_the_way(self) -> str:
        """Why nothing of it can be taken in now, or nothing."""
        by, author = User.objects.get(pk=self.begun_by_id), User.objects.get(pk=self.author_id)
        if not (by.is_active and permissions.may_take_in(by)):
            return f"{by.display_name}, who sent the files, is no editor any more."
        if not (author.is_active and permissions.may_create_article(author)):
            return f"{author.display_name} is neither an author nor an editor any more."
        return ""

    @transaction.atomic
    def add(self, files: Iterable[Packed], *, by: User) -> int:
        """Store files that wait to be read, and those that were refused outright. Returns how many those were.

        Raises:
            PermissionDenied: `by` is no editor.
        """
        if not permissions.may_take_in(User.objects.get(pk=by.pk)):
            raise PermissionDenied("Only editors take in articles for others.")
        total, rows, held = 0, [], 0
        for packed in files:
            rows.append(IntakeFile.made_of(self, packed, by=by))
            total, held = total + 1, held + len(packed.data)
            if held > AT_ONCE:
                IntakeFile.objects.bulk_create(rows)
                rows, held = [], 0
        IntakeFile.objects.bulk_create(rows)
        if total:
            author = self.author.display_name
            Event.objects.append("intake_begun", by=by, batch=self.pk, files=total, author=author)
        return total

    def stop(self, *, by: User) -> int:
        """Leave the files that still wait; how many those were."""
        return self._turn({FileState.WAITING}, FileState.STOPPED, by=by)

    def retry(self, *, by: User) -> int:
        """Have those read again that were refused or stopped and are still here; how many those are."""
        return self._turn({FileState.REFUSED, FileState.STOPPED}, FileState.WAITING, by=by)

    @transaction.atomic
    def _turn(self, states: set[FileState], state: FileState, *, by: User) -> int:
        if not permissions.may_take_in(User.objects.get(pk=by.pk)):
            raise PermissionDenied("Only editors take in articles for others.")
        files = self.files.filter(state__in=states, data__isnull=False)
        return files.update(state=state, attempts=0, reason="", line=1)

    @transaction.atomic
    def drop(self, *, by: User) -> int:
        """Forget the bytes that are still kept: of files that were refused, stopped or here already."""
        if not permissions.may_take_in(User.objects.get(pk=by.pk)):
            raise PermissionDenied("Only editors take in articles for others.")
        return self.files.filter(state__in=KEPT, data__isnull=False).update(data=None)


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


class IntakeFile(models.Model):
    """One file of a batch, and what became of it. `line` and `reason` say why it is no article.

    `sent_by` sent the bytes that are, or were, read: who added it to the batch, or put others in their place. `article`
    is what was made of it, or what had its text already. The bytes go when an article has been made.
    """

    batch = models.ForeignKey(IntakeBatch, on_delete=models.CASCADE, related_name="files")
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
        if not permissions.may_take_in(User.objects.get(pk=by.pk)):
            raise PermissionDenied("Only editors take in articles for others.")
        file = IntakeFile.objects.select_for_update().get(pk=self.pk)
        if file.state not in KEPT:
            raise PermissionDenied("This file has been taken in, or waits to be.")
        return file

    def _wait(self) -> None:
        self.state, self.attempts, self.reason, self.line = FileState.WAITING, 0, "", 1
        self.article, self.done_at = None, None
        self.save()
