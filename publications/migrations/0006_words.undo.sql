DROP TRIGGER publication_says ON pub.publication;
ALTER INDEX pub.publication_search RESET (fastupdate);
DROP FUNCTION publication_says(), enlist_words(bigint[]), words_of(bigint[]);
DROP TABLE pub.word;
DROP FUNCTION spelling_keys(text), plain_words(text);
