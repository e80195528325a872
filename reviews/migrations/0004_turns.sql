-- Whose turn it is: one row an article in reviews_turn, one definition (turn_of), kept by triggers whatever changes.
-- No application login writes these tables; a test compares them with the definition.

-- Whether this person may run the process for this version. The twin of people.permissions.may_handle.
CREATE FUNCTION may_handle(editor bigint, version bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public AS $$
    SELECT EXISTS (SELECT FROM people_user WHERE id = editor AND is_active)
        AND EXISTS (SELECT FROM people_rolegrant WHERE user_id = editor AND role = 'editor' AND ended_at IS NULL)
        AND NOT EXISTS (
            SELECT FROM articles_version v JOIN articles_article a ON a.id = v.article_id
            WHERE v.id = version AND a.owner_id = editor
        )
        AND NOT EXISTS (SELECT FROM articles_version_contributors WHERE version_id = version AND user_id = editor)
        AND NOT EXISTS (
            SELECT FROM reviews_assignment a JOIN articles_version v ON v.id = a.version_id
            WHERE a.version_id = version AND a.reviewer_id = editor AND a.state IN ('invited', 'accepted')
            AND (v.state = 'under_review' OR a.rereview_id IN (SELECT id FROM reviews_rereview WHERE ended_at IS NULL))
        )
$$;

CREATE FUNCTION is_away(person bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public AS $$
    SELECT EXISTS (
        SELECT FROM people_absence
        WHERE user_id = person AND (now() AT TIME ZONE 'UTC')::date BETWEEN first_on AND last_on
    )
$$;

-- The editor with the fewest turns among those who may handle the version; who is away only when nobody else is there.
CREATE FUNCTION choose_editor(version bigint) RETURNS bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, public AS $$
    SELECT g.user_id FROM people_rolegrant g
    WHERE g.role = 'editor' AND g.ended_at IS NULL AND may_handle(g.user_id, version)
    ORDER BY is_away(g.user_id),
        (SELECT count(*) FROM reviews_turn t WHERE t.holder_id = g.user_id AND t.side = 'editors'), g.user_id
    LIMIT 1
$$;

-- The share, in per cent, of the diagnoses that must not be missed.
CREATE FUNCTION risk_of(content text) RETURNS smallint
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog AS $$
    SELECT coalesce(round(100.0 * count(*) FILTER (
        WHERE d ->> 'tier' = 'do_not_miss' OR (d ->> 'also_do_not_miss')::boolean
    ) / nullif(count(*), 0)), 0)::smallint
    FROM jsonb_array_elements(content::jsonb -> 'diagnoses') d
$$;

-- The version that work goes on with: the open one; else the last one when changes were asked for; else the public one.
CREATE FUNCTION version_in_hand(article bigint) RETURNS bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, public AS $$
    SELECT v.id FROM articles_version v WHERE v.article_id = article
    ORDER BY v.state IN ('draft', 'submitted', 'under_review') DESC,
        (v.state = 'changes_requested' AND NOT EXISTS (
            SELECT FROM articles_version later WHERE later.article_id = article AND later.number > v.number
        )) DESC,
        v.state = 'approved' DESC, v.number DESC
    LIMIT 1
$$;

-- Whether a round cannot end by itself. The twin of reviews.rounds.resolve; a test holds the two together.
CREATE FUNCTION round_is_stuck(version bigint, outstanding bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public AS $$
    SELECT outstanding = 0 OR (
        NOT EXISTS (
            SELECT FROM reviews_decision d WHERE d.version_id = v.id AND d.content_sha256 = v.content_sha256
            AND d.rereview_id IS NULL AND d.verdict = 'request_changes'
        )
        AND CASE WHEN l.lacking <= 0 THEN open_must_fix(v.id) > 0 ELSE outstanding < l.lacking END
    )
    FROM articles_version v, LATERAL (
        SELECT v.approvals_required - count(DISTINCT d.reviewer_id) AS lacking FROM reviews_decision d
        WHERE d.version_id = v.id AND d.content_sha256 = v.content_sha256 AND d.rereview_id IS NULL
        AND d.verdict = 'approve' AND review_ineligibility(d.reviewer_id, v.id) IS NULL
    ) l
    WHERE v.id = version
$$;

-- The one definition: what the row of this article must say now. No row when the article has no version.
-- Days in numbers: a stuck round is to be looked at within 2, a revision done within 30 unless the review said
-- otherwise, a draft gone on with within 90; a review date shows itself 30 days ahead.
CREATE FUNCTION turn_of(article bigint) RETURNS SETOF reviews_turn
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public AS $$
DECLARE
    today date := (now() AT TIME ZONE 'UTC')::date;
    a articles_article;
    v articles_version;
    t reviews_turn;
    before reviews_turn;
    round reviews_rereview;
    first_owed reviews_assignment;
    outstanding bigint;
BEGIN
    SELECT * INTO a FROM articles_article WHERE id = article;
    SELECT * INTO v FROM articles_version WHERE id = version_in_hand(article);
    IF a.id IS NULL OR v.id IS NULL THEN
        RETURN;
    END IF;
    SELECT * INTO before FROM reviews_turn WHERE article_id = article;
    t.article_id := a.id;
    t.version_id := v.id;
    IF v.state = 'draft' THEN
        SELECT CASE WHEN b.state = 'changes_requested' OR r.outcome = 'revision' THEN 'changes' END,
            coalesce(b.due_on, (r.ended_at AT TIME ZONE 'UTC')::date + 30) INTO t.queue, t.due_on
            FROM articles_version b LEFT JOIN LATERAL (
                SELECT * FROM reviews_rereview x WHERE x.version_id = b.id ORDER BY x.started_at DESC, x.id DESC LIMIT 1
            ) r ON true
            WHERE b.id = v.based_on_id;
        t.queue := coalesce(t.queue, 'draft');
        IF t.queue = 'draft' OR t.due_on IS NULL THEN
            t.due_on := (v.updated_at AT TIME ZONE 'UTC')::date + 90;
        END IF;
    ELSIF v.state = 'changes_requested' THEN
        t.queue := 'changes';
        t.due_on := coalesce(v.due_on, (v.decided_at AT TIME ZONE 'UTC')::date + 30, today);
    ELSIF v.state = 'submitted' THEN
        t.queue := 'unassigned';
        t.due_on := coalesce(v.due_on, today);
    ELSIF v.state IN ('under_review', 'approved') THEN
        SELECT * INTO round FROM reviews_rereview WHERE version_id = v.id ORDER BY started_at DESC, id DESC LIMIT 1;
        SELECT count(*) INTO outstanding FROM reviews_assignment WHERE version_id = v.id
            AND state IN ('invited', 'accepted') AND rereview_id IS NOT DISTINCT FROM round.id;
        SELECT * INTO first_owed FROM reviews_assignment WHERE version_id = v.id
            AND state IN ('invited', 'accepted') AND rereview_id IS NOT DISTINCT FROM round.id
            ORDER BY CASE state WHEN 'invited' THEN answer_due_on ELSE review_due_on END, id LIMIT 1;
        IF v.state = 'under_review' THEN
            t.queue := CASE WHEN round_is_stuck(v.id, outstanding) THEN 'stuck'
                WHEN first_owed.state = 'invited' THEN 'answer' ELSE 'reading' END;
        ELSIF round.id IS NOT NULL AND round.ended_at IS NULL THEN
            t.queue := CASE WHEN outstanding = 0 THEN 'stuck' ELSE 'confirming' END;
        ELSIF round.outcome = 'revision' THEN
            t.queue := 'changes';
            t.due_on := (round.ended_at AT TIME ZONE 'UTC')::date + 30;
        ELSIF v.next_review_on <= today + 30 THEN
            t.queue := 'rereview';
            t.due_on := v.next_review_on;
        ELSE
            t.queue := 'public';
        END IF;
        IF t.queue = 'stuck' THEN
            SELECT greatest(v.review_started_at, round.started_at, max(x.answered_at)) INTO t.since
                FROM reviews_assignment x WHERE x.version_id = v.id AND x.rereview_id IS NOT DISTINCT FROM round.id;
            t.due_on := (coalesce(t.since, v.updated_at) AT TIME ZONE 'UTC')::date + 2;
        ELSIF t.queue IN ('answer', 'reading', 'confirming') THEN
            t.due_on := CASE first_owed.state WHEN 'invited' THEN first_owed.answer_due_on ELSE first_owed.review_due_on END;
        END IF;
    ELSE
        t.queue := 'ended';
    END IF;

    t.side := CASE
        WHEN t.queue IN ('draft', 'changes') THEN 'author'
        WHEN t.queue IN ('unassigned', 'stuck', 'rereview') THEN 'editors'
        WHEN t.queue IN ('answer', 'reading', 'confirming') THEN 'reviewers'
        ELSE 'nobody' END;
    t.editor_id := a.editor_id;
    IF t.queue NOT IN ('draft', 'public', 'ended') AND (a.editor_id IS NULL OR NOT may_handle(a.editor_id, v.id)) THEN
        t.editor_id := choose_editor(v.id);
    END IF;
    t.holder_id := CASE t.side WHEN 'author' THEN a.owner_id WHEN 'reviewers' THEN first_owed.reviewer_id END;
    IF t.side = 'editors' THEN
        t.holder_id := CASE
            WHEN NOT is_away(t.editor_id) THEN t.editor_id
            WHEN before.side = 'editors' AND before.version_id = v.id AND NOT is_away(before.holder_id)
                AND may_handle(before.holder_id, v.id) THEN before.holder_id
            ELSE coalesce(choose_editor(v.id), t.editor_id) END;
    END IF;

    t.since := CASE
        WHEN (before.version_id, before.queue) = (t.version_id, t.queue)
            AND before.holder_id IS NOT DISTINCT FROM t.holder_id THEN before.since
        ELSE now() END;
    t.is_public := EXISTS (SELECT FROM articles_version WHERE article_id = a.id AND state = 'approved');
    t.owner_id := a.owner_id;
    t.specialty := a.specialty;
    t.priority := a.priority;
    t.traffic := a.traffic;
    t.risk := risk_of(v.content);
    t.labels := ARRAY(SELECT label_id FROM articles_article_labels WHERE article_id = a.id ORDER BY label_id);
    t.hands := ARRAY(
        SELECT user_id FROM articles_version_contributors WHERE version_id = v.id AND user_id <> a.owner_id ORDER BY user_id);
    t.owed := ARRAY(
        SELECT x.reviewer_id FROM reviews_assignment x WHERE x.version_id = v.id AND x.state IN ('invited', 'accepted')
        AND CASE WHEN x.rereview_id IS NULL THEN v.state = 'under_review'
            ELSE x.rereview_id = round.id AND round.ended_at IS NULL END
        ORDER BY x.reviewer_id);
    t.words := to_tsvector('simple', v.title);
    RETURN NEXT t;
END
$$;

-- Bring the row of an article up to date, and the record of who had it how long.
CREATE FUNCTION follow_turn(article bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    t reviews_turn;
BEGIN
    SELECT * INTO t FROM turn_of(article);
    UPDATE reviews_turnspan s SET ended_at = now() WHERE s.article_id = article AND s.ended_at IS NULL
        AND (t.article_id IS NULL OR (s.version_id, s.queue) <> (t.version_id, t.queue)
             OR s.holder_id IS DISTINCT FROM t.holder_id);
    DELETE FROM reviews_turn r WHERE r.article_id = article AND t.article_id IS NULL;
    IF t.article_id IS NULL THEN
        RETURN;
    END IF;
    INSERT INTO reviews_turn SELECT t.* ON CONFLICT (article_id) DO UPDATE SET
        version_id = t.version_id, queue = t.queue, side = t.side, holder_id = t.holder_id, since = t.since,
        due_on = t.due_on, is_public = t.is_public, owner_id = t.owner_id, editor_id = t.editor_id,
        specialty = t.specialty, priority = t.priority, traffic = t.traffic, risk = t.risk, labels = t.labels,
        hands = t.hands, owed = t.owed, words = t.words;
    INSERT INTO reviews_turnspan (article_id, version_id, queue, side, holder_id, began_at, due_on)
        VALUES (t.article_id, t.version_id, t.queue, t.side, t.holder_id, now(), t.due_on)
        ON CONFLICT (article_id) WHERE ended_at IS NULL DO UPDATE SET due_on = EXCLUDED.due_on;
    UPDATE articles_article SET editor_id = t.editor_id WHERE id = article AND editor_id IS DISTINCT FROM t.editor_id;
END
$$;

-- All articles whose row hangs on this person's roles, term, disclosure, conflicts or account.
CREATE FUNCTION follow_turns_of(person bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT count(follow_turn(found.article_id)) FROM (
        SELECT article_id FROM reviews_turn
            WHERE side <> 'nobody' AND (editor_id = person OR (side = 'editors' AND (holder_id = person OR holder_id IS NULL)))
        UNION SELECT t.article_id FROM reviews_turn t JOIN reviews_decision d ON d.version_id = t.version_id
            WHERE d.reviewer_id = person AND t.side IN ('editors', 'reviewers')
    ) found
$$;

-- What time alone has changed: review dates that come due, absences, terms and disclosures that ended. Returns how many
-- rows were looked at.
CREATE FUNCTION follow_time() RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    WITH today AS (SELECT (now() AT TIME ZONE 'UTC')::date AS day),
    signers AS MATERIALIZED (
        SELECT DISTINCT d.reviewer_id AS id FROM reviews_decision d JOIN reviews_turn t ON t.version_id = d.version_id
        WHERE t.side IN ('editors', 'reviewers') AND d.verdict = 'approve'
    ),
    lapsed AS MATERIALIZED (
        SELECT s.id FROM signers s, today WHERE NOT EXISTS (
            SELECT FROM people_boardterm b JOIN people_boardprofile p ON p.id = b.profile_id
            WHERE p.user_id = s.id AND today.day BETWEEN b.starts_on AND b.ends_on
            AND (b.ended_early_on IS NULL OR b.ended_early_on > today.day)
        ) OR NOT EXISTS (SELECT FROM people_disclosure d WHERE d.user_id = s.id AND d.valid_until >= today.day)
    )
    SELECT count(follow_turn(found.article_id)) FROM (
        SELECT t.article_id FROM articles_version v JOIN reviews_turn t ON t.version_id = v.id, today
            WHERE v.state = 'approved' AND v.next_review_on <= today.day + 30 AND t.queue = 'public'
        UNION SELECT article_id FROM reviews_turn
            WHERE side = 'editors' AND (holder_id IS DISTINCT FROM editor_id OR holder_id IN (
                SELECT user_id FROM people_absence, today WHERE today.day BETWEEN first_on AND last_on))
        UNION SELECT t.article_id FROM reviews_turn t JOIN reviews_decision d ON d.version_id = t.version_id
            WHERE t.queue IN ('answer', 'reading') AND d.reviewer_id IN (SELECT id FROM lapsed)
    ) found
$$;

-- One trigger function for every table: it is told how to find the article.
CREATE FUNCTION turn_trigger() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE
    line jsonb := CASE WHEN TG_OP = 'DELETE' THEN to_jsonb(OLD) ELSE to_jsonb(NEW) END;
BEGIN
    CASE TG_ARGV[0]
        WHEN 'article' THEN PERFORM follow_turn((line ->> TG_ARGV[1])::bigint);
        WHEN 'version' THEN PERFORM follow_turn(article_id) FROM articles_version WHERE id = (line ->> 'version_id')::bigint;
        WHEN 'person' THEN PERFORM follow_turns_of((line ->> TG_ARGV[1])::bigint);
    END CASE;
    RETURN NULL;
END
$$;

CREATE TRIGGER turn AFTER INSERT OR DELETE OR UPDATE OF state, due_on, next_review_on, content ON articles_version
    FOR EACH ROW EXECUTE FUNCTION turn_trigger('article', 'article_id');
CREATE TRIGGER turn AFTER UPDATE OF owner_id, editor_id, specialty, priority, traffic ON articles_article
    FOR EACH ROW EXECUTE FUNCTION turn_trigger('article', 'id');
CREATE TRIGGER turn AFTER INSERT OR DELETE ON articles_article_labels
    FOR EACH ROW EXECUTE FUNCTION turn_trigger('article', 'article_id');
CREATE TRIGGER turn AFTER INSERT OR DELETE ON articles_version_contributors
    FOR EACH ROW EXECUTE FUNCTION turn_trigger('version');
CREATE TRIGGER turn AFTER INSERT OR UPDATE OF state, answer_due_on, review_due_on ON reviews_assignment
    FOR EACH ROW EXECUTE FUNCTION turn_trigger('version');
CREATE TRIGGER turn AFTER INSERT ON reviews_decision
    FOR EACH ROW EXECUTE FUNCTION turn_trigger('version');
CREATE TRIGGER turn AFTER INSERT OR UPDATE OF closed_at ON reviews_finding
    FOR EACH ROW EXECUTE FUNCTION turn_trigger('version');
CREATE TRIGGER turn AFTER INSERT OR UPDATE ON reviews_rereview
    FOR EACH ROW EXECUTE FUNCTION turn_trigger('version');
CREATE TRIGGER turn AFTER INSERT OR UPDATE OF withdrawn_at ON reviews_conflict
    FOR EACH ROW EXECUTE FUNCTION turn_trigger('article', 'article_id');
CREATE TRIGGER turn AFTER INSERT OR UPDATE ON people_rolegrant
    FOR EACH ROW EXECUTE FUNCTION turn_trigger('person', 'user_id');
CREATE TRIGGER turn AFTER UPDATE OF is_active ON people_user
    FOR EACH ROW EXECUTE FUNCTION turn_trigger('person', 'id');
CREATE TRIGGER turn AFTER INSERT OR UPDATE ON people_conflict
    FOR EACH ROW EXECUTE FUNCTION turn_trigger('person', 'user_id');
CREATE TRIGGER turn_of_other AFTER INSERT OR UPDATE ON people_conflict
    FOR EACH ROW EXECUTE FUNCTION turn_trigger('person', 'person_id');
CREATE TRIGGER turn AFTER INSERT ON people_disclosure
    FOR EACH ROW EXECUTE FUNCTION turn_trigger('person', 'user_id');
CREATE TRIGGER turn AFTER INSERT OR DELETE OR UPDATE ON people_absence
    FOR EACH ROW EXECUTE FUNCTION turn_trigger('person', 'user_id');

CREATE FUNCTION turn_of_member() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    PERFORM follow_turns_of(user_id) FROM people_boardprofile WHERE id = NEW.profile_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER turn AFTER INSERT OR UPDATE ON people_boardterm FOR EACH ROW EXECUTE FUNCTION turn_of_member();

CREATE INDEX version_review_date ON articles_version (next_review_on) WHERE state = 'approved';
CREATE INDEX turn_of_holder ON reviews_turn (holder_id, side) WHERE holder_id IS NOT NULL;

REVOKE INSERT, UPDATE, DELETE ON reviews_turn, reviews_turnspan FROM ddx_staff;

SELECT count(follow_turn(id)) FROM articles_article;
