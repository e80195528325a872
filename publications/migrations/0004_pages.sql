-- Ready answers. What a public address says follows from one public row; the press (publications/ready/press.py), which runs
-- in the worker, makes it once and keeps it here, where the front finds it by one query. Whatever changes the row throws
-- its pages away in the same transaction, whoever does it: no page outlives what it shows.

-- Which state of the row a page was made of.
ALTER TABLE pub.publication ADD COLUMN revision bigint NOT NULL DEFAULT 1;

CREATE TABLE pub.page (
    path text PRIMARY KEY,
    publication_id bigint NOT NULL REFERENCES pub.publication ON DELETE CASCADE,
    revision bigint NOT NULL,
    is_slow boolean NOT NULL,
    frame text NOT NULL,  -- hash of the templates and code that it was made with
    etag text NOT NULL,
    headers jsonb NOT NULL,  -- those of its own; what every answer carries is not among them
    is_gzip boolean NOT NULL,
    body bytea NOT NULL,
    good_until date NOT NULL CHECK (good_until < 'infinity')  -- the last day on which it says what the row says
);
ALTER TABLE pub.page ALTER COLUMN body SET STORAGE EXTERNAL;  -- it is compressed already
CREATE INDEX page_of_publication ON pub.page (publication_id);

-- What the press has done, and so what is left for it: `frame` is empty where nothing was made of the row as it is now.
CREATE TABLE pub.pressed (
    publication_id bigint NOT NULL REFERENCES pub.publication ON DELETE CASCADE,
    is_slow boolean NOT NULL,
    frame text NOT NULL DEFAULT '',
    since timestamptz NOT NULL DEFAULT clock_timestamp(),
    good_until date NOT NULL DEFAULT 'infinity',
    PRIMARY KEY (publication_id, is_slow)
);
CREATE INDEX pressed_by_frame ON pub.pressed (is_slow, frame, since);
CREATE INDEX pressed_until ON pub.pressed (is_slow, good_until) WHERE good_until < 'infinity';

CREATE FUNCTION pub.count_revision() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    NEW.revision := OLD.revision + 1;
    RETURN NEW;
END
$$;
CREATE TRIGGER revision BEFORE UPDATE ON pub.publication FOR EACH ROW EXECUTE FUNCTION pub.count_revision();

-- Everybody who touches pages has locked the row of the publication before: here by changing it.
CREATE FUNCTION pub.throw_pages_away() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    DELETE FROM pub.page WHERE publication_id = NEW.id;
    INSERT INTO pub.pressed (publication_id, is_slow) VALUES (NEW.id, false), (NEW.id, true)
        ON CONFLICT (publication_id, is_slow) DO UPDATE
        SET frame = '', since = excluded.since, good_until = 'infinity';
    RETURN NULL;
END
$$;
CREATE TRIGGER throw_pages_away AFTER INSERT OR UPDATE ON pub.publication
    FOR EACH ROW EXECUTE FUNCTION pub.throw_pages_away();

-- What to press next: the newest changes, then what was made with another frame, then what has run out.
CREATE FUNCTION next_to_press(slow boolean, frame_now text, today date, passed_over bigint[], many integer)
RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT publication_id FROM (
        (SELECT 1 AS turn, publication_id, since FROM pub.pressed
            WHERE is_slow = slow AND frame = '' AND publication_id <> ALL (passed_over)
            ORDER BY since DESC LIMIT many)
        UNION ALL
        (SELECT 2, publication_id, since FROM pub.pressed
            WHERE is_slow = slow AND frame > '' AND frame < frame_now AND publication_id <> ALL (passed_over) LIMIT many)
        UNION ALL
        (SELECT 2, publication_id, since FROM pub.pressed
            WHERE is_slow = slow AND frame > frame_now AND publication_id <> ALL (passed_over) LIMIT many)
        UNION ALL
        (SELECT 3, publication_id, since FROM pub.pressed
            WHERE is_slow = slow AND frame = frame_now AND good_until < today
            AND publication_id <> ALL (passed_over) LIMIT many)
    ) waiting ORDER BY turn, since DESC LIMIT many
$$;

-- Keep the answers that were made of a row, all of one kind at once; false when the row has changed since it was read.
-- The lock on the row makes a change that is under way come first, and one that begins now wait. What is slow bears the
-- press's signature (0012), so it is kept only when no key was revoked since it was begun; the table's lock, the first
-- of all, makes a revocation that is under way come first.
CREATE FUNCTION store_pages(
    publication bigint, seen bigint, slow boolean, made_with text, holds_until date,
    paths text[], etags text[], own_headers jsonb[], gzipped boolean[], bodies bytea[], revocations bigint
) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    home text;
BEGIN
    IF slow THEN
        LOCK TABLE pub.provenance_key IN SHARE MODE;
        IF revocations <> (SELECT count(*) FROM pub.provenance_key WHERE revoked_at IS NOT NULL) THEN
            RETURN false;
        END IF;
    END IF;
    SELECT '/articles/' || p.slug || '/' INTO home FROM pub.publication p
        WHERE p.id = publication AND p.revision = seen FOR SHARE;
    IF home IS NULL THEN
        RETURN false;
    END IF;
    IF EXISTS (SELECT FROM unnest(paths) path WHERE NOT starts_with(path, home)) THEN
        RAISE EXCEPTION 'a page of publication % stands under its own article only', publication
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    DELETE FROM pub.page WHERE publication_id = publication AND is_slow = slow;
    INSERT INTO pub.page (path, publication_id, revision, is_slow, frame, etag, headers, is_gzip, body, good_until)
        SELECT path, publication, seen, slow, made_with, etag, headers, is_gzip, body, holds_until
        FROM unnest(paths, etags, own_headers, gzipped, bodies) made (path, etag, headers, is_gzip, body)
        ON CONFLICT (path) DO UPDATE SET revision = excluded.revision, is_slow = excluded.is_slow, frame = excluded.frame,
            etag = excluded.etag, headers = excluded.headers, is_gzip = excluded.is_gzip, body = excluded.body, good_until = excluded.good_until
        WHERE page.publication_id = excluded.publication_id;
    UPDATE pub.pressed SET frame = made_with, good_until = holds_until
        WHERE publication_id = publication AND is_slow = slow;
    RETURN true;
END
$$;

GRANT SELECT ON pub.page TO ddx_public;
REVOKE ALL ON FUNCTION
    next_to_press(boolean, text, date, bigint[], integer),
    store_pages(bigint, bigint, boolean, text, date, text[], text[], jsonb[], boolean[], bytea[], bigint)
    FROM PUBLIC, ddx_staff, ddx_worker;
GRANT EXECUTE ON FUNCTION
    next_to_press(boolean, text, date, bigint[], integer),
    store_pages(bigint, bigint, boolean, text, date, text[], text[], jsonb[], boolean[], bytea[], bigint)
    TO ddx_worker;
