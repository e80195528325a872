-- The public halves of the keys that the press countersigns provenance with: the one in use, and every one before, for
-- good. The private halves are in no table.

CREATE TABLE pub.provenance_key (
    id text PRIMARY KEY,
    public_key text NOT NULL UNIQUE CONSTRAINT key_has_32_bytes CHECK (octet_length(decode(public_key, 'base64')) = 32),
    since timestamptz NOT NULL,
    until timestamptz,
    revoked_at timestamptz,
    revoked_because text NOT NULL DEFAULT '',
    CONSTRAINT key_is_named_by_its_hash CHECK (id = left(encode(sha256(decode(public_key, 'base64')), 'hex'), 16)),
    CONSTRAINT key_ends_after_it_began CHECK (until >= since),
    CONSTRAINT revoked_key_has_ended CHECK (revoked_at IS NULL OR (until IS NOT NULL AND revoked_because <> ''))
);
CREATE UNIQUE INDEX one_provenance_key_in_use ON pub.provenance_key ((true)) WHERE until IS NULL;

-- The press says which key it has: nothing new as long as that is the key in use. Another one takes its place; one that
-- was in use before is refused, or what was signed since could not be told from what it signed then. Returned with the
-- key's id is the moment of now, by the clock that the keys' dates are by.
CREATE FUNCTION announce_key(own text, OUT key text, OUT at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    known pub.provenance_key;
BEGIN
    at := date_trunc('milliseconds', clock_timestamp());
    SELECT * INTO known FROM pub.provenance_key WHERE public_key = own;
    IF known.id IS NULL THEN
        LOCK TABLE pub.provenance_key IN SHARE ROW EXCLUSIVE MODE;
        at := date_trunc('milliseconds', clock_timestamp());
        SELECT * INTO known FROM pub.provenance_key WHERE public_key = own;
    END IF;
    IF known.id IS NULL THEN
        UPDATE pub.provenance_key SET until = at WHERE until IS NULL;
        INSERT INTO pub.provenance_key (id, public_key, since)
            VALUES (left(encode(sha256(decode(own, 'base64')), 'hex'), 16), own, at) RETURNING * INTO known;
    ELSIF known.until IS NOT NULL THEN
        RAISE EXCEPTION 'provenance key % was retired on %: give the press a new one', known.id, known.until::date
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    key := known.id;
END
$$;

-- A key that somebody else may have: nothing signed with it counts any more, and everything is signed anew. No public
-- row is written, for there may be very many. The tables are locked in the order in which a change of a row writes them,
-- so that neither waits for the other.
CREATE FUNCTION revoke_key(key text, because text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    UPDATE pub.provenance_key SET until = coalesce(until, clock_timestamp()), revoked_at = clock_timestamp(),
        revoked_because = because WHERE id = key AND revoked_at IS NULL;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no provenance key % that could be revoked', key
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    LOCK TABLE pub.page, pub.pressed IN SHARE ROW EXCLUSIVE MODE;
    DELETE FROM pub.page WHERE path LIKE '%/provenance.json';
    UPDATE pub.pressed SET frame = '', since = clock_timestamp(), good_until = 'infinity' WHERE is_slow AND frame > '';
END
$$;

GRANT SELECT ON pub.provenance_key TO ddx_public;
REVOKE ALL ON FUNCTION announce_key(text), revoke_key(text, text) FROM PUBLIC, ddx_staff, ddx_worker;
GRANT EXECUTE ON FUNCTION announce_key(text), revoke_key(text, text) TO ddx_worker;
