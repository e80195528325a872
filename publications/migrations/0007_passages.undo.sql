DROP TRIGGER passages_of_new ON pub.publication;
DROP TRIGGER passages_of_changed ON pub.publication;
DROP FUNCTION pub.passages_came(), pub.passages_changed(), pub.write_passages(bigint[]);
DROP TABLE pub.passage;
