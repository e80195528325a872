"""The proof of the names of diagnoses, and of what they are suggested by.

How words are compared is asked of the database, whose rule it is.
"""

from collections.abc import Collection, Iterator
from itertools import batched
from typing import Any

from django.db import connection, connections

from ledger.evidence import Problem, rows

AT_ONCE = 500
_SLUGS = """
    SELECT slug FROM diagnosis_name UNION SELECT slug FROM diagnosis
    UNION SELECT diagnosis_slug FROM suggestion WHERE diagnosis_slug IS NOT NULL ORDER BY slug"""
_SHOWN = "SELECT slug, name, letter, articles FROM diagnosis_name WHERE slug = ANY (%s)"
_CALLED = """
    SELECT slug, array_agg(DISTINCT name), array_agg(DISTINCT plain_name), count(DISTINCT publication_id)
    FROM diagnosis WHERE slug = ANY (%s) GROUP BY slug"""
_SUGGESTED = """
    SELECT diagnosis_slug, array_agg(start), array_agg(label) FROM suggestion
    WHERE diagnosis_slug = ANY (%s) GROUP BY diagnosis_slug"""

_ASKED = "SELECT said, {} FROM unnest(%s::text[]) said"


def names_hold() -> Iterator[Problem]:
    """Each diagnosis is listed under a name that a current article gives it, and suggested by all of them."""
    for some in batched(rows(_SLUGS, alias="public"), AT_ONCE):
        slugs = [row["slug"] for row in some]
        shown, called, suggested = (_by_slug(sql, slugs) for sql in (_SHOWN, _CALLED, _SUGGESTED))
        said = {name for names, plain, _ in called.values() for name in (*names, *plain)}
        starts, letters = starts_of(said), _asked("letter_of(said)", said)
        for slug in slugs:
            names, plain, articles = called.get(slug, ([], [], 0))
            if slug not in shown or shown[slug][0] not in names:
                yield Problem(f"diagnosis {slug}", f"is not listed as what {articles} current texts call it")
                continue
            name = shown[slug][0]
            if shown[slug] != (name, letters[name], articles):
                yield Problem(f"diagnosis {slug}", f"is not listed with its {articles} current texts and its letter")
            labels = _labels(name, names, plain, starts)
            found = list(zip(*suggested.get(slug, ([], [])), strict=True))
            if sorted(start for start, _ in found) != sorted(labels) or any(
                said not in labels[at] for at, said in found
            ):
                yield Problem(f"diagnosis {slug}", "its suggestions do not follow from its names")


def _labels(name: str, names: list[str], plain: list[str], starts: dict[str, list[str]]) -> dict[str, set[str]]:
    """By each beginning, what may be suggested: its name, with a plain one beside it if that is what begins so."""
    labels: dict[str, set[str]] = {}
    for said, label in [*((each, name) for each in names), *((each, f"{name} ({each})") for each in plain if each)]:
        for start in starts[said]:
            labels.setdefault(start, set()).add(label)
    return labels


def lasting_slugs(names: Collection[str]) -> dict[str, str]:
    """The address of each diagnosis."""
    return _asked("lasting_slug(said)", names)


def starts_of(labels: Collection[str]) -> dict[str, list[str]]:
    """What each can be begun by."""
    return _asked("ARRAY(SELECT starts_of(said))", labels)


def plain(words: Collection[str]) -> dict[str, str]:
    """Each as it is compared."""
    return _asked("plain_words(said)", words)


def _asked(rule: str, said: Collection[str]) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(_ASKED.format(rule), [list(said)])
        return dict(cursor.fetchall())


def _by_slug(sql: str, slugs: list[str]) -> dict[str, tuple[Any, ...]]:
    with connections["public"].cursor() as cursor:
        cursor.execute(sql, [slugs])
        return {slug: tuple(values) for slug, *values in cursor.fetchall()}
