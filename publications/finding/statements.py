"""The statements behind the search: what has certain words, or a diagnosis with a code or in a tier, the best first.

A search never ranks all that matches. It ranks at most `CANDIDATES` articles, which it takes from where the best are:
first those that have the words in their title or in the name of a diagnosis, then the others; and where every word
stands in thousands of texts, the newly reviewed of those. So it costs the same whatever is asked (ADR 0020).
"""

from typing import NamedTuple

#: So many are ranked; the last only tells that there are more.
CANDIDATES = 101
#: From so many articles on a word is common: the newest texts are quicker read than its index.
COMMON = 5_000
#: So many of the newest are read for common words. When fewer than `ENOUGH` of them fit, the words are seldom together.
NEWEST, ENOUGH = 300, 30
#: So many texts that have the words are looked through for a phrase, or for what they must not have; so many diagnoses.
TEXTS, DIAGNOSES = 500, 1_000
#: Each is left out unless it is asked for.
OF_THE_ARTICLE = {
    "specialty": "p.specialty = %(specialty)s",
    "since": "p.last_reviewed_at >= %(since)s",
}
#: They speak of one and the same diagnosis.
OF_THE_DIAGNOSIS = {
    "code": "d.code_keys @> ARRAY[%(code)s]::text[]",
    "tier": "(d.tier = %(tier)s OR %(tier)s = 'do_not_miss' AND d.must_not_be_missed)",
    "named": "d.words @@ (SELECT whole FROM asked)",
}
_LEXEMES = "regexp_matches(querytree({0}), '''([^'']+)''', 'g')"
_WIDENED = """CASE cardinality(t) WHEN 1 THEN ts_rewrite({0}, t[1], s[1])
        WHEN 2 THEN ts_rewrite(ts_rewrite({0}, t[1], s[1]), t[2], s[2])
        WHEN 3 THEN ts_rewrite(ts_rewrite(ts_rewrite({0}, t[1], s[1]), t[2], s[2]), t[3], s[3]) ELSE {0} END"""
