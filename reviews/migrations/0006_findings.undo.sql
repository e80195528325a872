DROP TRIGGER kept ON reviews_checklistitem;
DROP TRIGGER fixed ON reviews_checklistitem;

CREATE OR REPLACE FUNCTION finding_guard() RETURNS trigger
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
