-- Corrections and expressions of concern go with the columns: what came before has no place for them.

ALTER TABLE pub.publication ADD COLUMN notice jsonb;
UPDATE pub.publication SET notice = (
        SELECT n - ARRAY['number', 'words', 'ends', 'event'] FROM jsonb_array_elements(notices) n
        WHERE n ->> 'kind' = 'retraction')
    WHERE state = 'retracted';
ALTER TABLE pub.publication DROP COLUMN notices, DROP COLUMN noticed_at;
ALTER TABLE pub.publication ADD CONSTRAINT publication_check CHECK ((state = 'retracted') = (notice IS NOT NULL));
