"""What editors sort articles by: labels and priorities."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Count, IntegerChoices
from django.db.models.functions import Lower

from content.text import line
from ledger.models import Event
from people import permissions
from people.models import User

LONGEST_NAME = 40
SLICE = 200  # articles changed in one transaction


class Priority(IntegerChoices):
    """What is to be done first; the smaller number comes first."""

    URGENT = 1, "Urgent"
    HIGH = 2, "High"
    NORMAL = 3, "Normal"
    LOW = 4, "Low"


class LabelQuerySet(models.QuerySet["Label"]):
    def called(self, label: Label | str, *, by: User) -> Label:
        """The label of that name, whatever its case; made when there is none.

        Raises:
            PermissionDenied: there is none, and `by` is no editor.
            ValidationError: the words cannot name a label.
        """
        if isinstance(label, Label):
            return label
        name = label_name(label)
        if found := self.filter(name__iexact=name).first():
            return found
        if not permissions.may_sort_articles(User.objects.get(pk=by.pk)):
            raise PermissionDenied("Only editors make labels.")
        try:
            with transaction.atomic():
                return self.create(name=name)
        except IntegrityError:  # somebody made it in this moment
            return self.get(name__iexact=name)

    def kept(self, pks: list[int]) -> Self:
        """Those of these that are still there, and stay until the transaction ends."""
        return self.filter(pk__in=pks).select_for_update(no_key=True).order_by("pk")

    def with_counts(self) -> Self:
        """With `uses`: how many articles bear each."""
        return self.annotate(uses=Count("articles")).order_by(Lower("name"))


def label_name(words: str) -> str:
    """The words as a label is named.

    Raises:
        ValidationError: there are none, too many, or a comma, which parts one label from the next.
    """
    name = line(words)
    if not name:
        raise ValidationError("Give the label a name.")
    if len(name) > LONGEST_NAME:
        raise ValidationError(f"A label has at most {LONGEST_NAME} characters: “{name[:LONGEST_NAME]}…” is longer.")
    if "," in name:
        raise ValidationError("A label has no comma: commas part one label from the next.")
    return name


class Label(models.Model):
    """A word that editors put on articles. Names are unique whatever their case."""

    name = models.CharField(max_length=LONGEST_NAME)

    objects: ClassVar[LabelQuerySet] = LabelQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(Lower("name"), name="label_name_unique_in_any_case"),
            models.CheckConstraint(condition=~models.Q(name=""), name="label_has_name"),
        )

    def __str__(self) -> str:
        return self.name

    def rename(self, name: str, *, by: User) -> None:
        """Call it something else, on every article.

        Raises:
            PermissionDenied: `by` is no editor.
            ValidationError: the name cannot be, or another label has it.
        """
        name = label_name(name)
        with transaction.atomic():
            label = self._locked_by(by)
            if label.name == name:
                return
            if Label.objects.filter(name__iexact=name).exclude(pk=self.pk).exists():
                raise ValidationError(f"There is a label “{name}” already. Merge the two instead.")
            before, label.name = label.name, name
            label.save(update_fields=("name",))
            Event.objects.append("label_renamed", by=by, before=before, label=name, label_id=self.pk)

    def merge_into(self, other: Label, *, by: User) -> int:
        """Put the other label on every article that bears this one, then remove this one. Returns how many those were.

        Killed in the middle it leaves both labels, and can be done again.

        Raises:
            PermissionDenied: `by` is no editor.
            ValidationError: it is the same label.
        """
        if other.pk == self.pk:
            raise ValidationError("Choose another label to merge it into.")
        return self._leave("label_merged", other, by=by)

    def remove(self, *, by: User) -> int:
        """Take it off every article, and forget it. Returns how many those were. Killed, it can be done again.

        Raises:
            PermissionDenied: `by` is no editor.
        """
        return self._leave("label_removed", None, by=by)

    def _leave(self, kind: str, heir: Label | None, *, by: User) -> int:
        """Slice by slice, so that no transaction holds thousands; the label goes last, when no article bears it."""
        total = 0
        while True:
            total += sum(iter(lambda: self._leave_some(heir, by=by), 0))
            with transaction.atomic():
                label = self._locked_by(by)
                if label.articles.exists():  # somebody was labelling in this moment
                    continue
                label.delete()
                told: dict[str, Any] = {"before": label.name, "articles": total}
                told |= {"label": heir.name, "label_id": heir.pk} if heir else {}
                Event.objects.append(kind, by=by, **told)
                return total

    @transaction.atomic
    def _leave_some(self, heir: Label | None, *, by: User) -> int:
        """Take it off the first articles that bear it; how many those were."""
        label = self._allowed(by)
        articles = list(label.articles.select_for_update(of=("self",)).order_by("pk")[:SLICE])
        if heir:
            heir.articles.add(*articles)
        label.articles.remove(*articles)
        return len(articles)

    def _allowed(self, by: User) -> Self:
        if not permissions.may_sort_articles(User.objects.get(pk=by.pk)):
            raise PermissionDenied("Only editors change labels.")
        return self

    def _locked_by(self, by: User) -> Label:
        self._allowed(by)
        label = Label.objects.select_for_update().filter(pk=self.pk).first()
        if label is None:
            raise ValidationError("Somebody has removed this label in the meantime.")
        return label
