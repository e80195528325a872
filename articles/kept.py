"""What people had typed into drafts that somebody discarded: each text is its writer's, until they delete it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Max, Q
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from articles.writing import MOST_KEPT, TAB, Presence, Typing, as_pairs
from people import permissions
from people.models import User

if TYPE_CHECKING:
    from articles.models import Version


def _writers_of(version: Version) -> set[int]:
    """Of the first version all contributors: of a later one, only who saved in it."""
    if version.based_on is None:
        return set(version.contributors.values_list("pk", flat=True))
    return Presence.objects.writers_of(version)


class KeptTextQuerySet(models.QuerySet["KeptText"]):
    def visible_to(self, user: User) -> Self:
        """Their own, as long as they write here."""
        if not permissions.writes(user):
            return self.none()
        return self.filter(user=user).with_words().order_by("-kept_at", "-pk")

    def with_words(self) -> Self:
        """Without the rows that only note that somebody had a draft open."""
        return self.exclude(content="", typed=[])

    def leave(self, version: Version, *, by: User) -> list[User]:
        """Keep, of a draft that is being discarded, what its writers could want; who of them has something to see.

        Who saved in it gets the text as it was saved, unless they discard it themselves; everybody, what they had
        typed that was not saved. Who has it open may still send more: `keep_late`.
        """
        wrote = (_writers_of(version) if version.has_own_words else set()) - {by.pk}
        here = Presence.objects.filter(version=version).values_list("user", flat=True)
        about = {
            "article_id": version.article_id,
            "version_id": version.pk,
            "number": version.number,
            "revision": version.revision,
            "title": version.title,
            "discarded_by": by,
        }
        rows = [
            self.model(**about, user_id=pk, content=version.content if pk in wrote else "")
            for pk in {*here, *wrote, by.pk, version.article.owner_id}
        ]
        rows += [
            self.model(**about, user_id=typing.user_id, tab=typing.tab, typed=typing.typed)
            for typing in Typing.objects.filter(version=version)
        ]
        self.bulk_create(rows)
        return list(User.objects.filter(pk__in={row.user_id for row in rows if row.has_words} - {by.pk}).active())

    def keep_late(self, article_id: int, number: int, typed: QueryDict, *, by: User) -> KeptText | None:
        """Keep what comes from a page that still has a discarded draft open; None when it is not known to be theirs,
        or is far too long.
        """
        tab, pairs = str(typed.get("tab", "")), as_pairs(typed)
        known = self.filter(user=by, article_id=article_id, number=number).order_by("-pk").first()
        if known is None or pairs is None or not TAB.fullmatch(tab) or not permissions.writes(by):
            return None
        about = {name: getattr(known, name) for name in ("article_id", "number", "revision", "discarded_by_id")}
        about["title"] = str(typed.get("title", "")).replace("\0", "").strip()[:500] or known.title
        kept, _ = self.update_or_create(
            user=by, version_id=known.version_id, tab=tab, defaults={**about, "typed": pairs, "kept_at": timezone.now()}
        )
        mine = self.filter(user=by, version_id=known.version_id).exclude(tab="").order_by("-kept_at")
        self.filter(pk__in=list(mine.values_list("pk", flat=True)[MOST_KEPT:])).delete()
        return kept

    def last_revision(self, article_id: int, number: int) -> int:
        """The highest that a discarded draft of this number had: what is still open of it must not seem up to date."""
        return self.filter(article_id=article_id, number=number).aggregate(n=Max("revision"))["n"] or 0


class KeptText(models.Model):
    """What one person has of a draft that was discarded: its `content` as it was saved, or what they `typed`.

    The numbers of article and version are no foreign keys: what they name is gone.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="kept_texts")
    article_id = models.BigIntegerField()
    version_id = models.BigIntegerField()
    number = models.PositiveIntegerField()
    revision = models.PositiveIntegerField()
    title = models.CharField(max_length=500, blank=True, default="")
    tab = models.CharField(max_length=32, blank=True, default="")
    content = models.TextField(blank=True, default="")
    typed = models.JSONField(default=list, blank=True)
    discarded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kept_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[KeptTextQuerySet] = KeptTextQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("version_id", "user", "tab"), name="one_kept_text_a_tab"),
            models.CheckConstraint(condition=Q(content="") | Q(typed=[]), name="kept_text_is_saved_or_typed"),
        )
        indexes = (models.Index(fields=("article_id", "number"), name="kept_text_of_draft"),)

    def __str__(self) -> str:
        return f"kept of {self.version_id} for {self.user_id}"

    def get_absolute_url(self) -> str:
        return reverse("articles:kept_text", args=(self.pk,))

    def forget(self) -> None:
        """Delete the words; that this person had the draft open stays known, so that a late save is still kept."""
        KeptText.objects.filter(pk=self.pk).update(content="", typed=[])

    @property
    def has_words(self) -> bool:
        """See also `KeptTextQuerySet.with_words`."""
        return bool(self.content or self.typed)

    @property
    def as_sent(self) -> QueryDict:
        """What was typed, as a browser had sent it."""
        sent = QueryDict(mutable=True)
        for name, value in self.typed:
            sent.appendlist(str(name), str(value))
        return sent
