-- A fingerprint of each hour (since 1970 UTC) of events, from their times alone: it differs once anything came or went.
SELECT toInt64(intDiv(toUnixTimestamp64Micro(time), 3600000000)) AS hour, count() AS number, sum(toUnixTimestamp64Micro(time)) AS total
FROM v_event_arrivals
GROUP BY hour
ORDER BY hour
