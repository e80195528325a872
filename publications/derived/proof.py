"""The proof of what is made of the public rows: each row of it follows from the signed text, and none is missing.

It reads through the public login, a hundred texts at a time.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import batched
from typing import Any

from django.db import connections

from content import canonical
from content.schema import Content
from ledger.evidence import Problem, Row, rows
from publications.derived.members import members_hold
from publications.derived.names import lasting_slugs, names_hold, starts_of
from publications.derived.synonyms import synonyms_hold
from publications.derived.texts import names, passages, prose
from publications.derived.words import shelves_hold, words_hold

AT_ONCE = 100
_TEXTS = """
    SELECT id, article_id, slug, title, state, content, has_patient_text, names, prose FROM publication ORDER BY id"""
_KEPT = {
    "passages": """
        SELECT publication_id, place, anchor, diagnosis, heading, tier, must_not_be_missed, audience, kind, words
        FROM passage WHERE publication_id = ANY (%s)""",
    "diagnoses": """
        SELECT publication_id, key, place, article_id, article_slug, article_title, name, plain_name, slug, tier,
            must_not_be_missed, codes, ARRAY(SELECT key FROM unnest(code_keys) key ORDER BY key COLLATE "C")
        FROM diagnosis WHERE publication_id = ANY (%s)""",
    "suggestions": "SELECT publication_id, start, label, article_slug FROM suggestion WHERE publication_id = ANY (%s)",
    "searches": """
        SELECT p.id, p.title FROM publication p WHERE p.id = ANY (%s)
        AND p.search <> setweight(to_tsvector('english', p.title), 'A')
            || setweight(to_tsvector('english', p.names), 'B') || setweight(to_tsvector('english', p.prose), 'C')
        UNION ALL
        SELECT d.publication_id, d.name FROM diagnosis d
        WHERE d.words <> to_tsvector('english', d.name || ' ' || d.plain_name)
        AND d.publication_id = ANY (%s)""",
    "search of passages": """
        SELECT g.publication_id, g.place FROM passage g JOIN publication p ON p.id = g.publication_id
        LEFT JOIN diagnosis d ON (d.publication_id, d.key) = (g.publication_id, g.diagnosis)
        WHERE g.publication_id = ANY (%s)
        AND g.search <> setweight(to_tsvector('english', CASE
                WHEN g.diagnosis <> '' THEN d.name || ' ' || d.plain_name
                WHEN g.kind = 'about' THEN '' ELSE g.heading END), 'A')
            || setweight(to_tsvector('english', g.words), 'B') || setweight(to_tsvector('english', p.title), 'C')""",
}
_STRAYS = """
    SELECT DISTINCT publication_id AS id FROM {} made WHERE publication_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM publication p WHERE p.id = made.publication_id AND p.state = 'current')"""
type Tuples = list[tuple[Any, ...]]


def derived_rows_hold() -> Iterator[Problem]:
    """All that readers find articles by and are quoted, against the texts; and who is on the board.

    Not the figures of `pub.standing`: `tend` counts them anew every few minutes, so that they are always a little old.
    """
    for texts in batched(rows(_TEXTS, alias="public"), AT_ONCE):
        yield from _together(texts)
    for table in ("passage", "diagnosis", "suggestion"):
        for stray in rows(_STRAYS.format(table), alias="public"):
            yield Problem(f"publication {stray['id']}", f"is not current, and has rows in pub.{table}")
    yield from names_hold()
    yield from words_hold()
    yield from shelves_hold()
    yield from synonyms_hold()
    yield from members_hold()


def _together(texts: Iterable[Row]) -> Iterator[Problem]:
    """What is no content is left out here: the proof of the public rows names it."""
    read = [(row, content) for row in texts if (content := _read(row["content"]))]
    for row, content in read:
        yield from _row(row, content)
    current = [(row, content) for row, content in read if row["state"] == "current"]
    slugs = lasting_slugs({each.name for _, content in current for each in content.diagnoses})
    starts = starts_of({row["title"] for row, _ in current})
    kept = {what: _kept(sql, [row["id"] for row, _ in current]) for what, sql in _KEPT.items()}
    for row, content in current:
        made: dict[str, Tuples] = {
            "passages": list(passages(content)),
            "diagnoses": list(_diagnoses(row, content, slugs)),
            "suggestions": [(start, row["title"], row["slug"]) for start in starts[row["title"]]],
            "searches": [],
            "search of passages": [],
        }
        for what, expected in made.items():
            yield from _compared(row["id"], what, kept[what].get(row["id"], []), expected)


def _read(text: str) -> Content | None:
    try:
        return canonical.loads(text)
    except ValueError:
        return None


def _row(row: Row, content: Content) -> Iterator[Problem]:
    """What stands in the row of a text itself."""
    made = {
        "names": names(content),
        "prose": prose(content),
        "has_patient_text": all(each.patient.rationale for each in content.diagnoses),
    }
    for column, expected in made.items():
        if row[column] != expected:
            yield Problem(f"publication {row['id']}", f"its column {column} does not follow from its text")


def _diagnoses(row: Row, content: Content, slugs: dict[str, str]) -> Iterator[tuple[Any, ...]]:
    article = row["article_id"], row["slug"], row["title"]
    for place, each in enumerate(content.diagnoses, start=1):
        if each.name:
            named = each.name, each.plain_name, slugs[each.name]
            found_by = each.codes, _code_keys(each.codes)
            yield each.key, place, *article, *named, each.tier.value, each.must_not_be_missed, *found_by


def _code_keys(codes: Iterable[str]) -> tuple[str, ...]:
    """All that a code can be found by: what it begins with, from three characters on."""
    return tuple(sorted({code[:end].rstrip(".") for code in codes for end in range(3, len(code) + 1)}))


def _kept(sql: str, ids: list[int]) -> dict[int, Tuples]:
    """The rows that there are, by the number of the text."""
    found: dict[int, Tuples] = {}
    with connections["public"].cursor() as cursor:
        cursor.execute(sql, [ids] * sql.count("%s"))
        for pk, *values in cursor.fetchall():
            found.setdefault(pk, []).append(tuple(tuple(v) if isinstance(v, list) else v for v in values))
    return found


def _compared(pk: int, what: str, found: Tuples, expected: Tuples) -> Iterator[Problem]:
    """The first that differs is shown, cut short: the rest is likely to differ in the same way."""
    too_many, missing = Counter(found), Counter(expected)
    too_many, missing = too_many - missing, missing - too_many
    if too_many or missing:
        first = min(map(str, too_many or missing))[:160]
        counts = f"{too_many.total()} that it does not make, {missing.total()} missing"
        yield Problem(f"publication {pk}", f"its {what} do not follow from its text: {counts}, as {first}")
