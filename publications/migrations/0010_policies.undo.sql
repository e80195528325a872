DROP FUNCTION publish_policy(bigint, text, integer, text, text, text);
DROP TABLE pub.policy;
