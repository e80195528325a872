-- What a reviewer found stays what it was; only the answer, the draft of the answer and the closing are added.
CREATE OR REPLACE FUNCTION finding_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE
    later text[] := ARRAY['response', 'response_note', 'responded_by_id', 'responded_at', 'responded_in_id',
                          'draft_response', 'draft_note', 'closed_by_id', 'closed_at', 'closed_reason'];
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

-- A statement of the checklist is retired, never reworded: answers keep their meaning.
CREATE TRIGGER fixed BEFORE UPDATE ON reviews_checklistitem
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of('key', 'statement', 'help');
CREATE TRIGGER kept BEFORE DELETE ON reviews_checklistitem FOR EACH ROW EXECUTE FUNCTION refuse_change();
