-- What was said and came to an end stays as it was, for the web's login too.

-- A finding that is closed changes in nothing any more: neither what the author answered nor who closed it and why.
CREATE FUNCTION closed_finding_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    IF NEW IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'finding % stays closed, as it was', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER guard_closed BEFORE UPDATE ON reviews_finding FOR EACH ROW
    WHEN (OLD.closed_at IS NOT NULL) EXECUTE FUNCTION closed_finding_guard();

-- Whoever signed or said no did so: nobody is asked twice for the same version, or for the same re-review. Signed is
-- what has a decision.
CREATE FUNCTION answered_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    IF OLD.state IN ('signed', 'declined') THEN
        RAISE EXCEPTION 'assignment % stays %', OLD.id, OLD.state USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state = 'signed' AND NOT EXISTS (SELECT FROM reviews_decision d WHERE d.assignment_id = NEW.id) THEN
        RAISE EXCEPTION 'assignment % has no signature', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER guard_answered BEFORE UPDATE OF state ON reviews_assignment FOR EACH ROW
    WHEN (NEW.state <> OLD.state) EXECUTE FUNCTION answered_guard();

-- When and why a version came where it is, is said as it comes there.
CREATE FUNCTION version_reason_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    RAISE EXCEPTION 'what version % came to, when and why, stays as it was said', OLD.id
        USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER guard_reason BEFORE UPDATE OF state_reason, review_started_at, decided_at ON articles_version FOR EACH ROW
    WHEN (NEW.state = OLD.state AND (NEW.state_reason, NEW.review_started_at, NEW.decided_at)
        IS DISTINCT FROM (OLD.state_reason, OLD.review_started_at, OLD.decided_at))
    EXECUTE FUNCTION version_reason_guard();

-- An address that was public leads to the same article for good.
CREATE FUNCTION slug_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    IF EXISTS (
        SELECT FROM articles_version
        WHERE article_id = OLD.id AND state IN ('approved', 'superseded', 'retracted')
    ) THEN
        RAISE EXCEPTION 'the address of article % is public and stays', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER guard_slug BEFORE UPDATE OF slug ON articles_article FOR EACH ROW
    WHEN (NEW.slug <> OLD.slug) EXECUTE FUNCTION slug_guard();

-- A statement that was retired is asked anew as another one.
CREATE TRIGGER retired_once BEFORE UPDATE ON reviews_checklistitem
    FOR EACH ROW WHEN (OLD.retired_at IS NOT NULL) EXECUTE FUNCTION refuse_change();

-- Which migrations ran is the owner's to say.
REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM ddx_staff;
