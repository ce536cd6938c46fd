-- Dead letters of the last day and of the day before that, and all that are kept. They have a time of intake only, so
-- "now" is when something was last heard of any feed.
WITH greatest((SELECT max(last_seen) FROM v_feeds), (SELECT max(ingested) FROM v_dead_letters)) AS as_of
SELECT countIf(ingested > as_of - INTERVAL 1 DAY) AS dead_today,
       countIf(ingested > as_of - INTERVAL 2 DAY AND ingested <= as_of - INTERVAL 1 DAY) AS dead_before,
       count() AS dead
FROM v_dead_letters
SETTINGS priority = 1
