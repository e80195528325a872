-- The only way to a public notice beside a retraction: an editor's act that stands in the ledger. What the public reads
-- is what the event says, word for word.

-- The number of the expression of concern that no later notice has ended, or NULL.
CREATE FUNCTION standing_concern(notices jsonb) RETURNS integer
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog AS $$
    SELECT max((n ->> 'number')::int) FROM jsonb_array_elements(notices) n
    WHERE n ->> 'kind' = 'expression_of_concern' AND NOT EXISTS (
        SELECT FROM jsonb_array_elements(notices) later WHERE (later ->> 'ends')::int = (n ->> 'number')::int)
$$;

CREATE OR REPLACE FUNCTION publication_history(article bigint) RETURNS void
LANGUAGE sql SET search_path = pg_catalog AS $$
    UPDATE pub.publication SET history = (
        SELECT jsonb_agg(jsonb_build_object(
            'number', h.number, 'state', h.state, 'change_note', h.change_note,
            'approved_on', to_char(h.approved_at AT TIME ZONE 'UTC', 'YYYY-MM-DD'),
            'content_sha256', h.content_sha256,
            'notices', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                    'number', n -> 'number', 'kind', n -> 'kind', 'on', n -> 'on', 'ends', n -> 'ends')
                    ORDER BY (n ->> 'number')::int), '[]')
                FROM jsonb_array_elements(h.notices) n)
            ) ORDER BY h.number DESC)
        FROM pub.publication h WHERE h.article_id = article
    ) WHERE article_id = article
$$;

-- Why this person may not post a notice on this version, or NULL: the twin of `people.permissions.may_post_notice`.
CREATE FUNCTION notice_ineligibility(person bigint, version bigint) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, public AS $$
    SELECT CASE
        WHEN NOT EXISTS (
            SELECT FROM people_user u JOIN people_rolegrant g ON g.user_id = u.id
            WHERE u.id = person AND u.is_active AND g.role = 'editor' AND g.ended_at IS NULL
        ) THEN 'not_an_editor'
        WHEN EXISTS (
            SELECT FROM articles_version v JOIN articles_article a ON a.id = v.article_id
            WHERE v.id = version AND person IN (v.author_id, a.owner_id)
        ) OR EXISTS (SELECT FROM articles_version_contributors WHERE version_id = version AND user_id = person)
        THEN 'author'
        WHEN EXISTS (
            SELECT FROM reviews_assignment a JOIN articles_version v ON v.id = a.version_id
            WHERE v.id = version AND v.state IN ('under_review', 'approved')  -- else nobody waits for it any more
                AND a.reviewer_id = person AND a.state IN ('invited', 'accepted')
        ) THEN 'reviewing'
    END
$$;

CREATE FUNCTION post_notice(event_seq bigint) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    e ledger_event;
    said jsonb;
    why_not text;
    row_now pub.publication;
    concern integer;
    next_number integer;
BEGIN
    SELECT * INTO STRICT e FROM ledger_event WHERE seq = event_seq;
    said := e.payload::jsonb;
    why_not := notice_ineligibility(e.actor_id, e.version_id);
    IF e.kind <> 'notice_posted' OR why_not IS NOT NULL THEN
        RAISE EXCEPTION 'event % posts no notice: %', e.seq, coalesce(why_not, e.kind)
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    PERFORM FROM articles_version WHERE id = e.version_id AND state IN ('approved', 'superseded') FOR UPDATE;
    IF FOUND THEN
        SELECT * INTO row_now FROM pub.publication
            WHERE id = e.version_id AND content_sha256 = e.content_sha256 AND state <> 'retracted' FOR UPDATE;
    END IF;
    IF row_now.id IS NULL THEN
        RAISE EXCEPTION 'version % is not public', e.version_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    concern := standing_concern(row_now.notices);
    next_number := jsonb_array_length(row_now.notices) + 1;
    IF (said ->> 'notice' IN ('correction', 'expression_of_concern', 'concern_lifted')
        AND said ->> 'words' <> '' AND said ->> 'reason' <> ''
        AND (said ->> 'number')::int = next_number
        AND said ->> 'name' = (SELECT name FROM people_user WHERE id = e.actor_id)
        AND CASE WHEN said ->> 'ends' IS NULL THEN said ->> 'notice' <> 'concern_lifted'
            ELSE (said ->> 'ends')::int = concern END
        AND NOT (said ->> 'notice' = 'expression_of_concern' AND concern IS NOT NULL)
        AND NOT row_now.notices @> jsonb_build_array(jsonb_build_object('event', e.seq))) IS NOT TRUE THEN
        RAISE EXCEPTION 'event % makes no notice on version %', e.seq, e.version_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    UPDATE pub.publication SET noticed_at = e.at, notices = row_now.notices || jsonb_build_object(
            'number', next_number, 'kind', said -> 'notice', 'words', said -> 'words', 'reason', said -> 'reason',
            'by', said -> 'name', 'ends', said -> 'ends', 'event', e.seq,
            'on', to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD'))
        WHERE id = e.version_id;
    PERFORM publication_history(row_now.article_id);
    RETURN next_number;
END
$$;

-- As before, but that it is one notice among others, and ends an expression of concern that stands.
CREATE OR REPLACE FUNCTION retract_publication(version bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    v articles_version;
    e ledger_event;
BEGIN
    SELECT * INTO STRICT v FROM articles_version WHERE id = version FOR UPDATE;
    IF v.state <> 'retracted' THEN
        RAISE EXCEPTION 'version % is not retracted', version USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    SELECT * INTO e FROM ledger_event WHERE version_id = v.id AND kind = 'retracted' ORDER BY seq DESC LIMIT 1;
    UPDATE pub.publication SET state = 'retracted', noticed_at = e.at, notices = notices || jsonb_build_object(
        'number', jsonb_array_length(notices) + 1, 'kind', 'retraction', 'words', '', 'reason', v.state_reason,
        'by', (SELECT u.name FROM people_user u WHERE u.id = e.actor_id),
        'ends', standing_concern(notices), 'event', e.seq,
        'on', to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD')
    ) WHERE id = version AND state = 'current';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'version % is not public', version USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    PERFORM publication_history(v.article_id);
END
$$;

-- Retractions from before name their event, too.
UPDATE pub.publication p SET notices = jsonb_set(p.notices, '{0,event}', to_jsonb(e.seq))
    FROM ledger_event e
    WHERE p.state = 'retracted' AND jsonb_array_length(p.notices) = 1 AND e.version_id = p.id AND e.kind = 'retracted';
SELECT publication_history(article_id) FROM pub.publication WHERE state = 'retracted';

REVOKE ALL ON FUNCTION post_notice(bigint), retract_publication(bigint), publication_history(bigint)
    FROM PUBLIC, ddx_staff, ddx_worker;
GRANT EXECUTE ON FUNCTION post_notice(bigint), retract_publication(bigint) TO ddx_staff;
