"""Articles that an editor takes in for somebody else, many files at once."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from typing import Any, ClassVar, NamedTuple, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Count, Q

from articles.batch_files import KEPT, STATES_IN, TAKEN, FileState, FileView, IntakeFile, editor_only
from articles.intake.packed import Packed
from articles.labels import Label, Priority
from articles.states import Origin
from ledger.models import Event
from people import permissions
from people.models import User
from people.specialties import MedicalSpecialty

AT_ONCE = 4_000_000  # bytes written by one statement


class Progress(NamedTuple):
    """How far a batch is: how many of its files came to each state."""

    by_state: dict[str, int]

    def of(self, states: Collection[FileState]) -> int:
        return sum(self.by_state.get(state, 0) for state in states)

    @property
    def total(self) -> int:
        return sum(self.by_state.values())

    @property
    def waiting(self) -> int:
        return self.of((FileState.WAITING,))

    @property
    def done(self) -> int:
        return self.total - self.waiting

    @property
    def failed(self) -> int:
        return self.of(STATES_IN[FileView.FAILED])


class IntakeBatchQuerySet(models.QuerySet["IntakeBatch"]):
    def unfinished(self) -> Self:
        """Those with files that wait. See also `IntakeBatch.is_running`."""
        waiting = IntakeFile.objects.filter(state=FileState.WAITING).values("batch")
        return self.filter(pk__in=waiting).order_by("pk")

    def with_counts(self) -> Self:
        """With `total` and its parts: `taken`, `known`, `failed`, `stopped` and `waiting`."""
        return self.annotate(
            total=Count("files"),
            taken=Count("files", filter=Q(files__state__in=TAKEN)),
            known=Count("files", filter=Q(files__state=FileState.KNOWN)),
            failed=Count("files", filter=Q(files__state=FileState.REFUSED)),
            stopped=Count("files", filter=Q(files__state=FileState.STOPPED)),
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
        editor_only(by)
        batch, is_new = self.get_or_create(key=key, defaults={"begun_by": by, **chosen})
        if is_new:
            batch.labels.set([Label.objects.called(name, by=by) for name in labels])
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
    def progress(self) -> Progress:
        """How far it is."""
        return Progress(self.files.by_state())

    def count_under(self, heading: FileView, progress: Progress) -> int:
        """How many files stand under this heading."""
        if heading in STATES_IN:
            return progress.of(STATES_IN[heading])
        return self.files.under(heading).count()

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
        editor_only(by)
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
        editor_only(by)
        files = self.files.filter(state__in=states, data__isnull=False)
        return files.update(state=state, attempts=0, reason="", line=1)

    @transaction.atomic
    def drop(self, *, by: User) -> int:
        """Forget the bytes that are still kept: of files that were refused, stopped or here already."""
        editor_only(by)
        return self.files.filter(state__in=KEPT, data__isnull=False).update(data=None)
