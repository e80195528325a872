-- Who may not review which of these versions, all at once: a row a pair, or with no version for somebody who may review
-- none. The twin of review_ineligibility, which takes a tenth of a millisecond a pair: too long for a plan of 100,000
-- pairs. A test holds the two together, and whoever is asked in the end is asked by review_ineligibility.
CREATE FUNCTION review_exclusions(versions bigint[]) RETURNS TABLE (version bigint, reviewer bigint, why_not text)
LANGUAGE sql STABLE SET search_path = pg_catalog, public AS $$
    WITH today AS (SELECT (now() AT TIME ZONE 'UTC')::date AS day),
    member AS (
        SELECT u.id FROM people_user u JOIN people_rolegrant g ON g.user_id = u.id
        WHERE u.is_active AND g.role = 'reviewer' AND g.ended_at IS NULL
    ),
    wanted AS (SELECT v.id, v.article_id, v.author_id, a.owner_id
        FROM articles_version v JOIN articles_article a ON a.id = v.article_id WHERE v.id = ANY (versions)
    ),
    writer AS (
        SELECT id AS version, owner_id AS person FROM wanted
        UNION SELECT id, author_id FROM wanted
        UNION SELECT c.version_id, c.user_id FROM articles_version_contributors c WHERE c.version_id = ANY (versions)
    ),
    pair AS (
        SELECT version, person AS reviewer, 1 AS rank, 'author' AS why_not FROM writer
        UNION ALL SELECT w.version, c.user_id, 2, 'conflict_with_person'
            FROM people_conflict c JOIN writer w ON w.person = c.person_id WHERE c.withdrawn_at IS NULL
        UNION ALL SELECT w.version, c.person_id, 2, 'conflict_with_person'
            FROM people_conflict c JOIN writer w ON w.person = c.user_id WHERE c.withdrawn_at IS NULL
        UNION ALL SELECT w.id, c.user_id, 3, 'conflict_with_article'
            FROM reviews_conflict c JOIN wanted w ON w.article_id = c.article_id WHERE c.withdrawn_at IS NULL
    )
    (SELECT DISTINCT ON (p.version, p.reviewer) p.version, p.reviewer, p.why_not
        FROM pair p JOIN member m ON m.id = p.reviewer ORDER BY p.version, p.reviewer, p.rank)
    UNION ALL SELECT NULL, m.id, CASE WHEN t.runs THEN 'no_disclosure' ELSE 'no_term' END
        FROM member m, today, LATERAL (
            SELECT EXISTS (
                SELECT FROM people_boardterm t JOIN people_boardprofile p ON p.id = t.profile_id
                WHERE p.user_id = m.id AND today.day BETWEEN t.starts_on AND t.ends_on
                AND (t.ended_early_on IS NULL OR t.ended_early_on > today.day)
            ) AS runs
        ) t
        WHERE NOT t.runs OR NOT EXISTS (
            SELECT FROM people_disclosure d WHERE d.user_id = m.id
            AND (d.declared_at AT TIME ZONE 'UTC')::date <= today.day AND d.valid_until >= today.day
        )
$$;
