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

GRANT SELECT ON pub.synonym TO ddx_public;

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

REVOKE ALL ON FUNCTION keep_synonyms(bigint, bigint, text[], text[]) FROM PUBLIC, ddx_staff, ddx_worker;
GRANT EXECUTE ON FUNCTION keep_synonyms(bigint, bigint, text[], text[]) TO ddx_staff;
