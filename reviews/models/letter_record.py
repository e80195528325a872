"""A letter as it is kept, and letters as they are looked for; what is done with one is in `reviews.models.letters`."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Q, Value, When
from django.urls import reverse

from articles.models import Article, Version
from people.models import User
from people.rules import today
from publications.letters.inbox import LetterKind, Problem
from reviews.states import LetterOutcome, LetterState

if TYPE_CHECKING:
    from reviews.models.letters import ReaderLetter  # noqa: F401 - what the rows are

S = LetterState


class ReaderLetterQuerySet(models.QuerySet["ReaderLetter"]):
    def open(self) -> Self:
        """Those with which something is still to be done. See also `ReaderLetter.is_closed`."""
        return self.exclude(state=S.CLOSED)

    def untaken(self) -> Self:
        return self.filter(state=S.NEW)

    def owed_by(self, user: User) -> Self:
        """What this editor has taken and not come to an end with."""
        return self.filter(state=S.TAKEN, holder=user)

    def due(self, days: int = 0) -> Self:
        """Those whose day has come, or came so many days ago. What waits for a version has no clock here."""
        return self.filter(state__in=(S.NEW, S.TAKEN), due_on__lte=today() - timedelta(days=days))

    def dealt_with_in(self, version: Version) -> Self:
        """Those that wait for this version, or for one before it that did not come."""
        return self.filter(state=S.AWAITING, article=version.article_id, awaits_number__lte=version.number)

    def most_pressing_first(self) -> Self:
        """What could harm somebody, then by due date."""
        harm = Case(When(problem=Problem.DANGEROUS, then=Value(0)), default=Value(1))
        return self.order_by(harm, "due_on", "pk")

    def with_names(self) -> Self:
        return self.select_related("article", "version", "holder").defer(
            "version__content", "version__source", "version__doubts"
        )


class LetterRecord(models.Model):
    """One letter. `diagnosis_name` is what the diagnosis was called in that version; empty for the whole article.

    `address` is there only with consent, and for a while (`reviews.letters.forget`). `awaits_number` is the version,
    or a later one, whose approval closes the letter.
    """

    kind = models.CharField(max_length=10, choices=LetterKind)
    problem = models.CharField(max_length=10, choices=Problem, blank=True, default="")
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="letters")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="letters")
    diagnosis_key = models.CharField(max_length=80, blank=True, default="")
    diagnosis_name = models.CharField(max_length=500, blank=True, default="")
    words = models.TextField(blank=True)
    address = models.CharField(max_length=254, blank=True, default="")
    consented_at = models.DateTimeField(null=True, blank=True)
    sender_key = models.CharField(max_length=64, blank=True, default="")
    received_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    due_on = models.DateField()
    state = models.CharField(max_length=10, choices=LetterState, default=S.NEW)
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="letters"
    )
    answer = models.TextField(blank=True, default="")
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    awaits_number = models.PositiveIntegerField(null=True, blank=True)
    outcome = models.CharField(max_length=12, choices=LetterOutcome, blank=True, default="")
    reason = models.TextField(blank=True, default="")
    duplicate_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="duplicates")
    came_with = models.ForeignKey(Version, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    forgotten_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)

    objects: ClassVar[ReaderLetterQuerySet] = ReaderLetterQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        abstract = True
        indexes = (
            models.Index(fields=("state", "due_on"), name="letter_queue"),
            models.Index(fields=("received_at",), name="letter_by_time"),
            models.Index(fields=("acknowledged_at",), name="letter_told", condition=~Q(address="")),
        )
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=LetterKind.values), name="letter_kind_known"),
            models.CheckConstraint(condition=Q(state__in=LetterState.values), name="letter_state_known"),
            models.CheckConstraint(
                condition=Q(kind=LetterKind.QUESTION, problem="")
                | Q(kind=LetterKind.PROBLEM, problem__in=Problem.values),
                name="letter_problem_fits_kind",
            ),
            models.CheckConstraint(
                condition=Q(address="") | Q(consented_at__isnull=False, forgotten_at=None),
                name="letter_address_by_consent",
            ),
            models.CheckConstraint(
                condition=Q(state=S.NEW, holder=None)
                | Q(state__in=(S.TAKEN, S.AWAITING), holder__isnull=False)
                | Q(state=S.CLOSED),
                name="letter_holder_fits_state",
            ),
            models.CheckConstraint(
                condition=Q(state=S.AWAITING, awaits_number__isnull=False) | ~Q(state=S.AWAITING),
                name="letter_awaits_a_version",
            ),
            models.CheckConstraint(
                condition=Q(state=S.CLOSED, closed_at__isnull=False, outcome__in=LetterOutcome.values)
                | (~Q(state=S.CLOSED) & Q(closed_at=None, closed_by=None, outcome="")),
                name="letter_closed_paired",
            ),
            models.CheckConstraint(
                condition=Q(outcome=LetterOutcome.DUPLICATE, duplicate_of__isnull=False)
                | (~Q(outcome=LetterOutcome.DUPLICATE) & Q(duplicate_of=None)),
                name="letter_duplicate_paired",
            ),
            models.CheckConstraint(
                condition=Q(outcome=LetterOutcome.IN_VERSION, came_with__isnull=False)
                | (~Q(outcome=LetterOutcome.IN_VERSION) & Q(came_with=None)),
                name="letter_version_paired",
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
                name="letter_answered_paired",
            ),
        )

    def __str__(self) -> str:
        return f"Letter {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("letters:letter", args=(self.pk,))

    @property
    def is_closed(self) -> bool:
        return self.state == S.CLOSED

    @property
    def is_question(self) -> bool:
        return self.kind == LetterKind.QUESTION

    @property
    def is_dangerous(self) -> bool:
        return self.problem == Problem.DANGEROUS

    @property
    def has_clock(self) -> bool:
        return self.state in (S.NEW, S.TAKEN)

    @property
    def may_be_answered(self) -> bool:
        """Whether there is an address to write to, and nobody has written yet."""
        return bool(self.address) and self.answered_at is None and not self.is_closed

    @property
    def subject(self) -> str:
        """What it is, for lists: what is wrong, or that it is a question."""
        return self.get_problem_display() if self.problem else "Question"

    @property
    def question_key(self) -> str:
        """The key of what is put into a version for it (`content.schema.Question`)."""
        return f"letter-{self.pk}"

    def possible_holders(self) -> models.QuerySet[User]:
        """The editors to whom it may go. See also `permissions.may_handle_letter`."""
        return User.objects.with_role("editor").active().exclude(pk=self.article.owner_id).order_by("name", "pk")
