-- Every public notice on a version, the oldest first, in place of the one that a retraction was: what each says, and
-- the event of the ledger that it comes from. Written by `post_notice` and `retract_publication` alone
-- (reviews/migrations/0017_notices.sql).

ALTER TABLE pub.publication
    ADD COLUMN notices jsonb NOT NULL DEFAULT '[]'
        CONSTRAINT notices_are_a_list CHECK (jsonb_typeof(notices) = 'array'),
    ADD COLUMN noticed_at timestamptz;  -- when the last one was posted
UPDATE pub.publication SET
    notices = jsonb_build_array(jsonb_build_object('number', 1, 'words', '', 'ends', NULL) || notice),
    noticed_at = (notice ->> 'on')::timestamp AT TIME ZONE 'UTC'
    WHERE notice IS NOT NULL;
ALTER TABLE pub.publication
    DROP COLUMN notice,
    ADD CONSTRAINT retracted_by_a_notice
        CHECK ((state = 'retracted') = (notices @> '[{"kind": "retraction"}]')),
    ADD CONSTRAINT noticed_when_there_is_one CHECK ((notices = '[]') = (noticed_at IS NULL));
CREATE INDEX publication_noticed ON pub.publication (noticed_at DESC, id DESC)
    WHERE state = 'current' AND noticed_at IS NOT NULL;
