-- Everything that somebody owes now: the turns of authors and editors, and each answer and review that is outstanding.
-- A round has one turn, but each of its reviewers owes their own; the turn's holder is only the one who is due first.
CREATE VIEW reviews_debt WITH (security_invoker = true) AS
SELECT concat_ws(':', t.version_id, t.side, t.holder_id) AS key, t.article_id, t.version_id, t.queue, t.side, t.holder_id, t.due_on, t.editor_id,
    (t.since AT TIME ZONE 'UTC')::date AS began_on
FROM reviews_turn t WHERE t.side IN ('author', 'editors') AND t.holder_id IS NOT NULL
UNION ALL
SELECT concat_ws(':', a.version_id, 'reviewers', a.reviewer_id), t.article_id, a.version_id,
    CASE WHEN a.rereview_id IS NOT NULL THEN 'confirming' WHEN a.state = 'invited' THEN 'answer' ELSE 'reading' END,
    'reviewers', a.reviewer_id, CASE a.state WHEN 'invited' THEN a.answer_due_on ELSE a.review_due_on END, t.editor_id,
    (coalesce(a.answered_at, a.invited_at) AT TIME ZONE 'UTC')::date
FROM reviews_assignment a JOIN reviews_turn t ON t.version_id = a.version_id JOIN articles_version v ON v.id = a.version_id
WHERE a.state IN ('invited', 'accepted') AND CASE WHEN a.rereview_id IS NULL THEN v.state = 'under_review'
    ELSE EXISTS (SELECT FROM reviews_rereview r WHERE r.id = a.rereview_id AND r.ended_at IS NULL) END;
