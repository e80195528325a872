"""The proof of equal words: each group is as an editor kept it, and the search reads it as it says."""

import json
from collections import Counter
from collections.abc import Iterator

from ledger.evidence import Problem, rows
from publications.derived.names import lasting_slugs, plain

_EVENTS = "SELECT kind, payload FROM ledger_event WHERE kind IN ('synonyms_kept', 'synonyms_removed') ORDER BY seq"
_ROWS = """
    SELECT group_id, plain, word, slug, target = plainto_tsquery('english', word) AND substitute = (
        SELECT string_agg('(' || phraseto_tsquery('english', o.word)::text || ')', ' | ' ORDER BY o.place)::tsquery
        FROM synonym o WHERE o.group_id = s.group_id AND numnode(phraseto_tsquery('english', o.word)) > 0) AS is_read
    FROM synonym s ORDER BY group_id, place"""


def synonyms_hold() -> Iterator[Problem]:
    """They are few: all are held at once."""
    found = list(rows(_ROWS, alias="public"))
    said = {row["word"] for row in found}
    plain_words, slugs, groups = plain(said), lasting_slugs(said), dict[int, list[str]]()
    for row in found:
        groups.setdefault(row["group_id"], []).append(row["word"])
        if not row["is_read"] or (row["plain"], row["slug"]) != (plain_words[row["word"]], slugs[row["word"]]):
            yield Problem(f"equal words, “{row['word']}”", "is searched for otherwise than it says")
    shown, kept = Counter(" = ".join(words) for words in groups.values()), _kept()
    for words in (shown - kept).elements():
        yield Problem(f"equal words, “{words}”", "no event tells of them")
    for words in (kept - shown).elements():
        yield Problem(f"equal words, “{words}”", "were kept and are missing")


def _kept() -> Counter[str]:
    """By the ledger, what stands now."""
    kept: Counter[str] = Counter()
    for event in rows(_EVENTS):
        said = json.loads(event["payload"])
        if said["before"]:
            kept[said["before"]] -= 1
        if event["kind"] == "synonyms_kept":
            kept[said["words"]] += 1
    return +kept
