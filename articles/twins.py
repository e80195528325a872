"""What many versions look like among the other articles, whoever may read those: for editors, who may read all.

One index look-up a version, and at most one text compared with each; `articles.likeness` is what an author is told.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.db import connection

from articles.models import Version
from content.similarity import NEAR, likeness

_OTHERS = """
FROM articles_fingerprint f JOIN articles_fingerprint g ON {same}
JOIN articles_version w ON w.id = g.version_id AND w.article_id <> v.article_id AND w.state <> 'superseded'
WHERE f.version_id = v.id
"""
_SHARED = "cardinality(ARRAY(SELECT unnest(g.bands) INTERSECT SELECT unnest(f.bands)))"
#: Conditions on a row `v` of versions, to stand after SELECT. Of texts that are half the same 24 in 25 share two bands,
#: of texts that are a tenth the same 1 in 1,000.
SAME_SUBJECT = _OTHERS.format(same="g.subject = f.subject AND f.subject <> ''")
NEAR_WORDS = _OTHERS.format(same="g.bands && f.bands") + f" AND {_SHARED} > 1"
#: OFFSET 0 keeps the look-ups from being done again for each column and condition that names them.
_NEAREST = f"""
SELECT id, coalesce(near, same), near IS NULL FROM (
    SELECT v.id, (SELECT w.id {NEAR_WORDS} ORDER BY {_SHARED} DESC, w.id DESC LIMIT 1) AS near,
        (SELECT w.id {SAME_SUBJECT} ORDER BY w.id DESC LIMIT 1) AS same
    FROM articles_version v WHERE v.id = ANY(%s) OFFSET 0
) found WHERE near IS NOT NULL OR same IS NOT NULL
"""  # noqa: S608 - fixed pieces


class Twin(NamedTuple):
    """A version of another article, and how much of the two texts is the same."""

    version: Version
    percent: int


def twins_of(version_ids: Iterable[int]) -> dict[int, Twin]:
    """By version, the other article that it looks most like; those that look like none are left out. Two queries."""
    with connection.cursor() as cursor:
        cursor.execute(_NEAREST, [list(version_ids)])
        pairs = cursor.fetchall()
    wanted = {pk for version, other, _ in pairs for pk in (version, other)}
    texts = Version.objects.defer("source", "doubts").in_bulk(wanted) if wanted else {}
    documents = {pk: version.document for pk, version in texts.items()}
    found = {}
    for version, other, by_subject in pairs:
        share = likeness(documents[version], documents[other])
        if by_subject or share >= NEAR:
            found[version] = Twin(texts[other], round(100 * share))
    return found
