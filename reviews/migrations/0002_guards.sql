-- Who may review, when a quorum is met, and the only two ways into the public schema.

-- Why this person may not review this version, or NULL. The one definition: the editor's chooser,
-- the decision's trigger and the quorum all ask it.
CREATE FUNCTION review_ineligibility(reviewer bigint, version bigint) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, public AS $$
    WITH today AS (SELECT (now() AT TIME ZONE 'UTC')::date AS day),
    writers AS (
        SELECT a.owner_id AS id FROM articles_article a JOIN articles_version v ON v.article_id = a.id WHERE v.id = version
        UNION SELECT author_id FROM articles_version WHERE id = version
        UNION SELECT user_id FROM articles_version_contributors WHERE version_id = version
    )
    SELECT CASE
        WHEN NOT EXISTS (SELECT FROM people_user WHERE id = reviewer AND is_active) THEN 'inactive'
        WHEN NOT EXISTS (
            SELECT FROM people_rolegrant WHERE user_id = reviewer AND role = 'reviewer' AND ended_at IS NULL
        ) THEN 'not_a_reviewer'
        WHEN reviewer IN (SELECT id FROM writers) THEN 'author'
        WHEN EXISTS (
            SELECT FROM people_conflict c JOIN writers w ON (c.user_id, c.person_id) IN ((reviewer, w.id), (w.id, reviewer))
            WHERE c.withdrawn_at IS NULL
        ) THEN 'conflict_with_person'
        WHEN EXISTS (
            SELECT FROM reviews_conflict c JOIN articles_version v ON v.article_id = c.article_id
            WHERE v.id = version AND c.user_id = reviewer AND c.withdrawn_at IS NULL
        ) THEN 'conflict_with_article'
        WHEN NOT EXISTS (
            SELECT FROM people_boardterm t JOIN people_boardprofile p ON p.id = t.profile_id, today
            WHERE p.user_id = reviewer AND today.day BETWEEN t.starts_on AND t.ends_on
            AND (t.ended_early_on IS NULL OR t.ended_early_on > today.day)
        ) THEN 'no_term'
        WHEN NOT EXISTS (
            SELECT FROM people_disclosure d, today
            WHERE d.user_id = reviewer AND (d.declared_at AT TIME ZONE 'UTC')::date <= today.day AND d.valid_until >= today.day
        ) THEN 'no_disclosure'
    END
$$;

-- Must-fix findings that nobody has closed, on this version or on those before it since the last approval.
CREATE FUNCTION open_must_fix(version bigint) RETURNS bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, public AS $$
    SELECT count(*) FROM articles_version v
    JOIN articles_version earlier ON earlier.article_id = v.article_id AND earlier.number <= v.number
        AND earlier.number > coalesce((
            SELECT max(p.number) FROM articles_version p
            WHERE p.article_id = v.article_id AND p.number < v.number AND p.state IN ('approved', 'superseded', 'retracted')
        ), 0)
    JOIN reviews_finding f ON f.version_id = earlier.id
    WHERE v.id = version AND f.severity = 'must_fix' AND f.closed_at IS NULL
$$;

CREATE FUNCTION quorum_is_met(version bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public AS $$
    SELECT v.approvals_required >= 1
        AND v.approvals_required <= (
            SELECT count(DISTINCT d.reviewer_id) FROM reviews_decision d
            WHERE d.version_id = v.id AND d.verdict = 'approve' AND d.content_sha256 = v.content_sha256
            AND review_ineligibility(d.reviewer_id, v.id) IS NULL
        )
        AND NOT EXISTS (SELECT FROM reviews_decision d WHERE d.version_id = v.id AND d.verdict = 'request_changes')
        AND open_must_fix(v.id) = 0
    FROM articles_version v WHERE v.id = version
$$;

-- A decision names exactly the bytes of a version, and is made by somebody who was asked and may.
ALTER TABLE reviews_decision ADD CONSTRAINT decision_binds_bytes
    FOREIGN KEY (version_id, article_id, content_sha256) REFERENCES articles_version (id, article_id, content_sha256);

CREATE FUNCTION decision_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE
    why_not text := review_ineligibility(NEW.reviewer_id, NEW.version_id);
BEGIN
    IF why_not IS NOT NULL THEN
        RAISE EXCEPTION 'this reviewer cannot sign this version: %', why_not
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    -- the row lock orders a signature against every other step of the same version
    IF (SELECT state FROM articles_version WHERE id = NEW.version_id FOR UPDATE) <> 'under_review' THEN
        RAISE EXCEPTION 'version % is not under review', NEW.version_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NOT EXISTS (
        SELECT FROM reviews_assignment a WHERE a.id = NEW.assignment_id AND a.version_id = NEW.version_id
        AND a.reviewer_id = NEW.reviewer_id AND a.state IN ('invited', 'accepted')
    ) THEN
        RAISE EXCEPTION 'this reviewer was not asked to review this version'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER guard BEFORE INSERT ON reviews_decision FOR EACH ROW EXECUTE FUNCTION decision_guard();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON reviews_decision FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON reviews_decision FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE FUNCTION assignment_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE'
        AND (NEW.version_id, NEW.reviewer_id) IS DISTINCT FROM (OLD.version_id, OLD.reviewer_id)) THEN
        RAISE EXCEPTION 'an assignment keeps its version and reviewer' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER guard BEFORE UPDATE OR DELETE ON reviews_assignment FOR EACH ROW EXECUTE FUNCTION assignment_guard();

-- A conflict with an article stays declared, as one with a person does.
CREATE TRIGGER kept BEFORE DELETE ON reviews_conflict FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER fixed BEFORE UPDATE ON reviews_conflict
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of('user_id', 'article_id', 'reason', 'declared_at');

