"""Diagnoses across articles: every name that a current article gives, and which articles give it, tier by tier."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, Self

from django.urls import reverse

from content.schema import Tier
from publications.cursors import Page, Place, cut
from publications.finding.lines import COLUMNS, Line
from publications.finding.words import plain
from publications.models import Publication
from publications.prepared import prepared

PER_TIER, PER_PAGE = 20, 60
_COLUMNS = COLUMNS.count(",") + 1
#: The name and those that editors keep as equal to it.
_EQUAL = """
WITH equal AS MATERIALIZED (
    SELECT %(slug)s::text AS slug
    UNION SELECT other.slug FROM synonym said JOIN synonym other USING (group_id) WHERE said.slug = %(slug)s
)"""
NAMES = f"""{_EQUAL}
SELECT n.slug, n.name, n.articles, (
    SELECT json_agg(DISTINCT other.word) FROM synonym said JOIN synonym other USING (group_id)
    WHERE said.slug = %(slug)s
) FROM equal JOIN diagnosis_name n USING (slug) ORDER BY n.slug <> %(slug)s, n.articles DESC, n.slug
"""  # noqa: S608 - our own words
_BY_TITLE = {
    0: "ORDER BY d.article_title, d.publication_id",
    1: "AND (d.article_title, d.publication_id) > (%(by)s::text, %(id)s::bigint) "
    "ORDER BY d.article_title, d.publication_id",
    -1: "AND (d.article_title, d.publication_id) < (%(by)s::text, %(id)s::bigint) "
    "ORDER BY d.article_title DESC, d.publication_id DESC",
}
NAMED = f"""{_EQUAL}
SELECT {COLUMNS}, d.key, d.name, d.plain_name, d.tier, d.must_not_be_missed, d.codes
FROM unnest(%(tiers)s::text[]) AS wanted (tier) CROSS JOIN equal
CROSS JOIN LATERAL (
    SELECT * FROM diagnosis d WHERE d.slug = equal.slug AND d.tier = wanted.tier {{keyset}} LIMIT {PER_TIER + 1}
) d
JOIN publication p ON p.id = d.publication_id
"""  # noqa: S608 - our own words
LETTERS = """
WITH RECURSIVE every AS (
    (SELECT letter FROM diagnosis_name ORDER BY letter LIMIT 1)
    UNION ALL
    SELECT (SELECT n.letter FROM diagnosis_name n WHERE n.letter > every.letter ORDER BY n.letter LIMIT 1)
    FROM every WHERE every.letter IS NOT NULL
)
SELECT letter FROM every WHERE letter IS NOT NULL
"""
_PLACE = "(%(begins)s::text, %(name)s::text, %(slug)s::text)"  # which may have been taken out meanwhile
_KEYSETS = {
    0: "ORDER BY letter, name, slug",
    1: f"AND (letter, name, slug) > {_PLACE} ORDER BY letter, name, slug",
    -1: f"AND (letter, name, slug) < {_PLACE} ORDER BY letter DESC, name DESC, slug DESC",
}
LISTED = (
    "SELECT letter, slug, name, articles FROM diagnosis_name WHERE letter = ANY (%(letters)s) {keyset} LIMIT %(most)s"
)


class Name(NamedTuple):
    """A diagnosis, and how many current articles name it."""

    slug: str
    name: str
    articles: int

    @property
    def url(self) -> str:
        return reverse("publications:diagnosis", args=(self.slug,))


class Names(NamedTuple):
    """A page of them, with the letters that there are."""

    page: Page[Name]
    letters: Sequence[str]


class InTier(NamedTuple):
    """The articles that name it in one tier, by title."""

    tier: Tier
    page: Page[Line]


class DiagnosisPage(NamedTuple):
    """All about one diagnosis: how it is called, its codes as far as they are shown here, and the articles."""

    name: Name
    also: Sequence[str]
    codes: Sequence[str]
    articles: int
    tiers: Sequence[InTier]

    @classmethod
    def read(cls, slug: str, *, tier: str = "", after: str = "", before: str = "") -> Self | None:
        """The page; with a tier, only that, from one of its lines on or back. None: no current article names it."""
        names = _asked(NAMES, {"slug": slug})
        if not names:
            return None
        place = Place.read(str, int, after=after, before=before) if tier else Place()
        wanted = [tier] if tier in set(Tier) else [each.value for each in Tier]
        values = {"slug": slug, "tiers": wanted} | dict(zip(("by", "id"), place.values, strict=False))
        rows = _asked(NAMED.format(keyset=_BY_TITLE[place.way]), values)
        name = Name(*names[0][:3])
        called = {
            *(row[1] for row in names),
            *(row[_COLUMNS + 1] for row in rows),
            *(row[_COLUMNS + 2] for row in rows),
        }
        return cls(
            name,
            _others(name.name, [*sorted(called, key=str.casefold), *(names[0][3] or ())]),
            sorted({code for row in rows for code in row[_COLUMNS + 5]}),
            sum(row[2] for row in names),
            [found for each in wanted if (found := _in_tier(Tier(each), rows, place.way)).page.rows],
        )


def _others(name: str, called: Iterable[str]) -> list[str]:
    """What else it is called, each once, however it is written."""
    others = {plain(each): each for each in reversed(list(called))}
    return [each for said, each in reversed(others.items()) if said and said != plain(name)]


def _in_tier(tier: Tier, rows: Sequence[Any], way: int) -> InTier:
    """The rows of equal names come one after the other: put them in the order of titles."""
    here = sorted((row for row in rows if row[_COLUMNS + 3] == tier), key=lambda row: (row[2], row[0]), reverse=way < 0)
    lines = [Line.read(row[:_COLUMNS], (), [_mention(row)], "") for row in here[: PER_TIER + 1]]
    return InTier(tier, cut(lines, way, PER_TIER, lambda line: (line.title, line.id)))


def _mention(row: Sequence[Any]) -> Sequence[Any]:
    key, name, _, tier, must_not_be_missed, _ = row[_COLUMNS:]
    return key, name, tier, must_not_be_missed


def names(*, letter: str = "", after: str = "", before: str = "") -> Names:
    """Every name by its letter, a page at a time."""
    letters = [row[0] for row in _asked(LETTERS, {})]
    place = Place.read(str, str, str, after=after, before=before)
    values = {"letters": [letter] if letter else letters, "most": PER_PAGE + 1}
    values |= zip(("begins", "name", "slug"), place.values, strict=False)
    rows = _asked(LISTED.format(keyset=_KEYSETS[place.way]), values)
    page = cut(rows, place.way, PER_PAGE, lambda row: (row[0], row[2], row[1]))
    return Names(page._replace(rows=[Name(*row[1:]) for row in page.rows]), letters)


def _asked(statement: str, values: dict[str, Any]) -> list[Any]:
    used = {name: value for name, value in values.items() if f"%({name})s" in statement}
    with prepared(Publication.objects.db) as cursor:
        cursor.execute(statement, used)
        rows: list[Any] = cursor.fetchall()
    return rows
