-- The versions that share one of these bands, and how many; at most 200 rows are looked at a band. A function, so that
-- the setting holds for this alone: the planner takes 0.5% of all rows to match and would bet on reading the table.
CREATE FUNCTION fingerprints_sharing(wanted integer[]) RETURNS TABLE (version_id bigint, shared bigint)
LANGUAGE sql STABLE ROWS 200 SET search_path = pg_catalog, public SET enable_seqscan = off AS $$
    SELECT hit.version_id, count(*) FROM unnest(wanted) AS each(band) CROSS JOIN LATERAL (
        SELECT f.version_id FROM articles_fingerprint f WHERE f.bands @> ARRAY[each.band] LIMIT 200
    ) hit GROUP BY 1
$$;
