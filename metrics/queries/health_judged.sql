-- From which hour until before which one (microseconds) everything is judged, by measure.
SELECT toString(measure) AS measure, toUnixTimestamp64Micro(min(hour)) AS since_us, toUnixTimestamp64Micro(max(hour)) + 3600000000 AS until_us
FROM v_health_judged
GROUP BY measure
ORDER BY measure
