"""Sets of articles and versions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Self

from django.core.exceptions import PermissionDenied
from django.db import connection, models, transaction
from django.db.models import Q
from django.utils.text import slugify

from articles import states
from articles.fingerprints import Fingerprint
from articles.states import VersionState
from articles.workflow import IllegalMove
from content import canonical
from content.counting import first_free
from content.schema import Content
from ledger.models import Event
from people import permissions
from people.models import User

if TYPE_CHECKING:
    from articles.models import Article, Version

SLUGS = 7_510_423_884  # the lock under which addresses are given; any number that nobody else uses


class ArticleQuerySet(models.QuerySet["Article"]):
    def visible_to(self, user: User) -> Self:
        """The articles of which this user may read some version. See also `VersionQuerySet.visible_to`."""
        from articles.models import Version

        return self.filter(pk__in=Version.objects.visible_to(user).values("article_id"))

    def twins_of(self, version: Version) -> Self:
        """Other articles whose address says the same title; ask `visible_to` before naming any."""
        stem = address_of(version.title)
        return self.exclude(pk=version.article_id).filter(slug__regex=rf"^{stem}(-[0-9]+)?$").order_by("pk")

    def create_with_draft(
        self,
        content: Content,
        *,
        by: User,
        specialty: str = "",
        source: str = "",
        doubts: list[dict[str, Any]] | None = None,
        handed_in_by: User | None = None,
    ) -> Version:
        """Make an article that `by` owns, and its first draft. `source` is the text as it was handed in, by
        `handed_in_by` if not by its owner.
        """
        if not permissions.may_create_article(by):
            raise PermissionDenied("Only authors and editors write articles.")
        with transaction.atomic():
            brought = None if handed_in_by == by else handed_in_by
            slug = self.free_slug(content.title)
            article = self.create(owner=by, specialty=specialty, slug=slug, handed_in_by=brought)
            version = article.versions.create(
                number=1, author=by, content=canonical.dumps(content), source=source, doubts=doubts or []
            )
            version.contributors.add(by)
            Fingerprint.objects.keep(version, content)
            Event.objects.append("draft_started", by=by, **version.reference, number=1, imported=bool(source))
        return version

    def free_slug(self, title: str, *, but: Article | None = None) -> str:
        """An address for this title that no other article has, nor will have before the transaction ends."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SLUGS])
        stem = address_of(title)
        others = self.exclude(pk=but.pk) if but else self
        taken = set(others.filter(slug__startswith=stem).values_list("slug", flat=True))
        return first_free(stem, taken)


def address_of(title: str) -> str:
    """The part of an article's address that its title gives."""
    return slugify(title)[:100].strip("-") or "article"


def says(slug: str, title: str) -> bool:
    """Whether this address was given for that title. See also `ArticleQuerySet.twins_of`."""
    return re.fullmatch(rf"{address_of(title)}(-[0-9]+)?", slug) is not None


class VersionQuerySet(models.QuerySet["Version"]):
    def locked(self, pk: int) -> Version:
        """The version as it is now, its article's row locked first, then its own, until the transaction ends.

        Raises:
            IllegalMove: it has been discarded.
        """
        from articles.models import Article

        if Article.objects.select_for_update().only("pk").filter(versions=pk).first() is None:
            raise IllegalMove("This draft has been discarded: nothing was changed.")
        return self.select_for_update(of=("self",)).select_related("article__owner", "author").get(pk=pk)

    def with_people(self) -> Self:
        return self.select_related("article__owner", "author")

    def open(self) -> Self:
        return self.filter(state__in=states.OPEN)

    def public(self) -> Self:
        """See also `Version.is_public`."""
        return self.filter(state=VersionState.APPROVED)

    def readable_by(self, user: User, *, among: list[int]) -> Self:
        """What this person may read of these few at their desk, and what everybody may read in public."""
        if user.is_editor:
            return self.filter(pk__in=among)
        few = self.model._default_manager.filter(pk__in=among)
        mine = [*few.visible_to(user).values_list("pk", flat=True)]
        return self.filter(pk__in=among).filter(Q(pk__in=mine) | Q(state=VersionState.APPROVED))

    def standing(self) -> Self:
        """Without texts that a newer one has taken the place of, and those that were taken back."""
        return self.exclude(state__in=states.PAST)

    def submitted_before(self, version: Version) -> Self:
        """What a version came from: the submitted ones before it, the newest first. Its readers may read these too."""
        earlier = self.filter(article=version.article_id, number__lt=version.number, content_sha256__isnull=False)
        return earlier.order_by("-number")

    def visible_to(self, user: User) -> Self:
        """See also `people.permissions.may_read_version`."""
        if user.is_editor:
            return self
        mine = Q(pk__in=())
        if permissions.writes(user):
            mine |= Q(article__owner=user) | Q(contributors=user)
        if user.is_reviewer:
            mine |= Q(assignments__reviewer=user, assignments__state__in=states.ASKED)
        return self.filter(pk__in=self.model._default_manager.filter(mine).values("pk"))
