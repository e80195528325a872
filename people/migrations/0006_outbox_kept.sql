-- What was sent stays for a year, whoever is at the web's own login: the chore that forgets old messages waits longer.
CREATE FUNCTION message_stays() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF OLD.settled_at IS NULL OR greatest(OLD.settled_at, OLD.created_at) > now() - interval '365 days' THEN
        RAISE EXCEPTION 'message % stays in the outbox for a year', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN OLD;
END
$$;

CREATE TRIGGER kept BEFORE DELETE ON people_message FOR EACH ROW EXECUTE FUNCTION message_stays();
