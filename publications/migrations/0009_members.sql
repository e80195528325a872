-- The board as of now, for its public pages: a row a member whose term has ever been set, kept by triggers on what it
-- is made of. What somebody said when they signed stands with the publication and never changes; this does.

CREATE TABLE pub.member (
    id bigint PRIMARY KEY,  -- of the profile
    slug text NOT NULL UNIQUE,
    name text NOT NULL,  -- "" of somebody who signed and has none
    credentials text NOT NULL,
    job_title text NOT NULL,
    institution text NOT NULL,
    specialties text[] NOT NULL,
    orcid text NOT NULL,
    bio text NOT NULL,
    terms jsonb NOT NULL,  -- [{"starts_on", "last_day", "ended_on"}], the first first; the last day is a whole day of it
    interests text NOT NULL,  -- "" when none were ever declared
    interests_declared_on date,
    interests_valid_until date,
    has_signed boolean NOT NULL DEFAULT false  -- something that was published
);
GRANT SELECT ON pub.member TO ddx_public;

-- The twin of `Disclosure.statement`; the items in the order of the form.
CREATE FUNCTION interests_in_words(items jsonb) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog AS $$
    SELECT coalesce(
        string_agg((said.answer ->> 'entity') || ': ' || (said.answer ->> 'what'), '; ' ORDER BY item.place, said.place),
        'None declared')
    FROM unnest(ARRAY['support', 'grants', 'royalties', 'consulting', 'honoraria', 'testimony', 'travel', 'patents',
        'safety_boards', 'leadership', 'stock', 'equipment', 'other']) WITH ORDINALITY AS item (key, place)
    CROSS JOIN LATERAL jsonb_array_elements(
        CASE jsonb_typeof(items -> item.key) WHEN 'array' THEN items -> item.key ELSE '[]' END
    ) WITH ORDINALITY AS said (answer, place)
$$;

-- Early ends count from their day on, so the last day is the one before (BoardTerm.is_running_on). One change of a
-- person at a time: each then reads what the one before it has committed. Who has no name and signed nothing is
-- not shown; an address is no name.
CREATE FUNCTION show_members_of(person bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('ddx_portal.member', person));
    DELETE FROM pub.member m USING people_boardprofile p, people_user u
        WHERE m.id = p.id AND p.user_id = person AND u.id = person AND (u.name = '' AND NOT m.has_signed OR NOT EXISTS (
            SELECT FROM people_boardterm t WHERE t.profile_id = p.id AND t.ended_early_on IS DISTINCT FROM t.starts_on
        ));
    INSERT INTO pub.member AS m (
        id, slug, name, credentials, job_title, institution, specialties, orcid, bio, terms, interests,
        interests_declared_on, interests_valid_until, has_signed
    )
    SELECT p.id, p.slug, u.name, p.credentials, p.job_title,
        p.institution, p.specialties, p.orcid, p.bio, t.terms, coalesce(interests_in_words(d.items), ''),
        (d.declared_at AT TIME ZONE 'UTC')::date, d.valid_until, s.has_signed
    FROM people_boardprofile p
    JOIN people_user u ON u.id = p.user_id
    JOIN LATERAL (
        SELECT jsonb_agg(jsonb_build_object(
            'starts_on', starts_on, 'last_day', coalesce(ended_early_on - 1, ends_on), 'ended_on', ended_early_on
        ) ORDER BY starts_on) AS terms
        FROM people_boardterm WHERE profile_id = p.id AND ended_early_on IS DISTINCT FROM starts_on
    ) t ON t.terms IS NOT NULL
    CROSS JOIN LATERAL (
        SELECT EXISTS (
            SELECT FROM pub.publication
            WHERE signers @> jsonb_build_array(jsonb_build_object('slug', p.slug))
            OR confirmations @> jsonb_build_array(jsonb_build_object('slug', p.slug))
        ) AS has_signed
    ) s
    LEFT JOIN LATERAL (
        SELECT items, declared_at, valid_until FROM people_disclosure
        WHERE user_id = p.user_id ORDER BY declared_at DESC, id DESC LIMIT 1
    ) d ON true
    WHERE p.user_id = person AND (u.name <> '' OR s.has_signed)
    ON CONFLICT (id) DO UPDATE SET slug = excluded.slug, name = excluded.name, credentials = excluded.credentials,
        job_title = excluded.job_title, institution = excluded.institution, specialties = excluded.specialties,
        orcid = excluded.orcid, bio = excluded.bio, terms = excluded.terms, interests = excluded.interests,
        interests_declared_on = excluded.interests_declared_on, interests_valid_until = excluded.interests_valid_until,
        has_signed = m.has_signed OR excluded.has_signed;
