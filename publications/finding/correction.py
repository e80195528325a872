"""When nothing was found: what may have been meant, and what else there is to try."""

from __future__ import annotations

import json
from typing import NamedTuple

from publications.finding.forms import Search
from publications.finding.search import Found, find
from publications.finding.spelling import Known, keys, nearest, slips_allowed
from publications.finding.words import plain
from publications.models import Publication
from publications.prepared import prepared

MOST_WORDS = 6
#: Each word that was typed, whether a current text has it, and words that begin nearly like it, the commonest first.
WORDS = """
SELECT typed.word, EXISTS (
        SELECT FROM word w WHERE w.lexeme = ANY (tsvector_to_array(to_tsvector('english', typed.word)))
    ) OR to_tsvector('english', typed.word) = '', near.words
FROM unnest(%(words)s::text[]) AS typed (word)
LEFT JOIN LATERAL (
    SELECT json_agg(json_build_array(word, articles)) AS words FROM (
        SELECT w.word, w.articles FROM word w
        WHERE w.keys && ARRAY(SELECT json_array_elements_text(%(keys)s::json -> typed.word))
            AND abs(length(w.word) - length(typed.word)) <= 2
        ORDER BY w.articles DESC LIMIT 300
    ) w
) near ON true
"""


class Correction(NamedTuple):
    """`search` is the same with words that are known, where that finds something, with what it found; None where it
    does not. `easier` are searches for less, each with its words.
    """

    search: Search | None
    found: Found | None
    easier: list[tuple[str, str]]


def correction(asked: Search) -> Correction:
    """What to offer to somebody who has found nothing."""
    typed = list(dict.fromkeys(plain(word) for word in asked.typed.words))[:MOST_WORDS]
    known, meant = _looked_up([word for word in typed if word])
    if meant:
        search = asked._replace(query=" ".join(meant.get(plain(word), word) for word in asked.query.split()))
        if (found := find(search)).lines:
            return Correction(search, found, [])
    return Correction(None, None, _easier(asked, known))


def _easier(asked: Search, known: list[str]) -> list[tuple[str, str]]:
    """Without the filters, then each known word by itself."""
    offers = []
    if asked.has_filters:
        bare = asked._replace(specialty="", tier="", code="", since="")
        offers = [("the same words without any filter", bare.url())] if find(bare).lines else []
    if len(asked.typed.words) > 1:
        offers += [(f"only “{word}”", asked._replace(query=word).url()) for word in known]
    return offers


def _looked_up(words: list[str]) -> tuple[list[str], dict[str, str]]:
    """The words that stand in current texts; and for others the word that was probably meant."""
    if not words:
        return [], {}
    wanted = {word: keys(word) for word in words if slips_allowed(word)}
    with prepared(Publication.objects.db) as cursor:
        cursor.execute(WORDS, {"words": words, "keys": json.dumps(wanted)})
        rows = cursor.fetchall()
    known = [word for word, is_known, _ in rows if is_known]
    near = {word: nearest(word, (Known(*each) for each in said or ())) for word, is_known, said in rows if not is_known}
    return known, {word: meant for word, meant in near.items() if meant}
