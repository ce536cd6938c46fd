-- Hours (microseconds) in which other records of the events between `since` and `until` are: only the first of them counts.
WITH fromUnixTimestamp64Micro({since:Int64}, 'UTC') AS since,
     fromUnixTimestamp64Micro({until:Int64}, 'UTC') AS until
SELECT DISTINCT toUnixTimestamp64Micro(time) - positiveModulo(toUnixTimestamp64Micro(time), 3600000000) AS hour_us
FROM v_event_arrivals
WHERE event_id IN (SELECT event_id FROM v_event_arrivals WHERE time >= since AND time < until AND type != 'log.step.v1')
ORDER BY hour_us
