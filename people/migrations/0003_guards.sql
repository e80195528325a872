-- What is declared, given and ended stays as history. Which guards, and why in plain SQL: docs/adr/0005.

CREATE FUNCTION refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    RAISE EXCEPTION '% on % refused: this table is append-only', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END
$$;

-- The columns named as arguments keep the value that they were made with.
CREATE FUNCTION refuse_change_of() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    fixed text;
BEGIN
    FOREACH fixed IN ARRAY TG_ARGV LOOP
        IF to_jsonb(NEW) -> fixed IS DISTINCT FROM to_jsonb(OLD) -> fixed THEN
            RAISE EXCEPTION '% of % never changes', fixed, TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END LOOP;
    RETURN NEW;
END
$$;

CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON people_disclosure
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER kept BEFORE DELETE ON people_rolegrant
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER kept BEFORE DELETE ON people_closure
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER kept BEFORE DELETE ON people_conflict
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER kept BEFORE DELETE ON people_boardterm
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER kept BEFORE DELETE ON people_invitation
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER fixed BEFORE UPDATE ON people_rolegrant
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of('user_id', 'role', 'granted_at', 'granted_by_id');
CREATE TRIGGER fixed BEFORE UPDATE ON people_closure
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of('user_id', 'closed_at', 'closed_by_id');
CREATE TRIGGER fixed BEFORE UPDATE ON people_conflict
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of('user_id', 'person_id', 'reason', 'declared_at');
-- a role that has ended is given anew, never revived
CREATE TRIGGER ended_once BEFORE UPDATE ON people_rolegrant
    FOR EACH ROW WHEN (OLD.ended_at IS NOT NULL) EXECUTE FUNCTION refuse_change();
