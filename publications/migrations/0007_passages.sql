-- The passages of every current text, as follow-up questions quote them: word for word what was signed, each with its
-- place. Made and thrown away with the row that they come from, in the same transaction, whoever changes it; so nothing
-- superseded or retracted can be quoted.

CREATE TABLE pub.passage (
    publication_id bigint NOT NULL REFERENCES pub.publication ON DELETE CASCADE,
    place integer NOT NULL,  -- in reading order
    anchor text NOT NULL,  -- of its place on the page
    diagnosis text NOT NULL,  -- key, "" where it belongs to none
    heading text NOT NULL,
    tier text NOT NULL,
    must_not_be_missed boolean NOT NULL,
    audience text NOT NULL CHECK (audience IN ('', 'clinician', 'patient')),  -- "": there is one text for everybody
    kind text NOT NULL CHECK (kind IN ('about', 'rationale', 'red_flags', 'signs', 'answer', 'term')),
    words text NOT NULL CHECK (words <> ''),  -- Markdown; of red flags and signs plain, a line each
    search tsvector NOT NULL,  -- A: names, B: the words, C: the title of the article
    PRIMARY KEY (publication_id, place)
);

-- The passages of some publications, of those that are current.
CREATE FUNCTION pub.write_passages(publications bigint[]) RETURNS void
LANGUAGE sql SET search_path = pg_catalog AS $$
    INSERT INTO pub.passage
    WITH document AS (
        SELECT id, title, content::jsonb AS said FROM pub.publication
        WHERE id = ANY (publications) AND state = 'current'
    ), diagnosis AS (
        SELECT d.id, d.title, n, one, one ->> 'key' AS key, one ->> 'name' AS name, one ->> 'plain_name' AS plain,
            one ->> 'tier' AS tier, (one ->> 'also_do_not_miss')::boolean OR one ->> 'tier' = 'do_not_miss' AS grave,
            one -> 'clinician' AS c, one -> 'patient' AS p, one #>> '{patient,rationale}' <> '' AS has_both
        FROM document d CROSS JOIN LATERAL jsonb_array_elements(d.said -> 'diagnoses') WITH ORDINALITY AS x (one, n)
    ), list AS (
        SELECT x.id, x.n, x.has_both, x.kind, x.audience, string_agg(item, E'\n' ORDER BY o) AS words
        FROM (
            SELECT id, n, has_both, 'red_flags' AS kind, 'clinician' AS audience, c -> 'red_flags' AS items FROM diagnosis
            UNION ALL SELECT id, n, has_both, 'red_flags', 'patient', p -> 'red_flags' FROM diagnosis
            UNION ALL SELECT id, n, has_both, 'signs', 'clinician', c -> 'distinguishing_signs' FROM diagnosis
            UNION ALL SELECT id, n, has_both, 'signs', 'patient', p -> 'distinguishing_signs' FROM diagnosis WHERE has_both
        ) x CROSS JOIN LATERAL jsonb_array_elements_text(x.items) WITH ORDINALITY AS e (item, o)
        GROUP BY x.id, x.n, x.has_both, x.kind, x.audience
    ), text AS (
        SELECT id, n, 'rationale' AS kind, CASE WHEN has_both THEN 'clinician' ELSE '' END AS audience,
            c ->> 'rationale' AS words FROM diagnosis
        UNION ALL SELECT id, n, 'rationale', 'patient', p ->> 'rationale' FROM diagnosis WHERE has_both
        UNION ALL SELECT id, n, kind,
            CASE WHEN kind = 'red_flags' AND count(*) OVER (PARTITION BY id, n, kind) = 1 THEN ''
                 WHEN kind = 'signs' AND NOT has_both THEN ''
                 ELSE audience END, words FROM list
    ), about AS (
        SELECT id, title, 'about_symptom' AS anchor, title AS heading, 'about' AS kind, 0 AS n, audience, words
        FROM document CROSS JOIN LATERAL (VALUES
            (CASE WHEN said #>> '{presentation,patient}' = '' THEN '' ELSE 'clinician' END, said #>> '{presentation,clinician}'),
            (CASE WHEN said #>> '{presentation,clinician}' = '' THEN '' ELSE 'patient' END, said #>> '{presentation,patient}')
        ) t (audience, words)
        UNION ALL
        SELECT id, title, 'question_' || (one ->> 'key'), one ->> 'question', 'answer', 1, '', one ->> 'answer'
        FROM document CROSS JOIN LATERAL jsonb_array_elements(coalesce(said -> 'questions', '[]')) one
        UNION ALL
        SELECT id, title, 'meaning_' || (one ->> 'key'), one ->> 'term', 'term', 2, '', one ->> 'meaning'
        FROM document CROSS JOIN LATERAL jsonb_array_elements(coalesce(said -> 'terms', '[]')) one
    ), whole AS (
        SELECT id, 0 AS part, n, title, anchor, '' AS diagnosis, heading, '' AS names, '' AS tier, false AS grave, audience,
            kind, words FROM about
        UNION ALL
        SELECT d.id, 1, d.n, d.title, d.key, d.key, d.name, d.name || ' ' || d.plain, d.tier, d.grave, t.audience, t.kind,
            t.words
        FROM diagnosis d JOIN text t USING (id, n)
    )
    SELECT id, row_number() OVER (PARTITION BY id ORDER BY part, n, array_position('{rationale,red_flags,signs}', kind),
            audience, anchor COLLATE "C", piece), anchor, diagnosis, heading, tier, grave, audience, kind, paragraph,
        setweight(to_tsvector('english', CASE kind WHEN 'about' THEN '' WHEN 'answer' THEN heading WHEN 'term' THEN heading
            ELSE names END), 'A')
        || setweight(to_tsvector('english', paragraph), 'B') || setweight(to_tsvector('english', title), 'C')
    FROM whole CROSS JOIN LATERAL unnest(
        CASE WHEN kind IN ('about', 'rationale') THEN regexp_split_to_array(words, E'\n\n+') ELSE ARRAY[words] END
    ) WITH ORDINALITY AS s (paragraph, piece)
    WHERE paragraph <> ''
$$;

CREATE FUNCTION pub.passages_came() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM pub.write_passages(array_agg(id)) FROM came HAVING count(*) > 0;
    RETURN NULL;
END
$$;

CREATE FUNCTION pub.passages_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    changed bigint[] := (
        SELECT array_agg(came.id) FROM came JOIN was USING (id)
        WHERE (came.state, came.content_sha256, came.title) IS DISTINCT FROM (was.state, was.content_sha256, was.title)
    );
BEGIN
    IF changed IS NOT NULL THEN
        DELETE FROM pub.passage WHERE publication_id = ANY (changed);
        PERFORM pub.write_passages(changed);
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER passages_of_new AFTER INSERT ON pub.publication REFERENCING NEW TABLE AS came
    FOR EACH STATEMENT EXECUTE FUNCTION pub.passages_came();
CREATE TRIGGER passages_of_changed AFTER UPDATE ON pub.publication REFERENCING OLD TABLE AS was NEW TABLE AS came
    FOR EACH STATEMENT EXECUTE FUNCTION pub.passages_changed();

REVOKE ALL ON FUNCTION pub.write_passages(bigint[]), pub.passages_came(), pub.passages_changed() FROM PUBLIC;
GRANT SELECT ON pub.passage TO ddx_public;
