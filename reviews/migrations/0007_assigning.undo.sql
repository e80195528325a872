DROP FUNCTION review_exclusions(bigint[]);
