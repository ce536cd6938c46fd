-- The calls of the stored hours from `since` until before `until` (microseconds) of every interface (or of {interface:String}), put together.
SELECT toUnixTimestamp64Micro(min(hour)) AS hour_us, toString(interface) AS interface, toString(operation) AS operation, toString(system) AS system, toString(kind) AS kind,
       toString(argMax(stored.service, (stored.calls, stored.service))) AS service, max(stored.simulated) AS simulated, sum(stored.calls) AS calls, sum(stored.errors) AS errors,
       assumeNotNull(toUnixTimestamp64Micro(min(first))) AS first_us, assumeNotNull(toUnixTimestamp64Micro(max(last))) AS last_us,
       NULL AS median_us, NULL AS p95_us, NULL AS p99_us, (sumMap(`took.us`, `took.calls`) AS took).1 AS took_us, took.2 AS took_calls,
       sum(stored.retries) AS retries, sum(stored.failed_messages) AS failed_messages, sum(stored.recovered) AS recovered, sum(stored.given_up) AS given_up,
       sum(stored.unsettled) AS unsettled, toUInt32(minIf(stored.fewest_attempts, stored.fewest_attempts > 0)) AS fewest_attempts,
       minIf(stored.shortest_wait_us, stored.retries > 0) AS shortest_wait_us, max(stored.longest_wait_us) AS longest_wait_us,
       (sumMap(`wait.us`, `wait.calls`) AS waits).1 AS wait_us, waits.2 AS wait_calls, sum(stored.taken) AS taken, max(stored.longest_lag_us) AS longest_lag_us,
       (sumMap(`lag.us`, `lag.calls`) AS lags).1 AS lag_us, lags.2 AS lag_calls, NULL AS settles_us
FROM v_health_hours AS stored
WHERE measure = 'calls' AND hour >= fromUnixTimestamp64Micro({since:Int64}, 'UTC') AND hour < fromUnixTimestamp64Micro({until:Int64}, 'UTC')
  AND ({interface:String} = '' OR interface = {interface:String})
GROUP BY interface, operation, system, kind
ORDER BY interface, operation, system, kind
