REVOKE UPDATE (state, why, settled_at, carried_by_id, address, subject, text, html) ON people_message FROM ddx_worker;
DROP TRIGGER fixed ON people_message;
