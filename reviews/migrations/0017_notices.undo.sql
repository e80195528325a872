DROP FUNCTION post_notice(bigint);
DROP FUNCTION notice_ineligibility(bigint, bigint);
DROP FUNCTION standing_concern(jsonb);
