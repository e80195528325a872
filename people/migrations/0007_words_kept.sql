-- What a message said, and to which address, stays as it went out, whoever is at the web's own login: only the worker,
-- sending it once more, writes it anew. Of one that has not gone out yet, the address it was made for stays.
CREATE FUNCTION message_words_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    RAISE EXCEPTION 'what message % said, and to whom, stays', OLD.id USING ERRCODE = 'integrity_constraint_violation';
END
$$;

CREATE TRIGGER guard_words BEFORE UPDATE OF address, subject, text, html ON people_message FOR EACH ROW
    WHEN (current_user = 'ddx_staff' AND (
        (OLD.address <> '' AND NEW.address <> OLD.address)
        OR ((OLD.state = 'sent' OR OLD.subject <> '')
            AND (NEW.address, NEW.subject, NEW.text, NEW.html)
                IS DISTINCT FROM (OLD.address, OLD.subject, OLD.text, OLD.html))))
    EXECUTE FUNCTION message_words_guard();
