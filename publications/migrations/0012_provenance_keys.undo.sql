DROP FUNCTION revoke_key(text, text);
DROP FUNCTION announce_key(text);
DROP TABLE pub.provenance_key;
