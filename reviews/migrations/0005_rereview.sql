-- The light round on an approved version: who may confirm it, when that is a quorum, and the only way to move the date
-- until which a public page holds.

-- Must-fix findings that nobody has closed, on this version, on those before it since the last approval, and on that
-- last approved one what a re-review found: the next version answers it.
CREATE OR REPLACE FUNCTION open_must_fix(version bigint) RETURNS bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, public AS $$
    SELECT count(*) FROM articles_version v
    CROSS JOIN LATERAL (
        SELECT coalesce(max(p.number), 0) AS number FROM articles_version p
        WHERE p.article_id = v.article_id AND p.number < v.number AND p.state IN ('approved', 'superseded', 'retracted')
    ) last
    JOIN articles_version earlier ON earlier.article_id = v.article_id
        AND earlier.number BETWEEN last.number AND v.number
    JOIN reviews_finding f ON f.version_id = earlier.id
        AND (earlier.number > last.number OR f.rereview_id IS NOT NULL)
    WHERE v.id = version AND f.severity = 'must_fix' AND f.closed_at IS NULL
$$;

CREATE OR REPLACE FUNCTION quorum_is_met(version bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public AS $$
    SELECT v.approvals_required >= 1
        AND v.approvals_required <= (
            SELECT count(DISTINCT d.reviewer_id) FROM reviews_decision d
            WHERE d.version_id = v.id AND d.verdict = 'approve' AND d.content_sha256 = v.content_sha256
            AND d.rereview_id IS NULL AND review_ineligibility(d.reviewer_id, v.id) IS NULL
        )
        AND NOT EXISTS (
            SELECT FROM reviews_decision d
            WHERE d.version_id = v.id AND d.verdict = 'request_changes' AND d.rereview_id IS NULL
        )
        AND open_must_fix(v.id) = 0
    FROM articles_version v WHERE v.id = version
$$;

-- Whether a re-review has as many confirmations of the public text as its approval needed, and nothing against it.
CREATE FUNCTION confirmation_is_met(round bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public AS $$
    SELECT v.state = 'approved'
        AND v.approvals_required >= 1
        AND v.approvals_required <= (
            SELECT count(DISTINCT d.reviewer_id) FROM reviews_decision d
            WHERE d.rereview_id = r.id AND d.version_id = v.id AND d.verdict = 'approve'
            AND d.content_sha256 = v.content_sha256 AND review_ineligibility(d.reviewer_id, v.id) IS NULL
        )
        AND NOT EXISTS (SELECT FROM reviews_decision d WHERE d.rereview_id = r.id AND d.verdict = 'request_changes')
        AND open_must_fix(v.id) = 0
    FROM reviews_rereview r JOIN articles_version v ON v.id = r.version_id WHERE r.id = round
$$;

CREATE OR REPLACE FUNCTION decision_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE
    why_not text := review_ineligibility(NEW.reviewer_id, NEW.version_id);
    wanted text := CASE WHEN NEW.rereview_id IS NULL THEN 'under_review' ELSE 'approved' END;
BEGIN
    IF why_not IS NOT NULL THEN
        RAISE EXCEPTION 'this reviewer cannot sign this version: %', why_not
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    -- the row lock orders a signature against every other step of the same version
    IF (SELECT state FROM articles_version WHERE id = NEW.version_id FOR UPDATE) <> wanted THEN
        RAISE EXCEPTION 'version % is not %', NEW.version_id, replace(wanted, '_', ' ')
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.rereview_id IS NOT NULL THEN
        PERFORM FROM reviews_rereview r
            WHERE r.id = NEW.rereview_id AND r.version_id = NEW.version_id AND r.ended_at IS NULL FOR UPDATE;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'version % is not being re-reviewed', NEW.version_id
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    IF NOT EXISTS (
        SELECT FROM reviews_assignment a WHERE a.id = NEW.assignment_id AND a.version_id = NEW.version_id
        AND a.reviewer_id = NEW.reviewer_id AND a.state IN ('invited', 'accepted')
        AND a.rereview_id IS NOT DISTINCT FROM NEW.rereview_id
    ) THEN
        RAISE EXCEPTION 'this reviewer was not asked to review this version'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE OR REPLACE FUNCTION assignment_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND (NEW.version_id, NEW.reviewer_id, NEW.rereview_id)
        IS DISTINCT FROM (OLD.version_id, OLD.reviewer_id, OLD.rereview_id)) THEN
        RAISE EXCEPTION 'an assignment keeps its version and reviewer' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;

-- What belongs to a re-review belongs to its version, and is made while the round goes on.
CREATE FUNCTION part_of_rereview_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    PERFORM FROM reviews_rereview r
        WHERE r.id = NEW.rereview_id AND r.version_id = NEW.version_id AND r.ended_at IS NULL;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'version % is not being re-reviewed', NEW.version_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER guard_rereview BEFORE INSERT ON reviews_assignment FOR EACH ROW
    WHEN (NEW.rereview_id IS NOT NULL) EXECUTE FUNCTION part_of_rereview_guard();
CREATE TRIGGER guard_rereview BEFORE INSERT ON reviews_finding FOR EACH ROW
    WHEN (NEW.rereview_id IS NOT NULL) EXECUTE FUNCTION part_of_rereview_guard();

-- A round begins on a public text that nobody is rewriting, and ends once. It ends confirmed with the quorum only, and
-- with a revision only because a reviewer or, in words, an editor asked for one.
CREATE FUNCTION rereview_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE
    fixed text[] := ARRAY['ended_at', 'outcome', 'reason', 'next_review_on'];
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF (SELECT state FROM articles_version WHERE id = NEW.version_id FOR UPDATE) <> 'approved' OR EXISTS (
            SELECT FROM articles_version v JOIN articles_version other ON other.article_id = v.article_id
            WHERE v.id = NEW.version_id AND other.state IN ('draft', 'submitted', 'under_review')
        ) THEN
            RAISE EXCEPTION 'version % is not public, or a newer one is being made', NEW.version_id
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF NEW.outcome NOT IN ('', 'revision') THEN
            RAISE EXCEPTION 'a re-review does not begin at its end' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    ELSIF (to_jsonb(NEW) - fixed) IS DISTINCT FROM (to_jsonb(OLD) - fixed) OR OLD.ended_at IS NOT NULL THEN
        RAISE EXCEPTION 're-review % stays as it was', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.outcome = 'confirmed' AND NOT confirmation_is_met(NEW.id) THEN
        RAISE EXCEPTION 're-review % has no quorum', NEW.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (NEW.outcome = 'confirmed') <> (NEW.next_review_on IS NOT NULL)
        OR NEW.next_review_on > (NEW.ended_at AT TIME ZONE 'UTC')::date + interval '36 months' THEN
        RAISE EXCEPTION 'a confirmation holds for 36 months at most' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.outcome = 'revision' AND NEW.reason = '' AND NOT EXISTS (
        SELECT FROM reviews_decision d WHERE d.rereview_id = NEW.id AND d.verdict = 'request_changes'
    ) THEN
        RAISE EXCEPTION 'nobody asked for a revision' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON reviews_rereview FOR EACH ROW EXECUTE FUNCTION rereview_guard();
CREATE TRIGGER kept BEFORE DELETE ON reviews_rereview FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON reviews_rereview FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The date until which a text holds comes with its approval and moves on with a confirmation; it may be brought forward.
CREATE FUNCTION review_date_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    IF NEW.state = 'approved' AND OLD.state <> 'approved' THEN
        IF NEW.next_review_on IS NULL OR NEW.next_review_on > (now() AT TIME ZONE 'UTC')::date + interval '36 months' THEN
            RAISE EXCEPTION 'an approval holds for 36 months at most' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    ELSIF NEW.next_review_on IS NULL
        OR (coalesce(NEW.next_review_on > OLD.next_review_on, true) AND NEW.next_review_on IS DISTINCT FROM (
            SELECT r.next_review_on FROM reviews_rereview r
            WHERE r.version_id = NEW.id AND r.outcome = 'confirmed' ORDER BY r.ended_at DESC, r.id DESC LIMIT 1
        )) THEN
        RAISE EXCEPTION 'the review date of version % moves with a re-review only', NEW.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER guard_review_date BEFORE UPDATE OF state, next_review_on ON articles_version FOR EACH ROW
    WHEN (OLD.next_review_on IS DISTINCT FROM NEW.next_review_on OR (NEW.state = 'approved' AND OLD.state <> 'approved'))
    EXECUTE FUNCTION review_date_guard();

-- A round whose text is no longer the public one, or is being rewritten, is over, whoever did it.
CREATE FUNCTION stop_rereview() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE
    stopped reviews_rereview;
BEGIN
    UPDATE reviews_rereview r SET ended_at = now(), outcome = 'stopped', reason = CASE
            WHEN TG_OP = 'INSERT' THEN 'A new version was begun.'
            WHEN NEW.state = 'superseded' THEN 'A newer version took its place.'
            ELSE 'The article was retracted.' END
        FROM articles_version v WHERE v.id = r.version_id AND v.article_id = NEW.article_id AND r.ended_at IS NULL
        RETURNING r.* INTO stopped;
    IF stopped.id IS NOT NULL THEN
        INSERT INTO ledger_event (kind, article_id, version_id, content_sha256, payload)
            SELECT 'rereview_stopped', v.article_id, v.id, v.content_sha256,
                jsonb_build_object('reason', stopped.reason, 'rereview', stopped.id)::text
            FROM articles_version v WHERE v.id = stopped.version_id;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER stop_rereview AFTER INSERT ON articles_version FOR EACH ROW
    WHEN (NEW.number > 1) EXECUTE FUNCTION stop_rereview();
CREATE TRIGGER stop_rereview_at_end AFTER UPDATE OF state ON articles_version FOR EACH ROW
    WHEN (OLD.state = 'approved' AND NEW.state <> 'approved') EXECUTE FUNCTION stop_rereview();

-- The signatures of one round as the public sees them.
CREATE FUNCTION signatures_of(version bigint, round bigint) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, public AS $$
    SELECT jsonb_agg(d.statement || jsonb_build_object(
            'signed_at', to_char(d.signed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
            'content_sha256', d.content_sha256) ORDER BY d.signed_at, d.id)
        FROM reviews_decision d WHERE d.version_id = version AND d.verdict = 'approve'
        AND d.rereview_id IS NOT DISTINCT FROM round AND review_ineligibility(d.reviewer_id, version) IS NULL
$$;

CREATE OR REPLACE FUNCTION publish_version(version bigint, body text) RETURNS text
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
        last_reviewed_at, next_review_on, names, prose
    ) VALUES (
        v.id, v.article_id, a.slug, v.number, 'current', v.title, a.specialty, v.content, v.content_sha256, body, body_hash,
        NOT EXISTS (SELECT FROM jsonb_array_elements(document -> 'diagnoses') d WHERE d #>> '{patient,rationale}' = ''),
        v.origin, v.ai_tool, v.change_note, v.author_statement, signatures_of(v.id, NULL),
        v.submitted_at, v.review_started_at, v.decided_at, v.decided_at, v.next_review_on,
        left(words_at(document, '$.diagnoses[*].name') || words_at(document, '$.diagnoses[*].plain_name')
            || words_at(document, '$.diagnoses[*].codes[*]'), 100000),
        left(words_at(document, '$.presentation.*') || words_at(document, '$.diagnoses[*].clinician.*[*]')
            || words_at(document, '$.diagnoses[*].patient.*[*]'), 500000)
    );
    PERFORM publication_history(v.article_id);
    RETURN body_hash;
END
$$;

-- End a round that has its quorum, and move the dates of the public row with it. What it says stays as it is.
CREATE FUNCTION confirm_version(round bigint, months integer) RETURNS date
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    v articles_version;
    day date := ((now() AT TIME ZONE 'UTC')::date + make_interval(months => months))::date;
BEGIN
    SELECT * INTO STRICT v FROM articles_version
        WHERE id = (SELECT version_id FROM reviews_rereview WHERE id = round) FOR UPDATE;
    IF NOT confirmation_is_met(round) OR months NOT BETWEEN 1 AND 36 THEN
        RAISE EXCEPTION 'version % cannot be confirmed: it has no quorum', v.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    UPDATE reviews_rereview SET ended_at = now(), outcome = 'confirmed', next_review_on = day
        WHERE id = round AND ended_at IS NULL;
    IF NOT FOUND THEN
        RAISE EXCEPTION 're-review % is over', round USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    UPDATE articles_version SET next_review_on = day, updated_at = now() WHERE id = v.id;
    UPDATE pub.publication SET next_review_on = day, last_reviewed_at = greatest(now(), approved_at),
        confirmations = confirmations || signatures_of(v.id, round)
        WHERE id = v.id AND state = 'current' AND content_sha256 = v.content_sha256;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'version % is not public', v.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN day;
END
$$;

REVOKE ALL ON FUNCTION publish_version(bigint, text), confirm_version(bigint, integer)
    FROM PUBLIC, ddx_staff, ddx_worker;
GRANT EXECUTE ON FUNCTION publish_version(bigint, text), confirm_version(bigint, integer) TO ddx_staff;
