"""What every reviewer is asked about every article: questions as data."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, NamedTuple, Self

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import Max
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.text import slugify

from content.counting import first_free
from content.schema import Content
from ledger.models import Event
from people import permissions
from people.models import User
from reviews.states import Affirmed

MOST_ITEMS = 12
PLAIN_TEXT = "plain-text"  # the statement about the text for patients


class Answer(NamedTuple):
    """What a reviewer says to one statement; the note says more, and why not."""

    answer: str
    note: str = ""

    @property
    def as_kept(self) -> dict[str, str]:
        """As an assignment keeps it."""
        return {"answer": self.answer, "note": self.note}

    @classmethod
    def kept(cls, data: Mapping[str, Any]) -> Answer:
        """The answer that an assignment has kept."""
        return cls(str(data.get("answer", "")), str(data.get("note", "")))


type Answers = Mapping[str, Answer]


class ChecklistQuerySet(models.QuerySet["ChecklistItem"]):
    def asked(self) -> Self:
        """What is asked now, in order."""
        return self.filter(retired_at=None)

    def add(self, statement: str, help: str = "", *, by: User) -> ChecklistItem:
        """Ask for one more thing, at the end of the list.

        Raises:
            PermissionDenied: `by` does not keep the checklist.
            ValidationError: it is asked already, or the list is full.
        """
        with transaction.atomic():
            _require(by)
            asked = list(ChecklistItem.objects.select_for_update().asked())
            if any(item.statement.casefold() == statement.casefold() for item in asked):
                raise ValidationError("This is asked already.")
            if len(asked) >= MOST_ITEMS:
                raise ValidationError(f"More than {MOST_ITEMS} statements are not read. Retire one first.")
            position = self.aggregate(n=Coalesce(Max("position"), 0))["n"] + 1
            item = self.create(key=self._free_key(statement), statement=statement, help=help, position=position)
            Event.objects.append("checklist_item_added", by=by, statement=statement, item=item.pk)
        return item

    def _free_key(self, statement: str) -> str:
        stem = slugify(statement)[:34].strip("-") or "statement"
        taken = set(ChecklistItem.objects.filter(key__startswith=stem).values_list("key", flat=True))
        return first_free(stem, taken)


class ChecklistItem(models.Model):
    """One statement that an approval affirms. Its words stand in each decision as they were when it was signed.

    What was asked stays what it was, so that answers keep their meaning: a statement is retired, and another added.
    """

    key = models.SlugField(max_length=40, unique=True)
    statement = models.CharField(max_length=300)
    help = models.CharField(max_length=500, blank=True, default="")
    position = models.PositiveSmallIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[ChecklistQuerySet] = ChecklistQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.statement

    def retire(self, *, by: User) -> None:
        """Ask for it no more. Retired twice, it was retired once.

        Raises:
            PermissionDenied: `by` does not keep the checklist.
        """
        with transaction.atomic():
            _require(by)
            item = ChecklistItem.objects.select_for_update().get(pk=self.pk)
            if item.retired_at is None:
                item.retired_at = timezone.now()
                item.save(update_fields=("retired_at",))
                Event.objects.append("checklist_item_retired", by=by, statement=item.statement, item=item.pk)


def _require(by: User) -> None:
    if not permissions.may_keep_checklist(User.objects.get(pk=by.pk)):
        raise PermissionDenied("Only editors and administrators change the checklist.")


def fingerprint(items: Iterable[ChecklistItem]) -> str:
    """Names these statements in these words, so that a signature is on what was on the screen."""
    words = "\n".join(f"{item.key}: {item.statement}" for item in items)
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def affirmed(item: ChecklistItem, content: Content) -> Affirmed:
    """What an approval of this text says to a statement that nobody answered."""
    speaks_of_nothing = item.key == PLAIN_TEXT and not content.has_patient_text
    return Affirmed.NOT_APPLICABLE if speaks_of_nothing else Affirmed.YES


def snapshot(items: Iterable[ChecklistItem], answers: Answers, *, approved: Content | None) -> list[dict[str, str]]:
    """The statements with the answers, in words, as a decision keeps them.

    What has no answer is affirmed by an approval, of the text `approved`; otherwise it is left out.
    """
    said = []
    for item in items:
        given = answers.get(item.key, Answer(""))
        if answer := given.answer or (affirmed(item, approved) if approved else ""):
            said.append({"key": item.key, "statement": item.statement, "answer": answer, "note": given.note})
    return said
