DROP FUNCTION pub.nearest_passages(real[], bigint, text, text, integer);
DROP FUNCTION store_meaning(bigint, integer, text, text, real[]);
DROP FUNCTION next_meanings(text, integer);
DROP TABLE pub.meaning;
