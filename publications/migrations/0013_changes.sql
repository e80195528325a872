-- Whether anything that the public can read has changed: each statement that changes it adds a row here, in its own
-- transaction and in nobody's way, and the sum tells. The front keeps whole answers for as long as the sum stays.
CREATE TABLE pub.change (at timestamptz NOT NULL DEFAULT clock_timestamp());
CREATE TABLE pub.changes_before (n bigint NOT NULL);
INSERT INTO pub.changes_before VALUES (0);

CREATE FUNCTION pub.note_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO pub.change DEFAULT VALUES;
    RETURN NULL;
END
$$;

-- On every table that the public login reads, but for ready pages: those the front asks for one by one. The first lock is
-- of the table that others write first, so that nobody who publishes meanwhile waits for us and we for them.
LOCK TABLE pub.publication IN SHARE ROW EXCLUSIVE MODE;
DO $$
DECLARE
    name regclass;
BEGIN
    FOR name IN SELECT oid FROM pg_class WHERE relnamespace = 'pub'::regnamespace AND relkind = 'r'
        AND has_table_privilege('ddx_public', oid, 'SELECT') AND relname <> 'page'
    LOOP
        EXECUTE format('CREATE TRIGGER note_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON %s
            FOR EACH STATEMENT EXECUTE FUNCTION pub.note_change()', name);
    END LOOP;
END
$$;

-- Put the rows into the number; the sum stays as it is.
CREATE FUNCTION sum_up_changes() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    WITH gone AS (DELETE FROM pub.change RETURNING 1)
    UPDATE pub.changes_before SET n = n + (SELECT count(*) FROM gone) WHERE EXISTS (SELECT FROM gone)
$$;

GRANT SELECT ON pub.change, pub.changes_before TO ddx_public;
REVOKE ALL ON FUNCTION sum_up_changes() FROM PUBLIC, ddx_staff, ddx_worker;
GRANT EXECUTE ON FUNCTION sum_up_changes() TO ddx_worker;