END
$$;
REVOKE ALL ON FUNCTION show_members_of(bigint) FROM PUBLIC, ddx_staff, ddx_worker;

CREATE FUNCTION member_trigger() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    PERFORM show_members_of(CASE TG_ARGV[0]
        WHEN 'person' THEN (to_jsonb(NEW) ->> 'id')::bigint
        WHEN 'profile' THEN (SELECT user_id FROM people_boardprofile WHERE id = (to_jsonb(NEW) ->> 'profile_id')::bigint)
        ELSE (to_jsonb(NEW) ->> 'user_id')::bigint END);
    RETURN NULL;
END
$$;
CREATE TRIGGER member AFTER INSERT OR UPDATE ON people_boardprofile
    FOR EACH ROW EXECUTE FUNCTION member_trigger('user');
CREATE TRIGGER member AFTER INSERT OR UPDATE ON people_boardterm
    FOR EACH ROW EXECUTE FUNCTION member_trigger('profile');
CREATE TRIGGER member AFTER INSERT ON people_disclosure
    FOR EACH ROW EXECUTE FUNCTION member_trigger('user');
CREATE TRIGGER member AFTER UPDATE OF name ON people_user
    FOR EACH ROW WHEN (OLD.name <> NEW.name) EXECUTE FUNCTION member_trigger('person');

-- Signatures lead to a member's page: its address stays, and so does whose it is.
CREATE TRIGGER fixed BEFORE UPDATE ON people_boardprofile FOR EACH ROW EXECUTE FUNCTION refuse_change_of('user_id', 'slug');
CREATE TRIGGER stays BEFORE DELETE ON people_boardprofile FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE FUNCTION member_has_signed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    UPDATE pub.member SET has_signed = true
        WHERE NOT has_signed AND slug IN (SELECT s ->> 'slug' FROM jsonb_array_elements(NEW.signers || NEW.confirmations) s);
    RETURN NULL;
END
$$;
CREATE TRIGGER member_has_signed AFTER INSERT OR UPDATE OF signers, confirmations ON pub.publication
    FOR EACH ROW EXECUTE FUNCTION member_has_signed();

-- What waits for the board, in numbers only; brought up to date every few minutes by `tend`.
CREATE TABLE pub.standing (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    articles bigint NOT NULL DEFAULT 0,
    waiting bigint NOT NULL DEFAULT 0,
    in_review bigint NOT NULL DEFAULT 0,
    members bigint NOT NULL DEFAULT 0
);
INSERT INTO pub.standing DEFAULT VALUES;
GRANT SELECT ON pub.standing TO ddx_public;

-- Numbers that are the same are not written, so that whoever keeps answers until something changes goes on keeping them.
CREATE FUNCTION count_standing() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    counted pub.standing;
BEGIN
    SELECT true,
        (SELECT count(*) FROM pub.publication WHERE state = 'current'),
        (SELECT count(*) FROM articles_version WHERE state = 'submitted'),
        (SELECT count(*) FROM articles_version WHERE state = 'under_review'),
        (SELECT count(*) FROM pub.member m WHERE EXISTS (
            SELECT FROM jsonb_to_recordset(m.terms) AS t (starts_on date, last_day date)
            WHERE (now() AT TIME ZONE 'UTC')::date BETWEEN t.starts_on AND t.last_day
        )) INTO counted;
    IF counted IS DISTINCT FROM (SELECT s FROM pub.standing s) THEN
        UPDATE pub.standing SET articles = counted.articles, waiting = counted.waiting, in_review = counted.in_review,
            members = counted.members;
    END IF;
END
$$;
REVOKE ALL ON FUNCTION count_standing() FROM PUBLIC, ddx_worker;
GRANT EXECUTE ON FUNCTION count_standing() TO ddx_staff;
