-- Articles for the bench: `wanted` says how many stand in each queue. Every row is as the workflow would have left it, so
-- that turn_of() comes to what is written into reviews_turn here (a test compares them).

CREATE TEMP TABLE person AS
    SELECT row_number() OVER () AS id, kind, n FROM (
        SELECT 'editor' AS kind, n FROM generate_series(1, current_setting('bench.editors')::int) n
        UNION ALL SELECT 'author', n FROM generate_series(1, current_setting('bench.authors')::int) n
        UNION ALL SELECT 'reviewer', n FROM generate_series(1, current_setting('bench.reviewers')::int) n
    ) x;
CREATE INDEX ON person (kind, n);
ANALYZE person;
INSERT INTO people_user (id, password, email, name, is_active, joined_at, mail_pace)
    SELECT id, '!', kind || '-' || n || '@bench.example', initcap(kind) || ' ' || chr(64 + 1 + n % 26) || 'son', true, now(), 'daily'
    FROM person;
INSERT INTO people_rolegrant (role, granted_at, user_id) SELECT kind, now() - interval '1 year', id FROM person;
INSERT INTO people_boardprofile (id, slug, credentials, job_title, institution, specialties, orcid, bio, user_id)
    SELECT id, 'member-' || n, 'MD', '', '', '{}', '', '', id FROM person WHERE kind = 'reviewer';
INSERT INTO people_boardterm (starts_on, ends_on, added_at, profile_id)
    SELECT current_date - 100, current_date + 400, now(), id FROM person WHERE kind = 'reviewer';
INSERT INTO people_disclosure (items, declared_at, user_id)
    SELECT current_setting('bench.nothing')::jsonb, now() - interval '10 days', id FROM person WHERE kind <> 'editor';
INSERT INTO articles_label (id, name) SELECT n, 'Label ' || n FROM generate_series(1, current_setting('bench.labels')::int) n;

CREATE TEMP TABLE piece AS -- n: the number within its queue
    SELECT row_number() OVER (ORDER BY (n * 7919) % 10007, w.queue) AS id, w.queue, n FROM wanted w, generate_series(1, w.many) n;
-- dice, the same at every run
ALTER TABLE piece ADD a int, ADD b bigint, ADD owner bigint, ADD editor bigint, ADD first bigint, ADD second bigint, ADD day date;
UPDATE piece SET a = (id * 48271) % 2147483647 % 1000, b = (id * 69621) % 2147483647 % 100003;
UPDATE piece SET
    owner = (SELECT id FROM person WHERE kind = 'author' AND n = CASE WHEN a < 500 THEN 1 ELSE 1 + b % current_setting('bench.authors')::int END),
    editor = (SELECT id FROM person WHERE kind = 'editor' AND n = CASE WHEN a % 100 = 17 THEN 2 ELSE 1 + b % current_setting('bench.editors')::int END),
    first = (SELECT id FROM person WHERE kind = 'reviewer' AND n = 1 + b % current_setting('bench.reviewers')::int),
    second = (SELECT id FROM person WHERE kind = 'reviewer' AND n = 1 + (b + 1 + a % (current_setting('bench.reviewers')::int - 1)) % current_setting('bench.reviewers')::int),
    day = current_date + (a % 60) - 12;

INSERT INTO articles_article (id, slug, specialty, created_at, owner_id, editor_id, priority, traffic)
    SELECT id, 'article-' || id, (ARRAY['Neurologic','Cardiovascular','Dermatology','Renal','Urologic','Pediatric','Geriatric','Surgical','Nursing','Dentistry'])[1 + b % 10],
        now(), owner, CASE WHEN queue NOT IN ('draft', 'ended', 'public') THEN editor END, CASE WHEN a < 30 THEN 1 WHEN a < 130 THEN 2 WHEN a < 900 THEN 3 ELSE 4 END,
        CASE WHEN a % 5 > 0 THEN b * 37 + a END
    FROM piece;
