-- What passages mean, as the numbers of a small model (publications/meaning/). They are there where somebody asked for them
-- (QUESTION_RANKING) and nowhere else; they come from the worker, and go with the passage that they are of.

CREATE TABLE pub.meaning (
    publication_id bigint NOT NULL,
    place integer NOT NULL,
    made_with text NOT NULL,  -- the model
    vector real[] NOT NULL CHECK (cardinality(vector) = 384),  -- of length 1
    PRIMARY KEY (publication_id, place),
    FOREIGN KEY (publication_id, place) REFERENCES pub.passage ON DELETE CASCADE
);
ALTER TABLE pub.meaning ALTER COLUMN vector SET STORAGE PLAIN;  -- read at each question

-- What is still to be read with this model, the newest first.
CREATE FUNCTION next_meanings(model text, many integer) RETURNS TABLE (publication_id bigint, place integer, said text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT g.publication_id, g.place, g.heading || '. ' || g.words
    FROM pub.passage g LEFT JOIN pub.meaning m USING (publication_id, place)
    WHERE m.made_with IS DISTINCT FROM model ORDER BY 1 DESC, 2 LIMIT many
$$;

-- Keep what one passage means; false when other words stand in its place by now. The lock on the passage makes a change
-- that is under way come first, and one that begins now wait.
CREATE FUNCTION store_meaning(publication bigint, at integer, read text, model text, numbers real[]) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM FROM pub.passage g
        WHERE g.publication_id = publication AND g.place = at AND g.heading || '. ' || g.words = read FOR KEY SHARE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO pub.meaning VALUES (publication, at, model, numbers)
        ON CONFLICT ON CONSTRAINT meaning_pkey DO UPDATE SET made_with = excluded.made_with, vector = excluded.vector;
    RETURN true;
END
$$;

-- The passages that come nearest in meaning: of one article, and of all. Only here pgvector is needed, in the schema pub;
-- its names are looked up when this is called.
CREATE FUNCTION pub.nearest_passages(question real[], here bigint, reader text, model text, many integer)
RETURNS TABLE (publication_id bigint, place integer, nearness double precision)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH found AS (
        SELECT publication_id, place, vector FROM pub.meaning WHERE publication_id = here AND made_with = model
        UNION
        (SELECT publication_id, place, vector FROM pub.meaning WHERE made_with = model
            ORDER BY vector::pub.vector(384) OPERATOR(pub.<#>) question::pub.vector(384) LIMIT 4 * many)
    )
    SELECT publication_id, place, -(f.vector::pub.vector(384) OPERATOR(pub.<#>) question::pub.vector(384)) AS nearness
    FROM found f JOIN pub.passage g USING (publication_id, place) WHERE g.audience IN ('', reader)
    ORDER BY nearness DESC, publication_id, place;
END
$$;

REVOKE ALL ON FUNCTION
    next_meanings(text, integer), store_meaning(bigint, integer, text, text, real[]),
    pub.nearest_passages(real[], bigint, text, text, integer)
    FROM PUBLIC, ddx_staff, ddx_worker;
GRANT EXECUTE ON FUNCTION next_meanings(text, integer), store_meaning(bigint, integer, text, text, real[]) TO ddx_worker;
GRANT EXECUTE ON FUNCTION pub.nearest_passages(real[], bigint, text, text, integer) TO ddx_public;
