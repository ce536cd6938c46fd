-- The hours (microseconds) that are judged by one measure, and of what. One that was marked before it was over is not judged.
SELECT toUnixTimestamp64Micro(hour) AS hour_us, number, total, toUnixTimestamp64Micro(oldest) AS oldest_us, toUnixTimestamp64Micro(settles) AS settles_us, rules
FROM v_health_judged
WHERE measure = {measure:String} AND addHours(hour, 1) <= judged
ORDER BY hour_us