INSERT INTO articles_article_labels (article_id, label_id)
    SELECT id, 1 + m FROM piece, LATERAL (SELECT DISTINCT m FROM unnest(ARRAY[a % 10, (a * b) % 30]) m) x WHERE b % 3 = 0;
INSERT INTO articles_version (id, article_id, number, author_id, content, content_sha256, state, state_reason, revision, change_note, origin,
        ai_tool, author_statement, approvals_required, source, doubts, created_at, updated_at, submitted_at, review_started_at, decided_at, due_on, next_review_on)
    SELECT id, id, 1, owner, content, CASE WHEN queue <> 'draft' THEN encode(sha256(convert_to(content, 'UTF8')), 'hex') END,
        CASE queue WHEN 'draft' THEN 'draft' WHEN 'changes' THEN 'changes_requested' WHEN 'unassigned' THEN 'submitted' WHEN 'ended' THEN 'declined'
            WHEN 'rereview' THEN 'approved' WHEN 'confirming' THEN 'approved' WHEN 'public' THEN 'approved' ELSE 'under_review' END,
        '', 1, '', CASE WHEN a % 2 = 0 THEN 'human' ELSE 'ai_drafted' END, '', '{}', 2, '', '[]', now() - interval '60 days',
        day::timestamp AT TIME ZONE 'UTC' - interval '90 days',
        CASE WHEN queue <> 'draft' THEN now() - interval '40 days' END,
        CASE WHEN queue NOT IN ('draft', 'unassigned', 'ended') THEN now() - interval '39 days' END,
        CASE WHEN queue IN ('changes', 'rereview', 'confirming', 'public', 'ended') THEN now() - interval '20 days' END,
        CASE WHEN queue IN ('changes', 'unassigned') THEN day END,
        CASE WHEN queue IN ('rereview', 'confirming') THEN day - 18 WHEN queue = 'public' THEN current_date + 100 + a END
    FROM piece, LATERAL (SELECT json_build_object(
        'title', (ARRAY['Pain','Swelling','Numbness','Weakness','Itching','Bleeding'])[1 + a % 6] || ' of the ' ||
            (ARRAY['knee','hand','chest','belly','neck','foot','eye','back'])[1 + b % 8] || ' ' ||
            (ARRAY['at night','after meals','in children','when walking','with fever'])[1 + (a + b) % 5] ||
            CASE WHEN a = 7 THEN ' and zoster' ELSE '' END || ' ' || id,
        'diagnoses', (SELECT json_agg(json_build_object('key', 'd' || k, 'name', 'Diagnosis ' || k || ' of ' || id,
            'tier', CASE WHEN k <= a % 7 THEN 'do_not_miss' ELSE 'most_likely' END, 'rationale', repeat('Why it is so. ', 10)))
            FROM generate_series(1, 8) k)
    )::text AS content) c;
INSERT INTO articles_version_contributors (version_id, user_id)
    SELECT id, owner FROM piece UNION SELECT id, (SELECT id FROM person WHERE kind = 'editor' AND n = 1) FROM piece WHERE a % 100 = 17 AND id <= 20000
    UNION SELECT id, (SELECT id FROM person WHERE kind = 'author' AND n = 2) FROM piece WHERE a % 200 = 11 AND id <= 40000;

INSERT INTO reviews_rereview (id, started_at, outcome, reason, started_by_id, version_id)
    SELECT id, now() - interval '3 days', '', '', editor, id FROM piece WHERE queue = 'confirming';
