CREATE OR REPLACE FUNCTION review_ineligibility(reviewer bigint, version bigint) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, public AS $$
    WITH today AS (SELECT (now() AT TIME ZONE 'UTC')::date AS day),
    writers AS (
        SELECT a.owner_id AS id FROM articles_article a JOIN articles_version v ON v.article_id = a.id WHERE v.id = version
        UNION SELECT author_id FROM articles_version WHERE id = version
        UNION SELECT user_id FROM articles_version_contributors WHERE version_id = version
    )
    SELECT CASE
        WHEN NOT EXISTS (SELECT FROM people_user WHERE id = reviewer AND is_active) THEN 'inactive'
        WHEN NOT EXISTS (
            SELECT FROM people_rolegrant WHERE user_id = reviewer AND role = 'reviewer' AND ended_at IS NULL
        ) THEN 'not_a_reviewer'
        WHEN reviewer IN (SELECT id FROM writers) THEN 'author'
        WHEN EXISTS (
            SELECT FROM people_conflict c JOIN writers w ON (c.user_id, c.person_id) IN ((reviewer, w.id), (w.id, reviewer))
            WHERE c.withdrawn_at IS NULL
        ) THEN 'conflict_with_person'
        WHEN EXISTS (
            SELECT FROM reviews_conflict c JOIN articles_version v ON v.article_id = c.article_id
            WHERE v.id = version AND c.user_id = reviewer AND c.withdrawn_at IS NULL
        ) THEN 'conflict_with_article'
        WHEN NOT EXISTS (
            SELECT FROM people_boardterm t JOIN people_boardprofile p ON p.id = t.profile_id, today
            WHERE p.user_id = reviewer AND today.day BETWEEN t.starts_on AND t.ends_on
            AND (t.ended_early_on IS NULL OR t.ended_early_on > today.day)
        ) THEN 'no_term'
        WHEN NOT EXISTS (
            SELECT FROM people_disclosure d, today
            WHERE d.user_id = reviewer AND (d.declared_at AT TIME ZONE 'UTC')::date <= today.day AND d.valid_until >= today.day
        ) THEN 'no_disclosure'
    END
$$;

CREATE OR REPLACE FUNCTION review_exclusions(versions bigint[]) RETURNS TABLE (version bigint, reviewer bigint, why_not text)
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
