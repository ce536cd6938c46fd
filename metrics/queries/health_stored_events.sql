-- The events of the stored hours from `since` until before `until` (microseconds) by source and type, put together.
SELECT toUnixTimestamp64Micro(min(hour)) AS hour_us, toString(interface) AS interface, toString(operation) AS operation, toString(system) AS system,
       max(stored.simulated) AS simulated, sum(stored.calls) AS calls, sum(stored.errors) AS errors, toUnixTimestamp64Micro(min(first)) AS first_us,
       toUnixTimestamp64Micro(max(last)) AS last_us, sum(stored.dead_letters) AS dead_letters, max(stored.contract_version) AS contract_version
FROM v_health_hours AS stored
WHERE measure = 'events' AND hour >= fromUnixTimestamp64Micro({since:Int64}, 'UTC') AND hour < fromUnixTimestamp64Micro({until:Int64}, 'UTC')
GROUP BY interface, operation, system
ORDER BY interface, operation, system
