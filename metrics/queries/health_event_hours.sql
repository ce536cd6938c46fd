-- The events of each hour from `since` until before `until` (microseconds, whole hours) by source and type, those that broke their
-- contract, and dead letters by the hour in which they were taken in (their `operation` is ''). Whatever was delivered again
-- counts once, as the first of its records says it, in whatever hours the others are. The system of a source is found by its prefix in `prefixes`, `systems`; one that nobody declared is called by
-- the first part of its source.
WITH fromUnixTimestamp64Micro({since:Int64}, 'UTC') AS since,
     fromUnixTimestamp64Micro({until:Int64}, 'UTC') AS until
SELECT hour_us, interface, operation,
       coalesce(nullIf({systems:Array(String)}[arrayFirstIndex(p -> startsWith(interface, p) AND has(['', '/', '-', '_'], substring(interface, length(p) + 1, 1)), {prefixes:Array(String)})], ''),
                nullIf(max(said), ''), if(startsWith(interface, '/'), splitByChar('/', interface)[2], interface)) AS system,
       simulated, sum(happened) AS calls, sum(broken) AS errors, min(first) AS first_us, max(last) AS last_us, sum(letters) AS dead_letters,
       toUInt32OrZero(extract(operation, '\\.v([0-9]+)$')) AS contract_version
FROM (
    SELECT at_us - positiveModulo(at_us, 3600000000) AS hour_us, source AS interface, type AS operation, simulated, '' AS said, count() AS happened,
           0 AS broken, 0 AS letters, toNullable(min(at_us)) AS first, toNullable(max(at_us)) AS last
    FROM (
        SELECT toUnixTimestamp64Micro(time) AS at_us, toString(source) AS source, toString(type) AS type, simulated FROM v_event_arrivals
        WHERE time >= since AND time < until AND type != 'log.step.v1' AND (event_id, origin, position) IN (
            SELECT event_id, (min((origin, position)) AS first).1, first.2 FROM v_event_arrivals
            WHERE event_id IN (SELECT event_id FROM v_event_arrivals WHERE time >= since AND time < until AND type != 'log.step.v1')
            GROUP BY event_id)
        LIMIT 1 BY event_id
    )
    GROUP BY hour_us, interface, operation, simulated
    UNION ALL
    SELECT toUnixTimestamp64Micro(time) - positiveModulo(toUnixTimestamp64Micro(time), 3600000000) AS hour_us, toString(source) AS interface, toString(type) AS operation, simulated, '' AS said,
           0 AS happened, uniqExact(event_id) AS broken, 0 AS letters, NULL AS first, NULL AS last
    FROM v_contract_breach_records WHERE time >= since AND time < until AND event_id != ''
    GROUP BY hour_us, interface, operation, simulated
    UNION ALL
    SELECT toUnixTimestamp64Micro(ingested) - positiveModulo(toUnixTimestamp64Micro(ingested), 3600000000) AS hour_us, if(source = '', toString(topic), toString(source)) AS interface, '' AS operation,
           simulated, toString(max(system)) AS said, 0 AS happened, 0 AS broken, count() AS letters, NULL AS first, NULL AS last
    FROM v_dead_letters WHERE ingested >= since AND ingested < until
    GROUP BY hour_us, interface, operation, simulated
)
GROUP BY hour_us, interface, operation, simulated
ORDER BY hour_us, interface, operation, simulated
