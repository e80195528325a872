-- What readers find articles by, derived from the current publications alone and in the same transaction: the
-- diagnoses they name, the words they hold, how many stand where, what to suggest while somebody types; and the equal
-- words that editors keep. Statement by statement and by sets, so that 100,000 rows are no different from one.

-- The words of a text as they are compared: small letters without accents, one space between them.
-- Its twin is `publications.finding.words.plain`.
CREATE FUNCTION plain_words(said text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog AS $$
    SELECT btrim(regexp_replace(
        lower(regexp_replace(normalize(said, NFKD), '[\u0300-\u036f]+', '', 'g')), '[^[:alnum:]]+', ' ', 'g'))
$$;

-- The address of a diagnosis, the same in every article that names it so: an abbreviation at the end is left out.
CREATE FUNCTION lasting_slug(name text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, public AS $$
    SELECT coalesce(
        nullif(btrim(left(regexp_replace(
            plain_words(regexp_replace(name, '\s+\([A-Z][A-Za-z0-9/-]{0,8}[A-Z0-9]\)\s*$', '')),
            '[^a-z0-9]+', '-', 'g'), 100), '-'), ''),
        'diagnosis-' || left(encode(sha256(convert_to(name, 'UTF8')), 'hex'), 8))
$$;

-- R25.3 is found by R25, R25. and R25.3.
CREATE FUNCTION code_keys(codes text[]) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog AS $$
    SELECT coalesce(array_agg(DISTINCT rtrim(left(code, length), '.')), '{}')
    FROM unnest(codes) code CROSS JOIN LATERAL generate_series(3, length(code)) length
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

CREATE TABLE pub.diagnosis_name (
    slug text PRIMARY KEY,
    name text NOT NULL,
    letter text NOT NULL,
    articles integer NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX diagnosis_name_by_name ON pub.diagnosis_name (letter, name, slug);

CREATE TABLE pub.diagnosis (
    publication_id bigint NOT NULL REFERENCES pub.publication ON DELETE CASCADE,
    key text NOT NULL,
    place integer NOT NULL,  -- in the article, from 1
    article_id bigint NOT NULL,
    article_slug text NOT NULL,
    article_title text COLLATE "C" NOT NULL,  -- in the order of Python, which puts tiers together
    name text NOT NULL,
    plain_name text NOT NULL,
    slug text NOT NULL,
    tier text NOT NULL CHECK (tier IN ('most_likely', 'other_likely', 'do_not_miss', 'rare')),
    must_not_be_missed boolean NOT NULL,
    codes text[] NOT NULL,
    code_keys text[] NOT NULL GENERATED ALWAYS AS (public.code_keys(codes)) STORED,
    words tsvector NOT NULL GENERATED ALWAYS AS (to_tsvector('english', name || ' ' || plain_name)) STORED,
    PRIMARY KEY (publication_id, key)
);
CREATE INDEX diagnosis_of_articles ON pub.diagnosis (slug, tier, article_title, publication_id);
-- Publishing is rare and searching is not: these indexes keep no list of what is still to be entered.
CREATE INDEX diagnosis_codes ON pub.diagnosis USING gin (code_keys) WITH (fastupdate = off);
CREATE INDEX diagnosis_words ON pub.diagnosis USING gin (words) WITH (fastupdate = off);

-- Every word of a current text but the commonest of English, in how many texts, and in how many titles and names.
CREATE TABLE pub.word (
    word text PRIMARY KEY,
    lexeme text NOT NULL,
    articles integer NOT NULL,
    titled integer NOT NULL,
    keys text[] NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX word_lexeme ON pub.word (lexeme);
CREATE INDEX word_keys ON pub.word USING gin (keys) WITH (fastupdate = off);

-- How many current articles stand under a specialty and a first letter.
CREATE TABLE pub.shelf (
    specialty text,
    letter text,
    articles integer NOT NULL,
    PRIMARY KEY (specialty, letter)
) WITH (fillfactor = 50);

-- Under which of them each is counted.
CREATE TABLE pub.listed (
    publication_id bigint PRIMARY KEY REFERENCES pub.publication ON DELETE CASCADE,
    specialty text NOT NULL,
    letter text NOT NULL
);

-- What somebody may be typing: every title and name of a diagnosis, from each of its words on.
CREATE TABLE pub.suggestion (
    start text NOT NULL,
    label text NOT NULL,
    publication_id bigint REFERENCES pub.publication ON DELETE CASCADE,
    diagnosis_slug text REFERENCES pub.diagnosis_name ON DELETE CASCADE,
    article_slug text,
    CHECK ((publication_id IS NULL) = (article_slug IS NULL)),
    CHECK ((publication_id IS NULL) <> (diagnosis_slug IS NULL))
);
CREATE INDEX suggestion_start ON pub.suggestion (start text_pattern_ops);
CREATE INDEX suggestion_article ON pub.suggestion (publication_id) WHERE publication_id IS NOT NULL;
CREATE INDEX suggestion_diagnosis ON pub.suggestion (diagnosis_slug) WHERE diagnosis_slug IS NOT NULL;

-- Equal words, which widen a search for any of them. Written by `keep_synonyms` alone, which tells the ledger.
CREATE TABLE pub.synonym (
    plain text PRIMARY KEY,  -- as it is typed: a word stands in one group only
    group_id bigint NOT NULL,
    place integer NOT NULL,
    word text NOT NULL CHECK (length(word) BETWEEN 2 AND 60),
    slug text NOT NULL,
    target tsquery NOT NULL CONSTRAINT synonym_can_be_found CHECK (numnode(target) > 0),
    substitute tsquery NOT NULL,
    UNIQUE (group_id, place)
);
CREATE INDEX synonym_plain ON pub.synonym (plain text_pattern_ops);
CREATE INDEX synonym_slug ON pub.synonym (slug);

CREATE INDEX publication_titles ON pub.publication USING gin (to_tsvector('english', title || ' ' || names))
    WITH (fastupdate = off) WHERE state = 'current';
ALTER INDEX pub.publication_search SET (fastupdate = off);
CREATE INDEX publication_by_letter ON pub.publication (upper(left(title, 1)), title, id) WHERE state = 'current';
CREATE INDEX publication_by_specialty_and_letter ON pub.publication (specialty, upper(left(title, 1)), title, id)
    WHERE state = 'current';
CREATE INDEX publication_newest_of_specialty ON pub.publication (specialty, last_reviewed_at DESC, id DESC)
    WHERE state = 'current';

GRANT SELECT ON pub.diagnosis, pub.diagnosis_name, pub.word, pub.shelf, pub.suggestion, pub.synonym TO ddx_public;

-- What a label can be begun by: from each of its first words of three letters or more on.
CREATE FUNCTION starts_of(label text) RETURNS SETOF text
LANGUAGE sql IMMUTABLE STRICT SET search_path = pg_catalog, public AS $$
    SELECT DISTINCT left(array_to_string(words[at:], ' '), 100)
    FROM (SELECT string_to_array(plain_words(label), ' ') AS words) said, generate_series(1, least(cardinality(words), 8)) at
    WHERE at = 1 OR length(words[at]) > 2
$$;

-- The letter that a name stands under.
CREATE FUNCTION letter_of(name text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT SET search_path = pg_catalog, public AS $$
    SELECT upper(left(plain_words(name), 1))
$$;

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

-- Take these publications, which are or were current, out of everything here; `enlist` puts them in. What a diagnosis is
-- called, and suggested by, is then what the articles that are left call it.
CREATE FUNCTION unlist(ids bigint[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE
    named text[] := ARRAY(SELECT DISTINCT slug FROM pub.diagnosis WHERE publication_id = ANY (ids) ORDER BY slug);
BEGIN
    UPDATE pub.word w SET articles = w.articles - gone.articles, titled = w.titled - gone.titled
        FROM words_of(ids) gone WHERE w.word = gone.word;
    DELETE FROM pub.word w USING words_of(ids) gone WHERE w.word = gone.word AND w.articles <= 0;
    UPDATE pub.shelf s SET articles = s.articles - gone.articles FROM (
        SELECT specialty, letter, count(*) AS articles FROM pub.listed WHERE publication_id = ANY (ids) GROUP BY 1, 2
    ) gone WHERE s.specialty = gone.specialty AND s.letter = gone.letter;
    DELETE FROM pub.shelf WHERE articles <= 0;
    DELETE FROM pub.suggestion WHERE publication_id = ANY (ids);
    DELETE FROM pub.listed WHERE publication_id = ANY (ids);
    DELETE FROM pub.diagnosis WHERE publication_id = ANY (ids);
    DELETE FROM pub.suggestion WHERE diagnosis_slug = ANY (named);
    DELETE FROM pub.diagnosis_name n WHERE slug = ANY (named)
        AND NOT EXISTS (SELECT FROM pub.diagnosis d WHERE d.slug = n.slug);
    UPDATE pub.diagnosis_name n SET name = rest.name, letter = letter_of(rest.name), articles = rest.articles FROM (
        SELECT slug, min(name) AS name, count(DISTINCT publication_id) AS articles FROM pub.diagnosis
        WHERE slug = ANY (named) GROUP BY slug
    ) rest WHERE n.slug = rest.slug;
    PERFORM enlist_names('{}', named);
END
$$;

-- Put these publications, which are current and in nothing here, into everything. Rows that others count in, too, are
-- taken in one order; and publishing waits its turn at the head of the ledger before it comes here.
CREATE FUNCTION enlist(ids bigint[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    INSERT INTO pub.listed SELECT id, specialty, upper(left(title, 1)) FROM pub.publication
        WHERE id = ANY (ids) AND state = 'current';
    INSERT INTO pub.shelf AS s SELECT specialty, letter, count(*) FROM pub.listed
        WHERE publication_id = ANY (ids) GROUP BY 1, 2 ORDER BY 1, 2
        ON CONFLICT (specialty, letter) DO UPDATE SET articles = s.articles + EXCLUDED.articles;
    INSERT INTO pub.diagnosis (
        publication_id, key, place, article_id, article_slug, article_title, name, plain_name, slug, tier,
        must_not_be_missed, codes
    )
    SELECT p.id, d ->> 'key', place, p.article_id, p.slug, p.title, d ->> 'name', d ->> 'plain_name',
        lasting_slug(d ->> 'name'), d ->> 'tier', d ->> 'tier' = 'do_not_miss' OR (d ->> 'also_do_not_miss')::boolean,
        ARRAY(SELECT jsonb_array_elements_text(d -> 'codes'))
    FROM pub.publication p
    CROSS JOIN LATERAL jsonb_array_elements(p.content::jsonb -> 'diagnoses') WITH ORDINALITY AS each (d, place)
    WHERE p.id = ANY (ids) AND p.state = 'current' AND d ->> 'name' <> '';
    INSERT INTO pub.diagnosis_name AS n (slug, name, letter, articles)
    SELECT slug, min(name), letter_of(min(name)), count(DISTINCT publication_id)
    FROM pub.diagnosis WHERE publication_id = ANY (ids) GROUP BY slug ORDER BY slug
        ON CONFLICT (slug) DO UPDATE SET articles = n.articles + EXCLUDED.articles;
    INSERT INTO pub.suggestion (start, label, publication_id, article_slug)
    SELECT start, title, id, slug FROM pub.publication, starts_of(title) start
        WHERE id = ANY (ids) AND state = 'current';
    PERFORM enlist_names(ids, '{}'), enlist_words(ids);
END
$$;

-- A diagnosis is suggested by each name that it has, the plain ones with the other beside it.
CREATE FUNCTION enlist_names(ids bigint[], slugs text[]) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, public AS $$
    INSERT INTO pub.suggestion (start, label, diagnosis_slug)
    SELECT DISTINCT ON (n.slug, begun.start) begun.start, n.name || coalesce(' (' || plain_name || ')', ''), n.slug
    FROM (
        SELECT slug, name AS said, NULL AS plain_name FROM pub.diagnosis
        WHERE publication_id = ANY (ids) OR slug = ANY (slugs)
        UNION SELECT slug, plain_name, plain_name FROM pub.diagnosis
        WHERE (publication_id = ANY (ids) OR slug = ANY (slugs)) AND plain_name <> ''
    ) named
    JOIN pub.diagnosis_name n USING (slug)
    CROSS JOIN LATERAL starts_of(said) AS begun (start)
    WHERE NOT EXISTS (SELECT FROM pub.suggestion s WHERE s.diagnosis_slug = n.slug AND s.start = begun.start)
    ORDER BY n.slug, begun.start, plain_name NULLS FIRST
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

CREATE FUNCTION publication_arrives() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    PERFORM enlist(array_agg(id)) FROM arrived WHERE state = 'current' HAVING count(*) > 0;
    RETURN NULL;
END
$$;

CREATE FUNCTION publication_leaves() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    PERFORM unlist(ARRAY[OLD.id]);
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END
$$;

CREATE FUNCTION publication_returns() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    PERFORM enlist(ARRAY[NEW.id]);
    RETURN NULL;
END
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
CREATE TRIGGER publication_arrives AFTER INSERT ON pub.publication REFERENCING NEW TABLE AS arrived
    FOR EACH STATEMENT EXECUTE FUNCTION publication_arrives();
CREATE TRIGGER publication_leaves BEFORE UPDATE ON pub.publication FOR EACH ROW
    WHEN (OLD.state = 'current' AND (OLD.state, OLD.slug, OLD.title, OLD.specialty, OLD.content_sha256)
        IS DISTINCT FROM (NEW.state, NEW.slug, NEW.title, NEW.specialty, NEW.content_sha256))
    EXECUTE FUNCTION publication_leaves();
CREATE TRIGGER publication_returns AFTER UPDATE ON pub.publication FOR EACH ROW
    WHEN (NEW.state = 'current' AND (OLD.state, OLD.slug, OLD.title, OLD.specialty, OLD.content_sha256)
        IS DISTINCT FROM (NEW.state, NEW.slug, NEW.title, NEW.specialty, NEW.content_sha256))
    EXECUTE FUNCTION publication_returns();
CREATE TRIGGER publication_goes BEFORE DELETE ON pub.publication FOR EACH ROW
    WHEN (OLD.state = 'current') EXECUTE FUNCTION publication_leaves();

-- Let these words be equal: a new group (0), or instead of what a group has been; none removes it. Returns its number;
-- NULL when it is no longer what the editor had before them.
CREATE FUNCTION keep_synonyms(actor bigint, number bigint, based_on text[], wanted text[]) RETURNS bigint
LANGUAGE plpgsql STRICT SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    standing text[];
BEGIN
    IF NOT EXISTS (
        SELECT FROM people_rolegrant g JOIN people_user u ON u.id = g.user_id
        WHERE u.id = actor AND u.is_active AND g.role IN ('editor', 'administrator') AND g.ended_at IS NULL
    ) OR cardinality(wanted) NOT IN (0, 2, 3, 4, 5, 6, 7, 8) THEN
        RAISE EXCEPTION 'these synonyms cannot be kept' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('ddx_portal.synonyms', 0));
    SELECT coalesce(array_agg(word ORDER BY place), '{}') INTO standing FROM pub.synonym WHERE group_id = number;
    IF standing <> based_on OR standing = wanted THEN
        RETURN CASE WHEN standing = based_on THEN number END;
    END IF;
    IF number = 0 THEN
        SELECT coalesce(max(group_id), 0) + 1 INTO number FROM pub.synonym;
    END IF;
    DELETE FROM pub.synonym WHERE group_id = number;
    INSERT INTO pub.synonym (plain, group_id, place, word, slug, target, substitute)
    SELECT plain_words(word), number, place, word, lasting_slug(word), plainto_tsquery('english', word), (
        SELECT string_agg('(' || phraseto_tsquery('english', other)::text || ')', ' | ')::tsquery
        FROM unnest(wanted) other WHERE numnode(phraseto_tsquery('english', other)) > 0)
    FROM unnest(wanted) WITH ORDINALITY AS each (word, place);
    INSERT INTO ledger_event (kind, actor_id, content_sha256, payload)
        VALUES (CASE WHEN wanted = '{}' THEN 'synonyms_removed' ELSE 'synonyms_kept' END, actor, '', jsonb_build_object(
            'words', array_to_string(CASE WHEN wanted = '{}' THEN standing ELSE wanted END, ' = '),
            'before', array_to_string(standing, ' = '))::text);
    RETURN number;
END
$$;

REVOKE ALL ON FUNCTION enlist(bigint[]), enlist_names(bigint[], text[]), enlist_words(bigint[]), unlist(bigint[]),
    words_of(bigint[]), publication_arrives(), publication_leaves(), publication_returns(), publication_says(),
    keep_synonyms(bigint, bigint, text[], text[]) FROM PUBLIC, ddx_staff, ddx_worker;
GRANT EXECUTE ON FUNCTION keep_synonyms(bigint, bigint, text[], text[]) TO ddx_staff;

SELECT enlist(array_agg(id)) FROM pub.publication WHERE state = 'current' HAVING count(*) > 0;
