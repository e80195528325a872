-- What a re-review adds to a public row: when the text was last reviewed as a whole, and who has confirmed it since.
-- Written by `publish_version` and `confirm_version` alone (reviews/migrations/0005_rereview.sql).

ALTER TABLE pub.publication
    ADD COLUMN last_reviewed_at timestamptz,
    ADD COLUMN confirmations jsonb NOT NULL DEFAULT '[]'
        CONSTRAINT confirmations_are_a_list CHECK (jsonb_typeof(confirmations) = 'array');
UPDATE pub.publication SET last_reviewed_at = approved_at;
ALTER TABLE pub.publication
    ALTER COLUMN last_reviewed_at SET NOT NULL,
    ADD CONSTRAINT reviewed_since_approval CHECK (last_reviewed_at >= approved_at),
    ADD CONSTRAINT only_confirmation_moves_the_review
        CHECK (confirmations <> '[]' OR last_reviewed_at = approved_at);

DROP INDEX pub.publication_newest;
CREATE INDEX publication_newest ON pub.publication (last_reviewed_at DESC, id DESC) WHERE state = 'current';
CREATE INDEX publication_confirmers ON pub.publication USING gin (confirmations jsonb_path_ops);
