DROP FUNCTION keep_synonyms(bigint, bigint, text[], text[]);
DROP TABLE pub.synonym;
