"""What somebody may be typing into a search field: titles of articles and names of diagnoses."""

from __future__ import annotations

from typing import NamedTuple

from django.urls import reverse

from publications.addresses import article_url
from publications.finding.words import plain
from publications.models import Publication
from publications.prepared import prepared

SHORTEST, LONGEST, MOST = 2, 100, 8
_LAST = "\U0010ffff"
#: Labels of which a word and what follows begins as typed, in that order; and what equal words stand for.
STARTS = """
SELECT label, article_slug, diagnosis_slug, start FROM (
    SELECT label, article_slug, diagnosis_slug, start FROM suggestion
    WHERE start ~>=~ %(start)s AND start ~<~ %(end)s ORDER BY start USING ~<~ LIMIT 40
) began
UNION ALL
SELECT name, NULL, slug, plain FROM (
    SELECT n.name, n.slug, said.plain FROM synonym said JOIN synonym other USING (group_id)
    JOIN diagnosis_name n ON n.slug = other.slug
    WHERE said.plain ~>=~ %(start)s AND said.plain ~<~ %(end)s ORDER BY said.plain USING ~<~ LIMIT 8
) equal
"""


class Suggestion(NamedTuple):
    """A label, what it is (article or diagnosis), and where it leads."""

    label: str
    kind: str
    url: str


def suggestions(typed: str) -> list[Suggestion]:
    """At most `MOST`, those first whose label begins as typed, diagnoses before articles."""
    start = plain(typed)[:LONGEST]
    if len(start) < SHORTEST:
        return []
    with prepared(Publication.objects.db) as cursor:
        cursor.execute(STARTS, {"start": start, "end": start + _LAST})
        rows = cursor.fetchall()
    rows.sort(key=lambda row: (not plain(row[0]).startswith(start), row[2] is None, len(row[0]), row[0]))
    found = [_suggestion(label, article, diagnosis) for label, article, diagnosis, _ in rows]
    return list({each.url: each for each in reversed(found)}.values())[: -MOST - 1 : -1]


def _suggestion(label: str, article: str | None, diagnosis: str | None) -> Suggestion:
    if article is not None:
        return Suggestion(label, "article", article_url(article))
    return Suggestion(label, "diagnosis", reverse("publications:diagnosis", args=(diagnosis,)))
