DROP FUNCTION fingerprints_sharing(integer[]);