-- What a reviewer found stays what it was; only the answer and the closing are added.
CREATE FUNCTION finding_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE
    later text[] := ARRAY['response', 'response_note', 'responded_by_id', 'responded_at',
                          'closed_by_id', 'closed_at', 'closed_reason'];
BEGIN
    IF TG_OP = 'DELETE' OR (to_jsonb(NEW) - later) IS DISTINCT FROM (to_jsonb(OLD) - later) THEN
        RAISE EXCEPTION 'finding % stays as it was made', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.closed_at IS NOT NULL AND NEW.closed_at IS NULL THEN
        RAISE EXCEPTION 'finding % stays closed', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER guard BEFORE UPDATE OR DELETE ON reviews_finding FOR EACH ROW EXECUTE FUNCTION finding_guard();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON reviews_finding FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON reviews_assignment FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Nobody makes a version approved without the quorum, whatever login they have.
CREATE FUNCTION approval_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    IF NOT quorum_is_met(NEW.id) THEN
        RAISE EXCEPTION 'version % has no quorum', NEW.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER guard_approval BEFORE UPDATE OF state ON articles_version FOR EACH ROW
    WHEN (NEW.state = 'approved' AND OLD.state <> 'approved') EXECUTE FUNCTION approval_guard();

-- The texts at a path of the document, one after the other; a dot between them, for the snippets of the search.
CREATE FUNCTION words_at(document jsonb, place jsonpath) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog AS $$
    SELECT coalesce(string_agg(t #>> '{}', ' · ') || ' · ', '')
    FROM jsonb_path_query(document, place) t WHERE t #>> '{}' <> ''
$$;

CREATE FUNCTION publish_version(version bigint, body text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    v articles_version;
    a articles_article;
    document jsonb;
    body_hash text := encode(sha256(convert_to(body, 'UTF8')), 'hex');
BEGIN
    SELECT * INTO STRICT v FROM articles_version WHERE id = version FOR UPDATE;
    SELECT * INTO STRICT a FROM articles_article WHERE id = v.article_id;
    IF v.state <> 'approved' OR NOT quorum_is_met(version) THEN
        RAISE EXCEPTION 'version % cannot be published: it has no quorum', version
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    document := v.content::jsonb;
    UPDATE pub.publication SET is_page = false, state = CASE state WHEN 'current' THEN 'superseded' ELSE state END
        WHERE article_id = v.article_id AND is_page;
    INSERT INTO pub.publication (
        id, article_id, slug, number, state, title, specialty, content, content_sha256, body_html, body_sha256,
        has_patient_text, origin, ai_tool, change_note, author, signers, submitted_at, review_started_at, approved_at,
        next_review_on, names, prose
    ) VALUES (
        v.id, v.article_id, a.slug, v.number, 'current', v.title, a.specialty, v.content, v.content_sha256, body, body_hash,
        NOT EXISTS (SELECT FROM jsonb_array_elements(document -> 'diagnoses') d WHERE d #>> '{patient,rationale}' = ''),
        v.origin, v.ai_tool, v.change_note, v.author_statement,
        (SELECT jsonb_agg(d.statement || jsonb_build_object(
                    'signed_at', to_char(d.signed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
                    'content_sha256', d.content_sha256) ORDER BY d.signed_at, d.id)
            FROM reviews_decision d WHERE d.version_id = v.id AND d.verdict = 'approve'
            AND review_ineligibility(d.reviewer_id, v.id) IS NULL),
        v.submitted_at, v.review_started_at, v.decided_at, v.next_review_on,
        left(words_at(document, '$.diagnoses[*].name') || words_at(document, '$.diagnoses[*].plain_name')
            || words_at(document, '$.diagnoses[*].codes[*]'), 100000),
        left(words_at(document, '$.presentation.*') || words_at(document, '$.diagnoses[*].clinician.*[*]')
            || words_at(document, '$.diagnoses[*].patient.*[*]'), 500000)
    );
    PERFORM publication_history(v.article_id);
    RETURN body_hash;
END
$$;

CREATE FUNCTION publication_history(article bigint) RETURNS void
LANGUAGE sql SET search_path = pg_catalog AS $$
    UPDATE pub.publication SET history = (
        SELECT jsonb_agg(jsonb_build_object(
            'number', h.number, 'state', h.state, 'change_note', h.change_note,
            'approved_on', to_char(h.approved_at AT TIME ZONE 'UTC', 'YYYY-MM-DD'),
            'content_sha256', h.content_sha256) ORDER BY h.number DESC)
        FROM pub.publication h WHERE h.article_id = article
    ) WHERE article_id = article
$$;

CREATE FUNCTION retract_publication(version bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    v articles_version;
BEGIN
    SELECT * INTO STRICT v FROM articles_version WHERE id = version FOR UPDATE;
    IF v.state <> 'retracted' THEN
        RAISE EXCEPTION 'version % is not retracted', version USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    UPDATE pub.publication SET state = 'retracted', notice = jsonb_build_object(
        'kind', 'retraction', 'reason', v.state_reason,
        'by', (SELECT u.name FROM ledger_event e JOIN people_user u ON u.id = e.actor_id
               WHERE e.version_id = v.id AND e.kind = 'retracted' ORDER BY e.seq DESC LIMIT 1),
        'on', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD')
    ) WHERE id = version AND state = 'current';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'version % is not public', version USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    PERFORM publication_history(v.article_id);
END
$$;

REVOKE ALL ON FUNCTION publish_version(bigint, text), retract_publication(bigint), publication_history(bigint)
    FROM PUBLIC, ddx_staff, ddx_worker;
GRANT EXECUTE ON FUNCTION publish_version(bigint, text), retract_publication(bigint) TO ddx_staff;
