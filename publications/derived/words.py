"""The proof of what is counted: in how many texts each word stands, and how many stand under a specialty and a letter.

Counted anew by the statistics of PostgreSQL, which is not how the triggers count.
"""

from collections.abc import Iterator

from ledger.evidence import Problem, rows
from publications.finding.spelling import keys

_COUNTED = """
    SELECT word, w.lexeme, w.articles, w.titled, w.keys, (ts_lexize('english_stem', word))[1] AS stem,
        coalesce(texts.ndoc, 0) AS texts, coalesce(titles.ndoc, 0) AS titles
    FROM pub.word w FULL JOIN ts_stat($$
        SELECT to_tsvector('simple', title || ' ' || names) || to_tsvector('simple', prose)
        FROM pub.publication WHERE state = 'current'$$) texts USING (word)
    LEFT JOIN ts_stat($$
        SELECT to_tsvector('simple', title || ' ' || names)
        FROM pub.publication WHERE state = 'current'$$) titles USING (word)
    WHERE w.word IS NOT NULL OR (length(word) BETWEEN 3 AND 40 AND word ~ '^[[:alpha:]]+$'
        AND cardinality(ts_lexize('english_stem', word)) > 0)"""
_SHELVES = """
    SELECT specialty, letter, coalesce(s.articles, 0) AS shown, coalesce(there.articles, 0) AS articles FROM shelf s
    FULL JOIN (
        SELECT specialty, upper(left(title, 1)) AS letter, count(*) AS articles FROM publication
        WHERE state = 'current' GROUP BY 1, 2
    ) there USING (specialty, letter)
    WHERE s.articles IS DISTINCT FROM there.articles"""


def words_hold() -> Iterator[Problem]:
    """Each word of current texts, how often it is counted, and by which slips it is found."""
    for row in rows(_COUNTED, alias="public"):
        name = f"word “{row['word']}”"
        if (row["articles"] or 0, row["titled"] or 0) != (row["texts"], row["titles"]):
            counted = f"{row['articles'] or 0} texts and {row['titled'] or 0} titles"
            yield Problem(name, f"is counted in {counted}, and stands in {row['texts']} and {row['titles']}")
        elif row["lexeme"] != row["stem"] or sorted(row["keys"]) != keys(row["word"]):
            yield Problem(name, "is found by other words and slips than its own")


def shelves_hold() -> Iterator[Problem]:
    """How many texts stand under each specialty and first letter."""
    for row in rows(_SHELVES, alias="public"):
        name = f"shelf {row['specialty'] or 'of no specialty'}, {row['letter']}"
        yield Problem(name, f"is said to hold {row['shown']} texts, and holds {row['articles']}")