ASKED = f"""
WITH typed AS MATERIALIZED (
    SELECT websearch_to_tsquery('english', %(words)s) && %(codes)s::tsquery AS whole,
        websearch_to_tsquery('english', %(core)s) && %(codes)s::tsquery AS core
), same AS MATERIALIZED (
    SELECT array_agg(target) AS t, array_agg(substitute) AS s FROM (
        SELECT s.target, s.substitute FROM synonym s, typed WHERE typed.whole @> s.target ORDER BY s.plain LIMIT 3
    ) found
), widened AS MATERIALIZED (
    SELECT {_WIDENED.format("whole")} AS whole,
        {_WIDENED.format("CASE numnode(core) WHEN 0 THEN whole ELSE core END")} AS core
    FROM typed, same
), asked AS MATERIALIZED (
    SELECT whole, regexp_replace(core::text, '<(-|\\d+)>', '&', 'g')::tsquery AS loose,
        replace(regexp_replace(core::text, '<(-|\\d+)>', '|', 'g'), '&', '|')::tsquery AS either,
        ARRAY(SELECT DISTINCT found[1] FROM {_LEXEMES.format("whole")} found) AS lexemes, (
            SELECT '\\m(' || string_agg(CASE WHEN length(found[1]) > 3
                THEN regexp_replace(regexp_replace(found[1], '[iy]$', ''), '\\W', '.', 'g')
                ELSE regexp_replace(found[1], '\\W', '.', 'g') || '(e?s)?\\M' END, '|') || ')'
            FROM {_LEXEMES.format("whole")} found) AS beginnings
    FROM widened
)"""  # noqa: S608 - our own words
BY_WORDS = f""", rarest AS MATERIALIZED (
    SELECT coalesce(min(articles), 0) AS articles, coalesce(min(titled), 0) AS titled FROM (
        SELECT coalesce(sum(w.articles), 0) AS articles, coalesce(sum(w.titled), 0) AS titled
        FROM typed, {_LEXEMES.format("typed.core")} AS found (lexeme)
        LEFT JOIN word w ON w.lexeme = found.lexeme[1] GROUP BY found.lexeme
    ) counted
), titled AS MATERIALIZED (
    SELECT id FROM (
        SELECT p.id, p.search FROM publication p
        WHERE p.state = 'current' AND to_tsvector('english', p.title || ' ' || p.names) @@ (SELECT loose FROM asked)
            {{filters}} LIMIT {TEXTS}
    ) p
    WHERE (SELECT titled < {COMMON} FROM rarest) AND p.search @@ (SELECT whole FROM asked) LIMIT {CANDIDATES}
), walked AS MATERIALIZED (
    SELECT p.id, p.search FROM publication p
    WHERE (SELECT articles >= {COMMON} FROM rarest) AND (SELECT count(*) < {CANDIDATES} FROM titled)
        AND p.state = 'current' {{filters}}
    ORDER BY p.last_reviewed_at DESC, p.id DESC LIMIT {NEWEST}
), newest AS MATERIALIZED (
    SELECT id FROM walked WHERE search @@ (SELECT whole FROM asked) LIMIT {CANDIDATES}
), others AS MATERIALIZED (
    SELECT id FROM (
        SELECT p.id, p.search FROM publication p
        WHERE p.state = 'current' AND p.search @@ (SELECT loose FROM asked) {{filters}} LIMIT {TEXTS}
    ) p
    WHERE (SELECT count(*) < {CANDIDATES} FROM titled) AND (SELECT count(*) < {ENOUGH} FROM newest)
        AND (SELECT articles < {COMMON} OR (SELECT count(*) = {NEWEST} FROM walked) FROM rarest)
        AND p.search @@ (SELECT whole FROM asked) LIMIT {CANDIDATES}
), chosen AS MATERIALIZED (
    SELECT id FROM (
        SELECT id, 1 AS place FROM titled UNION ALL SELECT id, 2 FROM newest UNION ALL SELECT id, 3 FROM others
    ) found GROUP BY id ORDER BY min(place), id LIMIT {CANDIDATES}
)"""  # noqa: S608
BY_DIAGNOSIS = f""", chosen AS MATERIALIZED (
    SELECT p.id FROM (
        SELECT DISTINCT publication_id
        FROM (SELECT d.publication_id FROM diagnosis d WHERE {{diagnosis}} LIMIT {DIAGNOSES}) d
    ) found JOIN publication p ON p.id = found.publication_id
    WHERE p.state = 'current' {{filters}} AND ({{needs_no_words}} OR p.search @@ (SELECT whole FROM asked))
    ORDER BY p.id DESC LIMIT {CANDIDATES}
)"""  # noqa: S608
#: Whether a search that found nothing looked at the first of many only.
CUT_BY_WORDS = f"""
SELECT count(*) = {TEXTS} FROM (
    SELECT FROM publication p
    WHERE p.state = 'current' AND p.search @@ (SELECT loose FROM asked) {{filters}} LIMIT {TEXTS}
) first"""  # noqa: S608
CUT_BY_DIAGNOSIS = f"""
SELECT count(*) = {DIAGNOSES} FROM (SELECT FROM diagnosis d WHERE {{diagnosis}} LIMIT {DIAGNOSES}) first"""  # noqa: S608
SHOWN = """, ranked AS MATERIALIZED (
    SELECT p.id, (CASE WHEN (SELECT numnode(whole) FROM asked) = 0 THEN extract(epoch FROM p.last_reviewed_at)
        ELSE ts_rank('{{0.05, 0.1, 0.4, 1}}', p.search, (SELECT whole FROM asked))
            + (lower(p.title) = %(line)s)::integer END)::float8 AS rank
    FROM chosen JOIN publication p USING (id)
), placed AS MATERIALIZED (
    SELECT id, rank, row_number() OVER (ORDER BY rank DESC, id) AS place, count(*) OVER () AS total FROM ranked
), shown AS MATERIALIZED (
    SELECT * FROM placed {keyset}
)
SELECT {columns}, s.rank, s.place, s.total, (SELECT lexemes FROM asked), mentions.found,
    substr(' ' || p.prose, greatest(regexp_instr(p.prose, (SELECT beginnings FROM asked), 1, 1, 0, 'i') - 80, 1), 260)
FROM shown s JOIN publication p USING (id)
LEFT JOIN LATERAL (
    SELECT json_agg(json_build_array(key, name, tier, must_not_be_missed) ORDER BY place) AS found FROM (
        SELECT d.key, d.name || CASE WHEN to_tsvector('english', d.plain_name) @@ (SELECT either FROM asked)
            THEN ' (' || d.plain_name || ')' ELSE '' END AS name, d.tier, d.must_not_be_missed, d.place FROM diagnosis d
        WHERE d.publication_id = p.id AND {mentions} ORDER BY d.place LIMIT 3
    ) d
) mentions ON true
ORDER BY s.place
"""
#: By the way one goes: from the beginning, on, back.
KEYSETS = {
    0: "ORDER BY rank DESC, id LIMIT 20",
    1: "WHERE (-rank, id) > (-%(by)s::float8, %(id)s::bigint) ORDER BY rank DESC, id LIMIT 20",
    -1: "WHERE (-rank, id) < (-%(by)s::float8, %(id)s::bigint) ORDER BY rank, id DESC LIMIT 20",
}


class Order(NamedTuple):
    """What a list is ordered by, and how it goes each way."""

    by: str
    keysets: dict[int, str]


BY_TITLE = Order(
    "p.title",
    {
        0: "ORDER BY p.title, p.id",
        1: "AND (p.title, p.id) > (%(by)s::text, %(id)s::bigint) ORDER BY p.title, p.id",
        -1: "AND (p.title, p.id) < (%(by)s::text, %(id)s::bigint) ORDER BY p.title DESC, p.id DESC",
    },
)
_MOMENT = "(%(by)s::timestamptz, %(id)s::bigint)"
NEWEST_FIRST = Order(
    "p.last_reviewed_at",
    {
        0: "ORDER BY p.last_reviewed_at DESC, p.id DESC",
        1: f"AND (p.last_reviewed_at, p.id) < {_MOMENT} ORDER BY p.last_reviewed_at DESC, p.id DESC",
        -1: f"AND (p.last_reviewed_at, p.id) > {_MOMENT} ORDER BY p.last_reviewed_at, p.id",
    },
)
OF_A_LIST = OF_THE_ARTICLE | {"letter": "upper(left(p.title, 1)) = %(letter)s"}
#: With what stands under the specialty: the letters that titles begin with, and how many articles.
LIST = """
SELECT s.letters, s.articles, l.* FROM (
    SELECT string_agg(DISTINCT letter, E'\\n') AS letters, sum(articles) {of_letter} AS articles
    FROM shelf {of_specialty}
) s LEFT JOIN (
    SELECT {columns}, {by} FROM publication p WHERE p.state = 'current' {filters} {keyset} LIMIT 21
) l ON true
"""
OF_SPECIALTY = "WHERE specialty = %(specialty)s"
OF_LETTER = "FILTER (WHERE letter = %(letter)s)"
