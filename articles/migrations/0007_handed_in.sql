-- What is here already was sent by who began its batch.
UPDATE articles_intakefile f SET sent_by_id = b.begun_by_id FROM articles_intakebatch b WHERE b.id = f.batch_id;
UPDATE articles_article a SET handed_in_by_id = f.sent_by_id FROM articles_intakefile f
    WHERE f.article_id = a.id AND f.state IN ('imported', 'submitted', 'incomplete') AND f.sent_by_id <> a.owner_id;

-- It decides who may not review the article, and is said once, when the article is made.
CREATE TRIGGER fixed BEFORE UPDATE ON articles_article
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of('handed_in_by_id');

SET CONSTRAINTS ALL IMMEDIATE;
