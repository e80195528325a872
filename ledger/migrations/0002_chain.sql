-- The chain. Every insert takes the head row's lock, so events are numbered without a gap and in the
-- order of their commits. The function runs as its owner: no application login may touch the head.

CREATE TABLE ledger_head (
    id smallint PRIMARY KEY DEFAULT 1 CHECK (id = 1),
    seq bigint NOT NULL,
    hash text NOT NULL
);
INSERT INTO ledger_head VALUES (1, 0, repeat('0', 64));

CREATE FUNCTION ledger_event_hash(e ledger_event) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, public AS $$
    SELECT encode(sha256(convert_to(concat_ws(E'\n',
        e.seq::text,
        to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        coalesce(e.actor_id::text, ''),
        e.kind,
        coalesce(e.article_id::text, ''),
        coalesce(e.version_id::text, ''),
        e.content_sha256,
        e.payload,
        e.prev_hash
    ), 'UTF8')), 'hex')
$$;

CREATE FUNCTION ledger_chain() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    head ledger_head;
BEGIN
    SELECT * INTO STRICT head FROM ledger_head FOR UPDATE;
    NEW.seq := head.seq + 1;
    NEW.at := clock_timestamp();
    NEW.prev_hash := head.hash;
    NEW.hash := ledger_event_hash(NEW);
    UPDATE ledger_head SET seq = NEW.seq, hash = NEW.hash;
    RETURN NEW;
END
$$;

CREATE TRIGGER chain BEFORE INSERT ON ledger_event FOR EACH ROW EXECUTE FUNCTION ledger_chain();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON ledger_event FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON ledger_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON ledger_head FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

REVOKE ALL ON ledger_event, ledger_head FROM ddx_staff, ddx_worker;
GRANT SELECT, INSERT ON ledger_event TO ddx_staff;
GRANT SELECT ON ledger_event, ledger_head TO ddx_worker;
GRANT SELECT ON ledger_head TO ddx_staff;
