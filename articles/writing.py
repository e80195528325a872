"""Who is writing at a draft now, and what they typed that could not be saved yet."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.http import QueryDict
from django.utils import timezone

from people.models import User

if TYPE_CHECKING:
    from articles.models import Version

TAB = re.compile(r"[0-9a-f]{32}")
HERE_FOR = timedelta(seconds=35)  # after the last sign of life: two that are missed, and a little
REMEMBERED_FOR = timedelta(days=1)
MOST_KEPT = 20  # texts of one person for one draft
LONGEST_TYPED = 1_000_000  # characters of everything typed; an article has at most 250,000
NOT_TYPED = {"csrfmiddlewaretoken", "action", "at", "tab", "as", "hold", "restored", "writer"}


def as_pairs(typed: QueryDict) -> list[list[str]] | None:
    """What was typed, field by field, as it can be stored; None when it is far too long."""
    pairs = [(name, value) for name, values in typed.lists() if name not in NOT_TYPED for value in values]
    if sum(len(name) + len(value) for name, value in pairs) > LONGEST_TYPED:
        return None
    return [[name.replace("\0", ""), value.replace("\0", "")] for name, value in pairs]


class PresenceQuerySet(models.QuerySet["Presence"]):
    def seen(self, version: Version, user: User, tab: str) -> None:
        """Note that this person has this draft open in this tab."""
        if not TAB.fullmatch(tab):
            return
        now = timezone.now()
        self.update_or_create(version=version, user=user, tab=tab, defaults={"seen_at": now, "is_open": True})
        self.filter(version=version, seen_at__lt=now - REMEMBERED_FOR, revision=None).delete()

    def left(self, version: Version, user: User, tab: str) -> None:
        """The tab was closed, went on to another page, or was loaded anew under another name."""
        self.filter(version=version, user=user, tab=tab).update(is_open=False)

    def wrote(self, version: Version, user: User, tab: str) -> None:
        """The text of this draft, as it is saved now, was written in this tab; their last is remembered for good."""
        name = tab if TAB.fullmatch(tab) else uuid.uuid4().hex
        self.filter(version=version, user=user).update(revision=None)
        fields = {"revision": version.revision, "seen_at": timezone.now(), "is_open": name == tab}
        self.update_or_create(version=version, user=user, tab=name, defaults=fields)

    def has_written(self, version: Version, user: User, tab: str) -> bool:
        """Whether the saved text is this tab's own: one whose answer was lost on the way is no conflict."""
        return self.filter(version=version, user=user, tab=tab, revision=version.revision).exists()

    def here(self, version: Version, *, but: str) -> Self:
        """Who else has this draft open at this moment, one row a tab, in the order of their names."""
        now = self.filter(version=version, is_open=True, seen_at__gt=timezone.now() - HERE_FOR)
        return now.exclude(tab=but).select_related("user").order_by("user__name", "user_id", "tab")

    def writers_of(self, version: Version) -> set[int]:
        """Everybody who ever saved this draft."""
        return set(self.filter(version=version).exclude(revision=None).values_list("user", flat=True))

    def writer_of(self, version: Version) -> User | None:
        """Who saved the text as it is now, when that is known."""
        row = self.filter(version=version, revision=version.revision).select_related("user").first()
        return row.user if row else None


class Presence(models.Model):
    """A tab in which somebody has a draft open. `revision` is the last that this person saved, and it was there."""

    version = models.ForeignKey("articles.Version", on_delete=models.CASCADE, related_name="presences")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    tab = models.CharField(max_length=32)
    seen_at = models.DateTimeField()
    is_open = models.BooleanField(default=True)
    revision = models.PositiveIntegerField(null=True, blank=True)

    objects: ClassVar[PresenceQuerySet] = PresenceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = (models.UniqueConstraint(fields=("version", "user", "tab"), name="one_presence_a_tab"),)

    def __str__(self) -> str:
        return f"{self.user_id} at {self.version_id}"


class TypingQuerySet(models.QuerySet["Typing"]):
    def keep(self, version: Version, user: User, typed: QueryDict, *, tab: str, based_on: int) -> bool:
        """Keep this as it was typed; False when it is too long or comes from no tab."""
        pairs = as_pairs(typed)
        if not TAB.fullmatch(tab) or pairs is None:
            return False
        fields = {"typed": pairs, "based_on": based_on, "kept_at": timezone.now()}
        self.update_or_create(version=version, user=user, tab=tab, defaults=fields)
        mine = self.filter(version=version, user=user).order_by("-kept_at")
        self.filter(pk__in=list(mine.values_list("pk", flat=True)[MOST_KEPT:])).delete()
        return True

    def of(self, version: Version, user: User) -> Self:
        """What this person typed that is not saved, into this draft or an older one of the article; newest first."""
        return self.filter(version__article=version.article_id, user=user).order_by("-kept_at", "-pk")


class Typing(models.Model):
    """The whole editor as one person typed it, when it could not be saved: not valid yet, or somebody was quicker."""

    version = models.ForeignKey("articles.Version", on_delete=models.CASCADE, related_name="typings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    tab = models.CharField(max_length=32)
    typed = models.JSONField()
    based_on = models.PositiveIntegerField()
    kept_at = models.DateTimeField()

    objects: ClassVar[TypingQuerySet] = TypingQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = (models.UniqueConstraint(fields=("version", "user", "tab"), name="one_typing_a_tab"),)

    def __str__(self) -> str:
        return f"typed by {self.user_id} at {self.version_id}"

    def as_sent(self, version: Version) -> QueryDict:
        """What was typed, as a browser would send it to the editor of this version."""
        sent = QueryDict(mutable=True)
        for name, value in self._pairs():
            sent.appendlist(name, value)
        sent["based_on"] = str(self.based_on if version.pk == self.version_id else 0)
        sent["restored"] = str(self.pk)
        return sent

    def _pairs(self) -> Iterable[tuple[str, str]]:
        return ((str(name), str(value)) for name, value in self.typed)
