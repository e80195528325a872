DROP TRIGGER unsettle ON reviews_turn;
DROP TRIGGER settle ON reviews_turnspan;
DROP FUNCTION unsettle_spans(), settle_span(), settle_spans(bigint, bigint);
