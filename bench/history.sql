-- A year behind the articles of `queues.sql`: who had them how long, what the ledger says of it, findings. Triggers are off.

CREATE TEMP TABLE past AS
    SELECT t.article_id AS id, t.version_id, t.owner_id, t.editor_id, t.queue, t.holder_id, t.since,
        (t.article_id * 48271) % 2147483647 % 997 AS a, (t.article_id * 69621) % 2147483647 % 991 AS b,
        now() - make_interval(mins => ((t.article_id * 7919) % 400000)::int + 60000) AS began
    FROM reviews_turn t;
CREATE TEMP TABLE step AS
    SELECT p.*, s.n, s.queue AS was, s.side,
        CASE s.side WHEN 'author' THEN owner_id WHEN 'editors' THEN coalesce(editor_id, 1)
            ELSE (SELECT min(id) FROM people_user WHERE email LIKE 'reviewer-%') + (a + s.n) % (SELECT least(count(*), 100) FROM people_user WHERE email LIKE 'reviewer-%') END AS holder,
        make_interval(mins => (s.mins * (20 + (a * s.n + b) % 300) / 100)::int) AS took
    FROM past p CROSS JOIN (VALUES (1, 'draft', 'author', 4000), (2, 'unassigned', 'editors', 2500), (3, 'answer', 'reviewers', 4500),
        (4, 'answer', 'reviewers', 3000), (5, 'reading', 'reviewers', 9000), (6, 'stuck', 'editors', 1800), (7, 'changes', 'author', 8000),
        (8, 'reading', 'reviewers', 5000)) s(n, queue, side, mins);
INSERT INTO reviews_turnspan (article_id, version_id, queue, side, holder_id, began_at, ended_at, due_on)
    SELECT id, version_id, was, side, holder, ends - took, ends, NULL FROM (
        SELECT *, began + sum(took) OVER (PARTITION BY id ORDER BY n) AS ends FROM step) x WHERE ends < now();
INSERT INTO reviews_turnspan (article_id, version_id, queue, side, holder_id, began_at, due_on)
    SELECT article_id, version_id, queue, side, holder_id, since, due_on FROM reviews_turn ON CONFLICT DO NOTHING;
SELECT sum(settle_spans(n, n + 4999)) FROM generate_series(0, (SELECT max(id) FROM past), 5000) n;
UPDATE reviews_assignment x SET invited_at = p.began + interval '5 days' FROM past p WHERE p.version_id = x.version_id;
UPDATE reviews_assignment SET accepted_at = invited_at + make_interval(hours => 8 + (id * 31 % 90)::int) WHERE state IN ('accepted', 'signed');
INSERT INTO ledger_event (at, kind, article_id, version_id, payload, content_sha256)
    SELECT p.began + make_interval(days => k.after), k.kind, p.id, p.version_id, '{}', '' FROM past p CROSS JOIN (VALUES
        ('draft_started', 0), ('submitted', 3), ('review_started', 5), ('finding_made', 12), ('finding_made', 13), ('approved', 20)) k(kind, after)
    WHERE k.kind <> 'approved' OR p.queue IN ('public', 'rereview', 'confirming')
    UNION ALL SELECT x.accepted_at, 'invitation_accepted', p.id, p.version_id,
        json_build_object('assignment', x.id, 'reviewer', 'Somebody')::text, ''
    FROM reviews_assignment x JOIN past p ON p.version_id = x.version_id WHERE x.state IN ('accepted', 'signed')
    ORDER BY 1;
UPDATE reviews_decision d SET signed_at = x.invited_at + make_interval(hours => 120 + (x.id * 17 % 300)::int) FROM reviews_assignment x WHERE x.id = d.assignment_id;
INSERT INTO reviews_finding (version_id, number, reviewer_id, diagnosis_key, place, quote, quote_before, severity, body, made_at,
        response, response_note, responded_by_id, responded_at, draft_response, draft_note, closed_reason)
    SELECT p.version_id, n, (SELECT min(id) FROM people_user WHERE email LIKE 'reviewer-%'), '', '', '', '',
        (ARRAY['must_fix', 'should', 'should', 'optional'])[1 + (a + n) % 4], 'Say more.', p.began + interval '12 days',
        CASE WHEN a % 3 = 0 THEN '' WHEN a % 7 = 0 THEN 'rebutted' ELSE 'fixed' END, '', CASE WHEN a % 3 > 0 THEN p.owner_id END,
        CASE WHEN a % 3 > 0 THEN p.began + interval '15 days' END, '', '', ''
    FROM past p, generate_series(1, 2) n WHERE p.queue NOT IN ('draft', 'unassigned');
DROP TABLE step, past;
