-- Letters from readers are taken here and nowhere else. The public login may execute `pub.take_letter`, in a
-- transaction that it declares to write; it sees no letter, and has no right on any table.

-- What a reader sent stays as it was sent, until it is forgotten; what was closed stays closed.
CREATE FUNCTION letter_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    IF (NEW.words <> OLD.words AND NOT (NEW.words = '' AND OLD.state = 'closed'))
        OR (NEW.address <> OLD.address AND NEW.address <> '')
        OR (OLD.forgotten_at IS NOT NULL AND NEW.forgotten_at IS DISTINCT FROM OLD.forgotten_at)
    THEN
        RAISE EXCEPTION 'letter % stays as it was sent', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.state = 'closed' AND (
        to_jsonb(NEW) - ARRAY['words', 'address', 'answer', 'reason', 'sender_key', 'forgotten_at']
            IS DISTINCT FROM to_jsonb(OLD) - ARRAY['words', 'address', 'answer', 'reason', 'sender_key', 'forgotten_at']
        OR (NEW.answer <> OLD.answer AND NEW.answer <> '') OR (NEW.reason <> OLD.reason AND NEW.reason <> '')
    ) THEN
        RAISE EXCEPTION 'letter % is closed', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER guard BEFORE UPDATE ON reviews_readerletter FOR EACH ROW EXECUTE FUNCTION letter_guard();
CREATE TRIGGER fixed BEFORE UPDATE ON reviews_readerletter FOR EACH ROW EXECUTE FUNCTION refuse_change_of(
    'kind', 'problem', 'article_id', 'version_id', 'diagnosis_key', 'diagnosis_name', 'received_at', 'consented_at'
);
REVOKE INSERT, DELETE ON reviews_readerletter FROM ddx_staff;

-- With the address of a letter goes that of the mail to its reader, which else stays as it went out. The keys are
-- those of `reviews.letter_mail`.
CREATE FUNCTION letter_forgotten() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    UPDATE people_message SET address = 'deleted@address.invalid'
        WHERE key IN ('letter_received.' || NEW.id, 'letter_answered.' || NEW.id, 'letter_arrived.' || NEW.id)
        AND address <> '';
    RETURN NULL;
END
$$;
CREATE TRIGGER forgotten AFTER UPDATE OF address ON reviews_readerletter FOR EACH ROW
    WHEN (OLD.address <> '' AND NEW.address = '') EXECUTE FUNCTION letter_forgotten();
REVOKE ALL ON FUNCTION letter_forgotten() FROM PUBLIC, ddx_staff, ddx_worker;

-- Why the sender, the article or all together have to wait; '' when they need not. Call it with the letters' lock held.
CREATE FUNCTION letter_limit(_article bigint, _key text) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, public AS $$
    SELECT CASE
        WHEN count(*) FILTER (WHERE mine AND fresh) >= 10 OR count(*) FILTER (WHERE mine) >= 30 THEN 'sender'
        WHEN count(*) FILTER (WHERE here AND fresh) >= 30 OR count(*) FILTER (WHERE here) >= 100 THEN 'article'
        WHEN count(*) FILTER (WHERE fresh) >= 200 OR count(*) >= 1000 THEN 'all'
        ELSE ''
    END
    FROM (
        SELECT sender_key = _key AS mine, article_id = _article AS here, received_at > now() - interval '1 hour' AS fresh
        FROM reviews_readerletter WHERE received_at > now() - interval '1 day'
    ) lately
$$;

-- Take a letter about a version that is public. Gives its number and due date, or why it was not taken: 'words' (it has
-- not the right shape), 'gone' (version or diagnosis are not public), or what `letter_limit` says. The same from the
-- same sender within a day is the same letter.
CREATE FUNCTION pub.take_letter(
    _kind text, _problem text, _version bigint, _diagnosis text, _words text, _address text, _sender text, _days integer,
    OUT number bigint, OUT due_on date, OUT refusal text
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    _article bigint;
    _name text;
    _key text;
BEGIN
    refusal := '';
    IF ((_kind = 'problem' AND _problem IN ('dangerous', 'wrong', 'unclear', 'source', 'technical', 'other')
            AND length(_words) BETWEEN 1 AND 4000
        OR _kind = 'question' AND _problem = '' AND _diagnosis = '' AND length(_words) BETWEEN 1 AND 1000)
        AND _words !~ '[\x01-\x08\x0b-\x1f\x7f]' AND btrim(_words) <> ''
        AND length(_diagnosis) <= 80 AND length(_sender) BETWEEN 1 AND 100 AND _days BETWEEN 1 AND 60
        AND (_address = '' OR length(_address) <= 254 AND _address ~ '^[^@[:space:][:cntrl:],;<>"]+@[^@[:space:][:cntrl:],;<>"]+$')
    ) IS NOT TRUE THEN
        refusal := 'words';
        RETURN;
    END IF;
    SELECT p.article_id, CASE WHEN _diagnosis = '' THEN '' ELSE (
        SELECT d ->> 'name' FROM jsonb_array_elements(p.content::jsonb -> 'diagnoses') d WHERE d ->> 'key' = _diagnosis
    ) END INTO _article, _name FROM pub.publication p WHERE p.id = _version AND p.state <> 'retracted';
    IF _article IS NULL OR _name IS NULL THEN
        refusal := 'gone';
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('reviews_readerletter'));
    _key := pub.sender_key(_sender);
    SELECT l.id, l.due_on INTO number, due_on FROM reviews_readerletter l
        WHERE l.received_at > now() - interval '1 day' AND l.sender_key = _key AND l.article_id = _article
        AND (l.kind, l.problem, l.diagnosis_key, l.words, l.address)
            = (_kind, _problem, _diagnosis, _words, _address);
    IF FOUND THEN
        RETURN;
    END IF;
    refusal := letter_limit(_article, _key);
    IF refusal <> '' THEN
        RETURN;
    END IF;
    INSERT INTO reviews_readerletter AS l (
        kind, problem, article_id, version_id, diagnosis_key, diagnosis_name, words, address, consented_at, sender_key,
        received_at, due_on, state, answer, outcome, reason, revision
    ) VALUES (
        _kind, _problem, _article, _version, _diagnosis, _name, _words, _address,
        CASE WHEN _address <> '' THEN now() END, _key, now(),
        (now() AT TIME ZONE 'UTC')::date + CASE WHEN _problem = 'dangerous' THEN 1 ELSE _days END,
        'new', '', '', '', 0
    ) RETURNING l.id, l.due_on INTO number, due_on;
END
$$;
GRANT EXECUTE ON FUNCTION pub.take_letter(text, text, bigint, text, text, text, text, integer) TO ddx_public;
REVOKE ALL ON FUNCTION letter_limit(bigint, text) FROM PUBLIC, ddx_staff, ddx_worker;
