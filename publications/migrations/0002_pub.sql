-- The schema of what the public can read. Its rows are written by `publish_version` and
-- `retract_publication` alone (reviews/migrations/0002_guards.sql); the public login reads them and
-- nothing else in the database.

CREATE SCHEMA pub;

CREATE TABLE pub.publication (
    id bigint PRIMARY KEY,  -- of the version
    article_id bigint NOT NULL,
    slug text NOT NULL,
    number integer NOT NULL CHECK (number >= 1),
    is_page boolean NOT NULL DEFAULT true,  -- stands at the article's own address: the current text or the notice
    state text NOT NULL CHECK (state IN ('current', 'superseded', 'retracted')),
    title text NOT NULL CHECK (title <> ''),
    specialty text NOT NULL,
    content text NOT NULL,
    content_sha256 text NOT NULL CONSTRAINT content_fits_hash CHECK (content_sha256 = encode(sha256(convert_to(content, 'UTF8')), 'hex')),
    body_html text NOT NULL,
    body_sha256 text NOT NULL CONSTRAINT body_fits_hash CHECK (body_sha256 = encode(sha256(convert_to(body_html, 'UTF8')), 'hex')),
    has_patient_text boolean NOT NULL,
    origin text NOT NULL,
    ai_tool text NOT NULL,
    change_note text NOT NULL,
    author jsonb NOT NULL,
    signers jsonb NOT NULL CHECK (jsonb_array_length(signers) >= 1),
    submitted_at timestamptz NOT NULL,
    review_started_at timestamptz NOT NULL,
    approved_at timestamptz NOT NULL,
    next_review_on date NOT NULL,
    history jsonb NOT NULL DEFAULT '[]',
    notice jsonb,
    names text NOT NULL,
    prose text NOT NULL,
    search tsvector NOT NULL GENERATED ALWAYS AS (
        setweight(to_tsvector('english', title), 'A')
        || setweight(to_tsvector('english', names), 'B')
        || setweight(to_tsvector('english', prose), 'C')
    ) STORED,
    UNIQUE (article_id, number),
    CHECK ((state = 'retracted') = (notice IS NOT NULL)),
    CHECK (is_page OR state <> 'current')
);
CREATE UNIQUE INDEX publication_page ON pub.publication (slug) WHERE is_page;
CREATE UNIQUE INDEX publication_of_article ON pub.publication (article_id) WHERE is_page;
CREATE UNIQUE INDEX publication_version ON pub.publication (slug, number);
CREATE INDEX publication_search ON pub.publication USING gin (search) WHERE state = 'current';
CREATE INDEX publication_newest ON pub.publication (approved_at DESC, id DESC) WHERE state = 'current';
CREATE INDEX publication_by_specialty ON pub.publication (specialty, title, id) WHERE state = 'current';
CREATE INDEX publication_by_title ON pub.publication (title, id) WHERE state = 'current';
CREATE INDEX publication_signers ON pub.publication USING gin (signers jsonb_path_ops);

REVOKE ALL ON SCHEMA pub FROM PUBLIC;
GRANT USAGE ON SCHEMA pub TO ddx_public;
GRANT SELECT ON pub.publication TO ddx_public;
