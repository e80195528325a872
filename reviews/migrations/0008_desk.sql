-- The queue's ways through reviews_turn: each view in each order, fifty rows at a time, whatever is behind them. What is
-- due to nobody comes last. Who handles an article is whoever has the editors' turn now (somebody else while its editor
-- is away), else its editor. The expressions are those of reviews/desk_sql.py: change both or neither.

-- What a view's count asks stands in its index.
CREATE INDEX turn_due ON reviews_turn (queue, coalesce(due_on, '9999-12-31'::date), article_id)
    INCLUDE (owner_id, hands, owed, due_on);
CREATE INDEX turn_priority ON reviews_turn (queue, priority, coalesce(due_on, '9999-12-31'::date), article_id);
CREATE INDEX turn_risk ON reviews_turn (queue, (-risk), coalesce(due_on, '9999-12-31'::date), article_id);
CREATE INDEX turn_traffic ON reviews_turn (queue, (-coalesce(traffic, -1)), coalesce(due_on, '9999-12-31'::date), article_id);
CREATE INDEX turn_newest ON reviews_turn (queue, (-version_id), article_id);

CREATE INDEX turn_all_due ON reviews_turn (coalesce(due_on, '9999-12-31'::date), article_id)
    INCLUDE (owner_id, hands, owed, due_on);
CREATE INDEX turn_all_priority ON reviews_turn (priority, coalesce(due_on, '9999-12-31'::date), article_id);
CREATE INDEX turn_all_risk ON reviews_turn ((-risk), coalesce(due_on, '9999-12-31'::date), article_id);
CREATE INDEX turn_all_traffic ON reviews_turn ((-coalesce(traffic, -1)), coalesce(due_on, '9999-12-31'::date), article_id);
CREATE INDEX turn_all_newest ON reviews_turn ((-version_id), article_id);

CREATE INDEX turn_mine ON reviews_turn (
    (CASE WHEN side = 'editors' THEN holder_id ELSE editor_id END), queue, coalesce(due_on, '9999-12-31'::date), article_id
) INCLUDE (owner_id, hands, owed, due_on, side, holder_id, editor_id);
CREATE INDEX turn_mine_all ON reviews_turn (
    (CASE WHEN side = 'editors' THEN holder_id ELSE editor_id END), coalesce(due_on, '9999-12-31'::date), article_id
) INCLUDE (owner_id, hands, owed, due_on, side, holder_id, editor_id);
CREATE INDEX turn_owned ON reviews_turn (owner_id, queue, coalesce(due_on, '9999-12-31'::date), article_id);
CREATE INDEX turn_owned_all ON reviews_turn (owner_id, coalesce(due_on, '9999-12-31'::date), article_id);
CREATE INDEX turn_field ON reviews_turn (specialty, queue, coalesce(due_on, '9999-12-31'::date), article_id);
CREATE INDEX turn_side ON reviews_turn (side, coalesce(due_on, '9999-12-31'::date), article_id);
CREATE INDEX turn_labels ON reviews_turn USING gin (labels) WITH (fastupdate = off);
CREATE INDEX turn_hands ON reviews_turn USING gin (hands) WITH (fastupdate = off);
CREATE INDEX turn_words ON reviews_turn USING gin (words) WITH (fastupdate = off);
