-- What a span that ends adds to the version's time in its queue, with its side and with its holder. Reports over a year
-- then read one row a span and add nothing up.

-- The same for spans there are already, of articles numbered from the first to the last: how many were written. What a
-- span that ended meanwhile has said stands.
CREATE FUNCTION settle_spans(first bigint, last bigint) RETURNS bigint
LANGUAGE sql SET search_path = pg_catalog, public AS $$
    WITH stay AS (
        SELECT id,
            sum(date_part('epoch', ended_at - began_at)) OVER in_queue AS queue_seconds, lead(ended_at) OVER in_queue AS queue_more_at,
            sum(date_part('epoch', ended_at - began_at)) OVER on_side AS side_seconds, lead(ended_at) OVER on_side AS side_more_at,
            sum(date_part('epoch', ended_at - began_at)) OVER in_hand AS holder_seconds, lead(ended_at) OVER in_hand AS holder_more_at
        FROM reviews_turnspan
        WHERE article_id BETWEEN first AND last AND ended_at > began_at AND side <> 'nobody'
            AND article_id IN (SELECT article_id FROM reviews_turn)
        WINDOW in_queue AS (PARTITION BY version_id, queue ORDER BY ended_at, id),
            on_side AS (PARTITION BY version_id, side ORDER BY ended_at, id),
            in_hand AS (PARTITION BY version_id, holder_id ORDER BY ended_at, id)
    ), written AS (
        UPDATE reviews_turnspan s SET
            queue_seconds = stay.queue_seconds, queue_more_at = coalesce(s.queue_more_at, stay.queue_more_at),
            side_seconds = stay.side_seconds, side_more_at = coalesce(s.side_more_at, stay.side_more_at),
            holder_seconds = stay.holder_seconds, holder_more_at = coalesce(s.holder_more_at, stay.holder_more_at)
        FROM stay WHERE stay.id = s.id RETURNING 1
    )
    SELECT count(*) FROM written
$$;

CREATE FUNCTION settle_span() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE
    took double precision := date_part('epoch', NEW.ended_at - NEW.began_at);
BEGIN
    IF took <= 0 OR NEW.side = 'nobody' THEN
        RETURN NEW;
    END IF;
    SELECT took + coalesce(sum(date_part('epoch', ended_at - began_at)) FILTER (WHERE queue = NEW.queue), 0),
            took + coalesce(sum(date_part('epoch', ended_at - began_at)) FILTER (WHERE side = NEW.side), 0),
            took + coalesce(sum(date_part('epoch', ended_at - began_at))
                FILTER (WHERE holder_id IS NOT DISTINCT FROM NEW.holder_id), 0)
        INTO NEW.queue_seconds, NEW.side_seconds, NEW.holder_seconds
        FROM reviews_turnspan
        WHERE article_id = NEW.article_id AND version_id = NEW.version_id AND ended_at IS NOT NULL AND side <> 'nobody';
    UPDATE reviews_turnspan SET
            queue_more_at = CASE WHEN queue = NEW.queue THEN coalesce(queue_more_at, NEW.ended_at) ELSE queue_more_at END,
            side_more_at = CASE WHEN side = NEW.side THEN coalesce(side_more_at, NEW.ended_at) ELSE side_more_at END,
            holder_more_at = CASE WHEN holder_id IS NOT DISTINCT FROM NEW.holder_id
                THEN coalesce(holder_more_at, NEW.ended_at) ELSE holder_more_at END
        WHERE article_id = NEW.article_id AND version_id = NEW.version_id AND ended_at > began_at AND side <> 'nobody'
        AND ((queue = NEW.queue AND queue_more_at IS NULL) OR (side = NEW.side AND side_more_at IS NULL)
            OR (holder_id IS NOT DISTINCT FROM NEW.holder_id AND holder_more_at IS NULL));
    RETURN NEW;
END
$$;
CREATE TRIGGER settle BEFORE UPDATE OF ended_at ON reviews_turnspan
    FOR EACH ROW WHEN (OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL) EXECUTE FUNCTION settle_span();

-- The spans of an article that is gone count nowhere.
CREATE FUNCTION unsettle_spans() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    UPDATE reviews_turnspan SET queue_seconds = NULL, side_seconds = NULL, holder_seconds = NULL
        WHERE article_id = OLD.article_id AND queue_seconds IS NOT NULL;
    RETURN NULL;
END
$$;
CREATE TRIGGER unsettle AFTER DELETE ON reviews_turn FOR EACH ROW EXECUTE FUNCTION unsettle_spans();
