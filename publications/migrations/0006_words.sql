-- The words that current texts hold, and in how many: what a search weighs them by, and what typing errors are put right
-- from. Derived in the transaction that publishes or retracts (0006_diagnoses.sql).

-- The words of a text as they are compared: small letters without accents, one space between them.
-- Its twin is `publications.finding.words.plain`.
CREATE FUNCTION plain_words(said text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog AS $$
    SELECT btrim(regexp_replace(
        lower(regexp_replace(normalize(said, NFKD), '[\u0300-\u036f]+', '', 'g')), '[^[:alnum:]]+', ' ', 'g'))
$$;

-- What is left of the beginning of a word when at most two letters are missing (one of a short word): two words that
-- share such a rest are at most so many slips apart. Its twin is `publications.finding.spelling.keys`.
CREATE FUNCTION spelling_keys(word text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog AS $$
    WITH whole AS (SELECT left(word, 7) AS part),
    one AS (SELECT overlay(part PLACING '' FROM at FOR 1) AS part FROM whole, generate_series(1, length(part)) at),
    two AS (
        SELECT overlay(part PLACING '' FROM at FOR 1) AS part FROM one, generate_series(1, length(part)) at
        WHERE length(word) > 5
    )
    SELECT array_agg(part) FROM (SELECT part FROM whole UNION SELECT part FROM one UNION SELECT part FROM two) every
$$;

-- Every word of a current text but the commonest of English, in how many texts, and in how many titles and names.
CREATE TABLE pub.word (
    word text PRIMARY KEY,
    lexeme text NOT NULL,
    articles integer NOT NULL CHECK (articles >= 0),
    titled integer NOT NULL CHECK (titled >= 0),
    keys text[] NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX word_lexeme ON pub.word (lexeme);
CREATE INDEX word_keys ON pub.word USING gin (keys) WITH (fastupdate = off);

CREATE FUNCTION words_of(ids bigint[]) RETURNS TABLE (word text, articles integer, titled integer)
LANGUAGE sql STABLE SET search_path = pg_catalog, public AS $$
    SELECT each.word, count(*)::integer, (count(*) FILTER (WHERE each.titled))::integer
    FROM (
        SELECT p.id, w.word, bool_or(part.titled) AS titled
        FROM pub.publication p
        CROSS JOIN LATERAL (VALUES (true, p.title || ' ' || p.names), (false, p.prose)) AS part (titled, said)
        CROSS JOIN LATERAL unnest(tsvector_to_array(to_tsvector('simple', part.said))) AS w (word)
        WHERE p.id = ANY (ids) AND length(w.word) BETWEEN 3 AND 40 AND w.word ~ '^[[:alpha:]]+$'
        GROUP BY p.id, w.word
    ) each
    GROUP BY each.word
$$;

CREATE FUNCTION enlist_words(ids bigint[]) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, public AS $$
    WITH came AS MATERIALIZED (
        SELECT word, (ts_lexize('english_stem', word))[1] AS lexeme, articles, titled FROM words_of(ids)
    ), known AS (
        UPDATE pub.word w SET articles = w.articles + came.articles, titled = w.titled + came.titled
        FROM came WHERE w.word = came.word RETURNING w.word
    )
    INSERT INTO pub.word (word, lexeme, articles, titled, keys)
    SELECT word, lexeme, articles, titled, spelling_keys(word) FROM came
    WHERE lexeme IS NOT NULL AND word NOT IN (SELECT word FROM known)
$$;

-- Explained terms and answered questions are found by their words, like the rest of the text.
CREATE FUNCTION publication_says() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE
    document jsonb := NEW.content::jsonb;
BEGIN
    IF document ? 'terms' OR document ? 'questions' THEN
        NEW.prose := left(concat_ws(' · ', NEW.prose, (
            SELECT string_agg(t #>> '{}', ' · ') FROM (
                SELECT jsonb_path_query(document, '$.terms[*].term')
                UNION ALL SELECT jsonb_path_query(document, '$.terms[*].meaning')
                UNION ALL SELECT jsonb_path_query(document, '$.questions[*].question')
                UNION ALL SELECT jsonb_path_query(document, '$.questions[*].answer')
            ) AS said (t)
        )), 500000);
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER publication_says BEFORE INSERT ON pub.publication FOR EACH ROW EXECUTE FUNCTION publication_says();

-- Publishing is rare and searching is not: the index keeps no list of what is still to be entered.
ALTER INDEX pub.publication_search SET (fastupdate = off);

GRANT SELECT ON pub.word TO ddx_public;
REVOKE ALL ON FUNCTION words_of(bigint[]), enlist_words(bigint[]), publication_says()
    FROM PUBLIC, ddx_staff, ddx_worker;
