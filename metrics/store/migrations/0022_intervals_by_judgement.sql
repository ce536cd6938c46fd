-- Intervals go by when they were judged, not by when they were: those of an old history would vanish as soon as they are
-- written. Rows of before count from now on.
ALTER TABLE feed_intervals ${ON_CLUSTER} ADD COLUMN IF NOT EXISTS judged DateTime64(6, 'UTC') DEFAULT now64(6);
ALTER TABLE feed_intervals ${ON_CLUSTER} MODIFY TTL toDateTime(judged) + INTERVAL 1100 DAY;
CREATE OR REPLACE VIEW v_feed_intervals ${ON_CLUSTER} AS
SELECT * EXCEPT (version, judged) FROM feed_intervals FINAL WHERE reason != 'withdrawn';
