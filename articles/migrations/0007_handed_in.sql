-- Who added the files that are here already, the ledger tells: of each addition to a batch, who and how many. Files
-- that it does not tell of were sent by who began the batch.
WITH addition AS (
    SELECT (payload::jsonb ->> 'batch')::bigint AS batch, actor_id, (payload::jsonb ->> 'files')::bigint AS files,
        sum((payload::jsonb ->> 'files')::bigint) OVER (PARTITION BY payload::jsonb ->> 'batch' ORDER BY seq) AS last
    FROM ledger_event WHERE kind = 'intake_begun'
), added AS (
    SELECT id, batch_id, row_number() OVER (PARTITION BY batch_id ORDER BY id) AS place FROM articles_intakefile
)
UPDATE articles_intakefile f SET sent_by_id = coalesce(a.actor_id, b.begun_by_id)
    FROM added JOIN articles_intakebatch b ON b.id = added.batch_id
    LEFT JOIN addition a ON a.batch = added.batch_id AND added.place > a.last - a.files AND added.place <= a.last
    WHERE added.id = f.id;

-- Whoever signed an article while nothing forbade it signed rightly: the article says nothing of who handed it in then,
-- for the proof counts no signature of that person.
UPDATE articles_article a SET handed_in_by_id = f.sent_by_id FROM articles_intakefile f
    WHERE f.article_id = a.id AND f.state IN ('imported', 'submitted', 'incomplete') AND f.sent_by_id <> a.owner_id
    AND NOT EXISTS (
        SELECT FROM ledger_event e WHERE e.article_id = a.id AND e.kind = 'decision_signed'
        AND (e.payload::jsonb ->> 'reviewer_id')::bigint = f.sent_by_id
    );

-- It decides who may not review the article, and is said once, when the article is made.
CREATE TRIGGER fixed BEFORE UPDATE ON articles_article
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of('handed_in_by_id');

SET CONSTRAINTS ALL IMMEDIATE;
