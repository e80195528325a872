-- What readers send is counted by sender, so that nobody floods the editors; who the sender is, nobody is to know.
-- A key is a hash with a salt of the day. When the day is over its salt is gone, and no key can be traced back to an
-- address by anybody, whatever else they hold. Only `pub.take_letter` (reviews/migrations/0018_letters.sql) asks here.

CREATE TABLE pub.letter_salt (
    day date PRIMARY KEY,
    salt uuid NOT NULL DEFAULT gen_random_uuid()
);

-- The key of whoever sends today; call it with the letters' lock held.
CREATE FUNCTION pub.sender_key(_sender text) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    _today date := (now() AT TIME ZONE 'UTC')::date;
BEGIN
    DELETE FROM pub.letter_salt WHERE day < _today;
    INSERT INTO pub.letter_salt (day) VALUES (_today) ON CONFLICT DO NOTHING;
    RETURN (SELECT encode(sha256(convert_to(salt::text || ' ' || _sender, 'UTF8')), 'hex')
        FROM pub.letter_salt WHERE day = _today);
END
$$;
