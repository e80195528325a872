DROP FUNCTION sum_up_changes();
DROP FUNCTION pub.note_change() CASCADE;
DROP TABLE pub.change, pub.changes_before;
