-- Dead letters of the day before `as_of` and of the day before that, and all that are kept.
WITH fromUnixTimestamp64Micro({as_of:Int64}, 'UTC') AS as_of
SELECT countIf(ingested > as_of - INTERVAL 1 DAY) AS dead_today,
       countIf(ingested > as_of - INTERVAL 2 DAY AND ingested <= as_of - INTERVAL 1 DAY) AS dead_before,
       count() AS dead
FROM v_dead_letters
