"""How many current articles stand under each specialty and first letter: counted when they are published."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, Self

from django.db import connections

from publications.addresses import search_url
from publications.finding.lines import LABELS
from publications.models import Publication

SHELVES = "(SELECT json_agg(json_build_array(specialty, letter, articles)) FROM shelf)"


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
    def none(cls) -> Self:
        return cls({})

    @classmethod
    def read(cls, raw: list[Any] | None) -> Self:
        return cls({(specialty, letter): articles for specialty, letter, articles in raw or ()})

    @classmethod
    def now(cls) -> Self:
        """Asks the database."""
        with connections[Publication.objects.db].cursor() as cursor:
            cursor.execute("SELECT specialty, letter, articles FROM shelf")
            return cls.read(cursor.fetchall())

    def count(self, specialty: str = "", letter: str = "") -> int:
        """How many there are under both; "" is any."""
        return sum(n for (its, begins), n in self.counts.items() if specialty in {"", its} and letter in {"", begins})

    def specialties(self) -> list[SpecialtyCount]:
        """Each known specialty that has an article, by label."""
        counts: dict[str, int] = {}
        for (specialty, _), articles in self.counts.items():
            counts[specialty] = counts.get(specialty, 0) + articles
        known = [SpecialtyCount(value, LABELS[value], n) for value, n in counts.items() if value in LABELS]
        return sorted(known, key=lambda each: each.label)

    def letters(self, **filters: str) -> list[Letter]:
        """A to Z and whatever else a title begins with, in a specialty if one is given; none without an article."""
        specialty = filters.get("specialty", "")
        found = {letter for its, letter in self.counts if specialty in {"", its}}
        alphabet = [*map(chr, range(ord("A"), ord("Z") + 1)), *sorted(x for x in found if not "A" <= x <= "Z")]
        return [Letter(x, search_url(**filters, letter=x) if x in found else "") for x in alphabet] if found else []
