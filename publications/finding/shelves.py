"""How many current articles stand under each specialty and first letter: counted when they are published."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple, Self

from django.db import connections

from publications.addresses import search_url
from publications.finding.lines import LABELS
from publications.models import Publication


class SpecialtyCount(NamedTuple):
    """A specialty and how many current articles it has."""

    value: str
    label: str
    article_count: int

    @property
    def url(self) -> str:
        return search_url(specialty=self.value)


class Letter(NamedTuple):
    """A first letter of titles; `url` is "" when no current title begins with it."""

    letter: str
    url: str


class Shelves(NamedTuple):
    """The counts by specialty and letter."""

    counts: Mapping[tuple[str, str], int]

    @classmethod
    def now(cls) -> Self:
        """Asks the database."""
        with connections[Publication.objects.db].cursor() as cursor:
            cursor.execute("SELECT specialty, letter, articles FROM shelf")
            return cls({(specialty, letter): articles for specialty, letter, articles in cursor.fetchall()})

    def specialties(self) -> list[SpecialtyCount]:
        """Each known specialty that has an article, by label."""
        counts: dict[str, int] = {}
        for (specialty, _), articles in self.counts.items():
            counts[specialty] = counts.get(specialty, 0) + articles
        known = [SpecialtyCount(value, LABELS[value], n) for value, n in counts.items() if value in LABELS]
        return sorted(known, key=lambda each: each.label)

    @property
    def letters(self) -> tuple[str, ...]:
        """What titles begin with."""
        return tuple(sorted({letter for _, letter in self.counts}))


def alphabet(found: Collection[str], **filters: str) -> list[Letter]:
    """A to Z and whatever else was found that titles begin with; nothing when they begin with nothing."""
    letters = [*map(chr, range(ord("A"), ord("Z") + 1)), *sorted(x for x in found if not "A" <= x <= "Z")]
    return [Letter(x, search_url(**filters, letter=x) if x in found else "") for x in letters] if found else []
