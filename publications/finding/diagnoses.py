"""Diagnoses across articles: every name that a current article gives, and which articles give it, tier by tier."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product
from typing import Any, NamedTuple, Self

from django.urls import reverse

from content.schema import Tier
from publications.cursors import Page, Place, cut
from publications.finding.lines import COLUMNS, Line
from publications.finding.words import plain
from publications.models import Publication
from publications.prepared import prepared

PER_TIER, PER_PAGE = 20, 60
#: The name and those that editors keep as equal to it.
_EQUAL = """
WITH equal AS MATERIALIZED (
    SELECT %(slug)s::text AS slug
    UNION SELECT other.slug FROM synonym said JOIN synonym other USING (group_id) WHERE said.slug = %(slug)s
)"""
NAMES = f"""{_EQUAL}
SELECT n.slug, n.name, CASE (SELECT count(*) FROM equal JOIN diagnosis_name USING (slug))
    WHEN 1 THEN n.articles ELSE (SELECT count(DISTINCT publication_id) FROM diagnosis JOIN equal USING (slug)) END, (
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
#: Every walk is along the index, and an article comes once in a tier, be it there by two names.
NAMED = f"""{_EQUAL}, named AS MATERIALIZED (
    SELECT DISTINCT walk.tier, d.publication_id
    FROM unnest(%(tiers)s::text[], %(own)s::text[], %(must)s::boolean[]) AS walk (tier, own, must) CROSS JOIN equal
    CROSS JOIN LATERAL (
        SELECT DISTINCT d.article_title, d.publication_id FROM diagnosis d
        WHERE d.slug = equal.slug AND d.tier = walk.own AND d.must_not_be_missed = walk.must
        {{keyset}} LIMIT {PER_TIER + 1}
    ) d
)
SELECT n.tier, json_agg(
    json_build_array(d.key, d.name, d.tier, d.must_not_be_missed, d.plain_name, d.codes) ORDER BY d.place), {COLUMNS}
FROM named n JOIN publication p ON p.id = n.publication_id
JOIN diagnosis d ON d.publication_id = p.id AND d.slug IN (SELECT slug FROM equal)
    AND (d.tier = n.tier OR n.tier = 'do_not_miss' AND d.must_not_be_missed)
GROUP BY n.tier, p.id
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
    """The articles that name it in one tier, by title. What must not be missed is among those and in its own tier."""

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
        wanted = [Tier(tier)] if tier in set(Tier) else list(Tier)
        values = {"slug": slug} | _walks(wanted) | dict(zip(("by", "id"), place.values, strict=False))
        rows = _asked(NAMED.format(keyset=_BY_TITLE[place.way]), values)
        name, mentions = Name(*names[0][:3]), [mention for row in rows for mention in row[1]]
        called = {*(row[1] for row in names), *(said for each in mentions for said in (each[1], each[4]))}
        return cls(
            name,
            _others(name.name, [*sorted(called, key=str.casefold), *(names[0][3] or ())]),
            sorted({code for each in mentions for code in each[5]}),
            name.articles,
            [found for each in wanted if (found := _in_tier(each, rows, place.way)).page.rows],
        )


def _walks(wanted: Sequence[Tier]) -> dict[str, list[Any]]:
    """Which diagnoses each tier has: its own, and as not to be missed also those of the others that must not be."""
    walks = [
        (tier.value, own.value, must)
        for tier, own, must in product(wanted, Tier, (True, False))
        if own is tier or (tier is Tier.DO_NOT_MISS and must)
    ]
    return {name: [walk[at] for walk in walks] for at, name in enumerate(("tiers", "own", "must"))}


def _others(name: str, called: Iterable[str]) -> list[str]:
    """What else it is called, each once, however it is written."""
    others = {plain(each): each for each in reversed(list(called))}
    return [each for said, each in reversed(others.items()) if said and said != plain(name)]


def _in_tier(tier: Tier, rows: Sequence[Any], way: int) -> InTier:
    """The rows come in no order: put them in that of titles."""
    lines = [Line.read(row[2:], (), [each[:4] for each in row[1]], "") for row in rows if row[0] == tier]
    lines.sort(key=_place, reverse=way < 0)
    return InTier(tier, cut(lines[: PER_TIER + 1], way, PER_TIER, _place))


def _place(line: Line) -> tuple[str, int]:
    return line.title, line.id


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
