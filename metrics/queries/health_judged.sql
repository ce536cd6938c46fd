-- From which hour until before which one (microseconds) everything is judged, by measure. An hour that
-- was marked before it was over is not judged.
SELECT toString(measure) AS measure, toUnixTimestamp64Micro(min(hour)) AS since_us, toUnixTimestamp64Micro(max(hour)) + 3600000000 AS until_us
FROM v_health_judged
WHERE addHours(hour, 1) <= judged
GROUP BY measure
ORDER BY measure
