DROP TRIGGER publication_goes ON pub.publication;
DROP TRIGGER publication_returns ON pub.publication;
DROP TRIGGER publication_leaves ON pub.publication;
DROP TRIGGER publication_arrives ON pub.publication;
DROP FUNCTION publication_returns(), publication_leaves(), publication_arrives();
DROP FUNCTION enlist(bigint[]), enlist_names(bigint[], text[]), unlist(bigint[]);
DROP TABLE pub.suggestion, pub.listed, pub.shelf, pub.diagnosis, pub.diagnosis_name;
DROP FUNCTION letter_of(text), starts_of(text), code_keys(text[]), lasting_slug(text);