-- the round: two asked; who they are in each queue
INSERT INTO reviews_assignment (id, version_id, reviewer_id, invited_by_id, invited_at, answered_at, state, answer_due_on, review_due_on, reason,
        read_diagnoses, draft_note, draft_confidential_note, checklist, suggested)
    SELECT p.id * 4 + k, p.id, CASE k WHEN 0 THEN first ELSE second END, editor, now() - interval '30 days',
        CASE WHEN state <> 'invited' THEN now() - interval '25 days' END, state, day, day + 14, '', '[]', '', '', '{}', ''
    FROM piece p, generate_series(0, 1) k, LATERAL (SELECT CASE
        WHEN p.queue = 'answer' THEN 'invited'
        WHEN p.queue = 'reading' THEN CASE WHEN k = 1 AND b % 2 = 0 THEN 'signed' ELSE 'accepted' END
        WHEN p.queue = 'stuck' THEN CASE k WHEN 0 THEN 'signed' ELSE 'declined' END
        WHEN p.queue IN ('rereview', 'confirming', 'public', 'changes') THEN 'signed' END AS state) s
    WHERE state IS NOT NULL;
INSERT INTO reviews_assignment (id, version_id, reviewer_id, invited_by_id, invited_at, state, answer_due_on, review_due_on, reason,
        read_diagnoses, draft_note, draft_confidential_note, checklist, suggested, rereview_id)
    SELECT p.id * 4 + 2 + k, p.id, CASE k WHEN 0 THEN first ELSE second END, editor, now() - interval '3 days', 'invited', day, day + 14, '', '[]', '', '', '{}', '', p.id
    FROM piece p, generate_series(0, 1) k WHERE p.queue = 'confirming';
INSERT INTO reviews_decision (content_sha256, verdict, note, statement, signed_at, key, article_id, assignment_id, reviewer_id, version_id, checklist, confidential_note)
    SELECT v.content_sha256, CASE WHEN v.state = 'changes_requested' THEN 'request_changes' ELSE 'approve' END, '', '{}', now() - interval '25 days', gen_random_uuid(), v.article_id, x.id, x.reviewer_id, v.id, '[]', ''
    FROM reviews_assignment x JOIN articles_version v ON v.id = x.version_id WHERE x.state = 'signed';

INSERT INTO reviews_turn (article_id, version_id, queue, side, holder_id, since, due_on, is_public, owner_id, editor_id, specialty, priority, traffic, risk, labels, hands, owed, words)
    SELECT p.id, p.id, p.queue, s.side,
        CASE s.side WHEN 'author' THEN p.owner WHEN 'editors' THEN p.editor
            WHEN 'reviewers' THEN CASE WHEN p.queue = 'reading' AND b % 2 = 0 THEN p.first ELSE p.first END END,
        now() - interval '20 days',
        CASE p.queue WHEN 'stuck' THEN current_date - 25 + 2 WHEN 'reading' THEN p.day + 14 WHEN 'rereview' THEN p.day - 18 WHEN 'public' THEN NULL WHEN 'ended' THEN NULL ELSE p.day END,
        p.queue IN ('rereview', 'confirming', 'public'), p.owner, r.editor_id, r.specialty, r.priority, r.traffic, risk_of(v.content),
        ARRAY(SELECT label_id FROM articles_article_labels WHERE article_id = p.id ORDER BY label_id),
        ARRAY(SELECT user_id FROM articles_version_contributors WHERE version_id = p.id AND user_id <> p.owner ORDER BY user_id),
        ARRAY(SELECT reviewer_id FROM reviews_assignment x WHERE x.version_id = p.id AND x.state IN ('invited', 'accepted') ORDER BY reviewer_id),
        to_tsvector('simple', v.title)
    FROM piece p JOIN articles_version v ON v.id = p.id JOIN articles_article r ON r.id = p.id, LATERAL (SELECT CASE
        WHEN p.queue IN ('draft', 'changes') THEN 'author' WHEN p.queue IN ('unassigned', 'stuck', 'rereview') THEN 'editors'
        WHEN p.queue IN ('answer', 'reading', 'confirming') THEN 'reviewers' ELSE 'nobody' END AS side) s;
SELECT setval(pg_get_serial_sequence(t, 'id'), 1000000 + 4 * (SELECT max(id) FROM piece))
    FROM unnest(ARRAY['people_user', 'articles_article', 'articles_version', 'reviews_assignment', 'articles_label', 'reviews_rereview', 'people_boardprofile']) t;
DROP TABLE person, piece, wanted;
