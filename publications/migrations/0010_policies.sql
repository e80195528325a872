-- The policies as versioned pages. A version is never altered; the latest of a name is the one in force, and one without
-- words says that the policy was taken back. Written by `publish_policy` alone, which tells the ledger.

CREATE TABLE pub.policy (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL CHECK (name ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(name) <= 60),
    number integer NOT NULL CHECK (number >= 1),
    title text NOT NULL CHECK (title <> '' AND length(title) <= 120),
    body text NOT NULL CHECK (length(body) <= 60000),  -- Markdown; "" when it was taken back
    change_note text NOT NULL CHECK (length(change_note) <= 500),
    published_at timestamptz NOT NULL DEFAULT now(),
    published_by text NOT NULL,  -- the name at that time; "" as installed
    UNIQUE (name, number)
);
GRANT SELECT ON pub.policy TO ddx_public;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON pub.policy FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON pub.policy FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Put the next version in force. `based_on` is the number that the writer had before them, 0 for a new policy: when
-- somebody was quicker, nothing is written and nothing returned.
CREATE FUNCTION publish_policy(
    actor bigint, policy_name text, based_on integer, new_title text, new_body text, note text
) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    latest integer;
    writer people_user;
BEGIN
    SELECT * INTO STRICT writer FROM people_user WHERE id = actor;
    IF NOT writer.is_active OR NOT EXISTS (
        SELECT FROM people_rolegrant
        WHERE user_id = actor AND role IN ('editor', 'administrator') AND ended_at IS NULL
    ) THEN
        RAISE EXCEPTION 'this person does not write policies' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('ddx_portal.policy ' || policy_name, 0));
    SELECT coalesce(max(number), 0) INTO latest FROM pub.policy WHERE name = policy_name;
    IF latest <> based_on THEN
        RETURN NULL;
    END IF;
    INSERT INTO pub.policy (name, number, title, body, change_note, published_by)
        VALUES (policy_name, latest + 1, new_title, new_body, note, writer.name);
    INSERT INTO ledger_event (kind, actor_id, content_sha256, payload)
        VALUES (CASE WHEN new_body = '' THEN 'policy_withdrawn' ELSE 'policy_published' END, actor,
            encode(sha256(convert_to(new_body, 'UTF8')), 'hex'),
            jsonb_build_object('policy', policy_name, 'number', latest + 1, 'title', new_title, 'note', note,
                'name', writer.name)::text);
    RETURN latest + 1;
END
$$;
REVOKE ALL ON FUNCTION publish_policy(bigint, text, integer, text, text, text) FROM PUBLIC, ddx_staff, ddx_worker;
GRANT EXECUTE ON FUNCTION publish_policy(bigint, text, integer, text, text, text) TO ddx_staff;
