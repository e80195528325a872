-- What a message is stays as it was made; the worker's login writes what became of it, and nothing else.

CREATE TRIGGER fixed BEFORE UPDATE ON people_message
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of('kind', 'key', 'person_id', 'arguments', 'article_id', 'version_id');

GRANT UPDATE (state, why, settled_at, carried_by_id, address, subject, text, html) ON people_message TO ddx_worker;
