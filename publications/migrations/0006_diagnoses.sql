-- What readers find articles by, derived from the current publications alone and in the same transaction: the
-- diagnoses they name, how many stand where, what to suggest while somebody types. Statement by statement and by sets, so
-- that many rows are no different from one. What was published before this was here is put in by 0014_so_far.

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

CREATE TABLE pub.diagnosis_name (
    slug text PRIMARY KEY,
    name text NOT NULL,
    letter text NOT NULL,
    articles integer NOT NULL CHECK (articles > 0)
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
CREATE INDEX diagnosis_of_articles ON pub.diagnosis (slug, tier, must_not_be_missed, article_title, publication_id);
CREATE INDEX diagnosis_codes ON pub.diagnosis USING gin (code_keys) WITH (fastupdate = off);
CREATE INDEX diagnosis_words ON pub.diagnosis USING gin (words) WITH (fastupdate = off);

-- How many current articles stand under a specialty and a first letter.
CREATE TABLE pub.shelf (
    specialty text,
    letter text,
    articles integer NOT NULL CHECK (articles >= 0),
    PRIMARY KEY (specialty, letter)
) WITH (fillfactor = 50);

-- Under which of them each is counted. Who has no row here counts nowhere in what is derived.
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

GRANT SELECT ON pub.diagnosis, pub.diagnosis_name, pub.shelf, pub.suggestion TO ddx_public;

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

-- Take these publications out of everything derived, as far as they are in it: of those there were before this was, some
-- are not yet. What a diagnosis is called, and suggested by, is then what the articles that are left call it. No count
-- goes below nothing, be it wrong: a retraction is not to fail of it.
CREATE FUNCTION unlist(ids bigint[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE
    named text[];
BEGIN
    ids := ARRAY(SELECT publication_id FROM pub.listed WHERE publication_id = ANY (ids));
    IF ids = '{}' THEN
        RETURN;
    END IF;
    named := ARRAY(SELECT DISTINCT slug FROM pub.diagnosis WHERE publication_id = ANY (ids) ORDER BY slug);
    UPDATE pub.word w SET articles = greatest(w.articles - gone.articles, 0), titled = greatest(w.titled - gone.titled, 0)
        FROM words_of(ids) gone WHERE w.word = gone.word;
    DELETE FROM pub.word w USING words_of(ids) gone WHERE w.word = gone.word AND w.articles <= 0;
    UPDATE pub.shelf s SET articles = greatest(s.articles - gone.articles, 0) FROM (
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

REVOKE ALL ON FUNCTION enlist(bigint[]), enlist_names(bigint[], text[]), unlist(bigint[]), publication_arrives(),
    publication_leaves(), publication_returns() FROM PUBLIC, ddx_staff, ddx_worker;
