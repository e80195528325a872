DROP INDEX assignment_by_time;
DROP INDEX finding_by_time;
DROP INDEX event_by_kind_and_time;
