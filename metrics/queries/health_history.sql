-- The calls of one interface in each stored hour from `since` until before `until` (microseconds), at each kind of span.
SELECT toUnixTimestamp64Micro(hour) AS hour_us, toString(kind) AS kind, sum(stored.calls) AS calls, sum(stored.errors) AS errors, sum(stored.retries) AS retries,
       toFloat64(quantileExactWeightedArray(0.95)(`took.us`, `took.calls`)) AS p95_us
FROM v_health_hours AS stored
WHERE measure = 'calls' AND interface = {interface:String}
  AND hour >= fromUnixTimestamp64Micro({since:Int64}, 'UTC') AND hour < fromUnixTimestamp64Micro({until:Int64}, 'UTC')
GROUP BY hour, kind
ORDER BY hour, kind
