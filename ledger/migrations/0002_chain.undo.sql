DROP TRIGGER chain ON ledger_event;
DROP TRIGGER append_only ON ledger_event;
DROP TRIGGER no_truncate ON ledger_event;
DROP TABLE ledger_head;
DROP FUNCTION ledger_chain();
DROP FUNCTION ledger_event_hash(ledger_event);
GRANT SELECT, INSERT, UPDATE, DELETE ON ledger_event TO ddx_staff;
GRANT SELECT ON ledger_event TO ddx_worker;
