DROP FUNCTION store_pages(bigint, bigint, boolean, text, date, text[], text[], jsonb[], boolean[], bytea[], bigint);
DROP FUNCTION next_to_press(boolean, text, date, bigint[], integer);
DROP TRIGGER throw_pages_away ON pub.publication;
DROP TRIGGER revision ON pub.publication;
DROP FUNCTION pub.throw_pages_away(), pub.count_revision();
DROP TABLE pub.pressed, pub.page;
ALTER TABLE pub.publication DROP COLUMN revision;
