"""Articles that may be the same as one that is being written; and what the articles here call a source.

For one person, of what they may read. `articles.twins` keeps which is the closest of all, for editors.

First an index says which versions come into question, alone; then it is asked who may read those few. In one query
PostgreSQL would walk all versions instead.
"""

from __future__ import annotations

from typing import NamedTuple

from django.urls import reverse

from articles.models import Fingerprint, Version
from articles.querysets import VersionQuerySet
from content.citing import Identifier, identifiers
from content.schema import Content
from content.similarity import NEAR, likeness, sketch
from people.models import User

MOST_LOOKED_AT = 500  # of each kind that an index finds, before anybody asks who may read them (citing: at first)
MOST_COMPARED = 5
MOST_SHOWN = 3
MOST_CITING = 5


class Lookalike(NamedTuple):
    """A version of another article, how much of the two texts is the same (0 to 1), and whether the subject is."""

    version: Version
    share: float
    is_same_subject: bool
    url: str

    @property
    def percent(self) -> int:
        return round(100 * self.share)


def lookalikes(version: Version, content: Content, *, by: User) -> list[Lookalike]:
    """What this text looks like among the articles that this person may read, the likest first."""
    drawn = sketch(content)
    like = Fingerprint.objects.near(drawn, article_id=version.article_id, most=MOST_LOOKED_AT)
    readable = set(_readable([one.version_id for one in like], by).values_list("pk", flat=True)) if like else set()
    ranked = sorted((one for one in like if one.version_id in readable), key=lambda one: not one.is_same_subject)
    near = Version.objects.with_people().filter(pk__in=[one.version_id for one in ranked[:MOST_COMPARED]])
    found = [_compared(other, content, drawn.subject, by) for other in near]
    worth = [each for each in found if each.is_same_subject or each.share >= NEAR]
    newest = {each.version.article_id: each for each in sorted(worth, key=lambda each: each.version.number)}
    return sorted(newest.values(), key=lambda each: (-each.share, -each.version.pk))[:MOST_SHOWN]


def _readable(versions: list[int], by: User) -> VersionQuerySet:
    return Version.objects.readable_by(by, among=versions)


def _compared(other: Version, content: Content, subject: str, by: User) -> Lookalike:
    document = other.document
    same = bool(subject) and sketch(document).subject == subject
    return Lookalike(other, likeness(content, document), same, _address(other, by))


def _address(version: Version, by: User) -> str:
    """The page at the desk, or the public one for who has no business with it there."""
    if Version.objects.visible_to(by).filter(pk=version.pk).exists():
        return version.get_absolute_url()
    return reverse("publications:article", args=(version.article.slug,))


def citation_of(identifier: Identifier, *, by: User) -> dict[str, str]:
    """The fields of a reference to this source as an article has them that this person may read; empty: none has."""
    for version in Version.objects.filter(pk__in=_newest_citing(identifier, by)).order_by("-pk"):
        for reference in version.document.references:
            if reference.citation and identifier.key in {one.key for one in identifiers(reference)}:
                return reference.model_dump(exclude={"key"})
    return {}


def _newest_citing(identifier: Identifier, by: User) -> list[int]:
    """The newest that this person may read, looked for among more and more: they may be few of many."""
    found: list[int] = []
    before, most = None, MOST_LOOKED_AT
    while len(found) < MOST_CITING and (citing := Fingerprint.objects.citing(identifier.key, most=most, before=before)):
        found += sorted(_readable(citing, by).values_list("pk", flat=True), reverse=True)
        before, most = citing[-1], most * 4
    return found[:MOST_CITING]
