-- What the export and the parts of the sitemap ask of every row, without reading the rows themselves.

CREATE INDEX publication_export ON pub.publication (id) INCLUDE (revision, state, last_reviewed_at, noticed_at);
