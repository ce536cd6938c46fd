-- The changes of each hour from `since` until before `until` (microseconds, whole hours) that other systems should have shown: by
-- system of record (`interface`), object type and field group (`operation`), and who should show them (`system`).
WITH (us -> if(us < 256, us, bitOr(bitShiftLeft(bitShiftRight(us, toUInt8(log2(us)) - 7), toUInt8(log2(us)) - 7), bitShiftLeft(toUInt64(1), toUInt8(log2(us)) - 8)))) AS rounded
SELECT toUnixTimestamp64Micro(changed) - positiveModulo(toUnixTimestamp64Micro(changed), 3600000000) AS hour_us, toString(hops.system) AS interface,
       concat(subject_type, '.', field_group) AS operation, toString(target) AS system, simulated, count() AS calls,
       countIf(state IN ('late', 'missing')) AS errors, countIf(state = 'pending') AS unsettled,
       toUnixTimestamp64Micro(min(changed)) AS first_us, toUnixTimestamp64Micro(max(changed)) AS last_us,
       quantileExactInclusiveOrNull(0.5)(latency_us) AS median_us, quantileExactInclusiveOrNull(0.95)(latency_us) AS p95_us,
       quantileExactInclusiveOrNull(0.99)(latency_us) AS p99_us,
       (sumMapIf([rounded(toUInt64(greatest(ifNull(latency_us, 0), 0)))], [toUInt64(1)], latency_us IS NOT NULL) AS took).1 AS took_us, took.2 AS took_calls,
       max(accepted_us) AS allowed_us
FROM v_quality_hops AS hops
WHERE changed >= fromUnixTimestamp64Micro({since:Int64}, 'UTC') AND changed < fromUnixTimestamp64Micro({until:Int64}, 'UTC') AND state != 'cancelled'
GROUP BY hour_us, interface, operation, hops.target, simulated
ORDER BY hour_us, interface, operation, system, simulated
