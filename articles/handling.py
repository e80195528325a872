"""What editors do to an article besides its text: who handles it, how urgent it is, labels, readers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import QuerySet

from articles.labels import Label, Priority
from ledger.models import Event
from people import permissions
from people.models import Role, User

if TYPE_CHECKING:
    from articles.models import Version

MOST_LABELS = 20
MOST_READERS = 1_000_000_000


class HandledArticle(models.Model):
    """How an article stands in the work of the editors.

    `editor` handles it (the database chooses one when nobody does, see `reviews/migrations/0004_turns.sql`); `traffic`
    is how many readers its subject has in a month, None when nobody knows.
    """

    editor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="handled_articles"
    )
    priority = models.PositiveSmallIntegerField(choices=Priority.choices, default=Priority.NORMAL)
    traffic = models.PositiveIntegerField(null=True, blank=True)
    labels = models.ManyToManyField(Label, related_name="articles", blank=True)

    class Meta:
        abstract = True

    owner_id: int

    @property
    def in_hand(self) -> list[Version]:
        """The versions that an editor of this article has to do with: the last one, and the one that is public."""
        versions: Any = self.versions  # type: ignore[attr-defined]
        last = list(versions.order_by("-number")[:1])
        return last + [version for version in versions.public() if version not in last]

    def prioritise(self, priority: int, *, by: User) -> None:
        """Say how urgent it is.

        Raises:
            PermissionDenied: `by` is no editor, or owns it.
            ValueError: there is no such priority.
        """
        wanted = Priority(priority)
        with transaction.atomic():
            article = self._locked()
            if not permissions.may_prioritise(User.objects.get(pk=by.pk), article):
                raise PermissionDenied("An editor says how urgent an article is, and never for their own.")
            if article.priority != wanted:
                article.priority = wanted
                article.save(update_fields=("priority",))
                article._record("prioritised", by, priority=wanted.value, label=str(wanted.label))

    def label(self, *labels: Label | str, by: User) -> None:
        """Put labels on it; a name that is new becomes a label. What it has already is left alone.

        Raises:
            PermissionDenied: `by` is no editor.
            ValidationError: a name cannot be a label, or there would be too many.
        """
        with transaction.atomic():
            article = self._sorted_by(by)
            has = set(article.labels.values_list("pk", flat=True))
            wanted = [Label.objects.called(label, by=by).pk for label in labels]
            new = list(Label.objects.kept(wanted).exclude(pk__in=has))
            if len(has) + len(new) > MOST_LABELS:
                raise ValidationError(f"An article has at most {MOST_LABELS} labels.")
            if new:
                article.labels.add(*new)
                article._record("labelled", by, labels=_names(new))

    def unlabel(self, *labels: Label | str, by: User) -> None:
        """Take labels off it. What it has not is left alone.

        Raises:
            PermissionDenied: `by` is no editor.
        """
        with transaction.atomic():
            article = self._sorted_by(by)
            asked = {str(label).casefold() for label in labels}
            old = [label for label in article.labels.all() if label.name.casefold() in asked]
            if old:
                article.labels.remove(*old)
                article._record("unlabelled", by, labels=_names(old))

    def note_traffic(self, readers_a_month: int | None, *, by: User) -> None:
        """Say how many people look for its subject in a month; None when nobody knows.

        Raises:
            PermissionDenied: `by` is no editor.
            ValidationError: no such number of readers can be.
        """
        if readers_a_month is not None and not 0 <= readers_a_month <= MOST_READERS:
            raise ValidationError(f"Readers a month are a number from 0 to {MOST_READERS:,}.")
        with transaction.atomic():
            article = self._sorted_by(by)
            if article.traffic != readers_a_month:
                article.traffic = readers_a_month
                article.save(update_fields=("traffic",))
                told = "an unknown number of" if readers_a_month is None else f"{readers_a_month:,}"
                article._record("traffic_noted", by, traffic=readers_a_month, readers=told)

    def hand_over(self, editor: User, *, by: User) -> None:
        """Have another editor handle it.

        Raises:
            PermissionDenied: `by` may not handle it.
            ValidationError: `editor` may not handle it.
        """
        with transaction.atomic():
            article = self._locked()
            if not article.may_be_handled_by(User.objects.get(pk=by.pk)):
                raise PermissionDenied("An editor hands an article over, and never one that they wrote or review.")
            if article.editor_id == editor.pk:
                return
            if not article.may_be_handled_by(editor := User.objects.get(pk=editor.pk)):
                raise ValidationError(f"{editor.display_name} is no editor, or wrote or reviews this article.")
            article.editor = editor
            article.save(update_fields=("editor",))
            article._record("handed_over", by, editor=editor.display_name, editor_id=editor.pk)

    def may_be_handled_by(self, user: User) -> bool:
        """Whether this person may handle its version in hand. See also `possible_editors`."""
        return user.is_active and all(permissions.may_handle(user, version) for version in self.in_hand)

    def possible_editors(self) -> QuerySet[User]:
        """Those whom it can be handed to. See also `may_be_handled_by`."""
        found = User.objects.with_role(Role.EDITOR).exclude(pk=self.owner_id)
        for version in self.in_hand:
            found = found.exclude(pk__in=version.contributors.values("pk"))
            found = found.exclude(pk__in=version.assignments.outstanding().values("reviewer"))
        return found.order_by("name", "pk")

    def _locked(self) -> Self:
        objects: Any = type(self)._default_manager
        locked: Self = objects.select_for_update().get(pk=self.pk)
        return locked

    def _sorted_by(self, by: User) -> Self:
        """The article, locked, for an editor."""
        article = self._locked()
        if not permissions.may_sort_articles(User.objects.get(pk=by.pk)):
            raise PermissionDenied("Only editors sort articles.")
        return article

    def _record(self, kind: str, by: User, **details: Any) -> None:
        Event.objects.append(kind, by=by, article_id=self.pk, **details)


def _names(labels: list[Label]) -> str:
    return ", ".join(sorted(label.name for label in labels))
