DROP INDEX pub.publication_newest;
ALTER TABLE pub.publication DROP COLUMN last_reviewed_at, DROP COLUMN confirmations;
CREATE INDEX publication_newest ON pub.publication (approved_at DESC, id DESC) WHERE state = 'current';
