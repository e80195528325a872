-- What no application login can do to a version, whatever the application says.

CREATE FUNCTION version_guard_insert() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    IF NEW.state <> 'draft' THEN
        RAISE EXCEPTION 'a version begins as a draft, not as %', NEW.state
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;

-- The state machine of articles/workflow.py. A test compares the two.
CREATE FUNCTION version_step_is_legal(old_state text, new_state text) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog AS $$
    SELECT (old_state, new_state) IN (
        ('draft', 'submitted'),
        ('submitted', 'under_review'), ('submitted', 'declined'), ('submitted', 'withdrawn'),
        ('under_review', 'approved'), ('under_review', 'changes_requested'),
        ('under_review', 'declined'), ('under_review', 'withdrawn'),
        ('approved', 'superseded'), ('approved', 'retracted')
    )
$$;

CREATE FUNCTION version_guard_update() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE
    -- what may still change once the text is frozen: where it is in the process, never what it says
    -- (the title is generated from the content and not yet computed in a BEFORE trigger)
    process text[] := ARRAY['state', 'state_reason', 'due_on', 'review_started_at', 'decided_at',
                            'next_review_on', 'updated_at', 'title'];
BEGIN
    IF NEW.state <> OLD.state AND NOT version_step_is_legal(OLD.state, NEW.state) THEN
        RAISE EXCEPTION 'a version does not go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (NEW.id, NEW.article_id, NEW.number) IS DISTINCT FROM (OLD.id, OLD.article_id, OLD.number) THEN
        RAISE EXCEPTION 'a version keeps its article and number' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.state <> 'draft' AND (to_jsonb(NEW) - process) IS DISTINCT FROM (to_jsonb(OLD) - process) THEN
        RAISE EXCEPTION 'version % is frozen since it was submitted', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.content_sha256 IS NOT NULL
        AND NEW.content_sha256 <> encode(sha256(convert_to(NEW.content, 'UTF8')), 'hex') THEN
        RAISE EXCEPTION 'the hash of version % is not that of its text', NEW.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE FUNCTION version_guard_delete() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    IF OLD.state <> 'draft' THEN
        RAISE EXCEPTION 'version % was submitted and stays', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN OLD;
END
$$;

-- Who wrote a text is part of what was submitted: it decides who may not review it.
CREATE FUNCTION contributor_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE
    version bigint := CASE WHEN TG_OP = 'INSERT' THEN NEW.version_id ELSE OLD.version_id END;
BEGIN
    IF TG_OP = 'UPDATE' OR (SELECT state FROM articles_version WHERE id = version) <> 'draft' THEN
        RAISE EXCEPTION 'the contributors of version % are frozen', version
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END
$$;

CREATE TRIGGER guard_insert BEFORE INSERT ON articles_version
    FOR EACH ROW EXECUTE FUNCTION version_guard_insert();
CREATE TRIGGER guard_update BEFORE UPDATE ON articles_version
    FOR EACH ROW EXECUTE FUNCTION version_guard_update();
CREATE TRIGGER guard_delete BEFORE DELETE ON articles_version
    FOR EACH ROW EXECUTE FUNCTION version_guard_delete();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON articles_version
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON articles_version_contributors
    FOR EACH ROW EXECUTE FUNCTION contributor_guard();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON articles_version_contributors
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
