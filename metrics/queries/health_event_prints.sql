-- A fingerprint of each hour (microseconds) of events, of their breaches and of dead letters, until before `until`: it differs once
-- anything came or went. `oldest_us`: when the first of them was taken in.
SELECT hour_us, count() AS number, sum(toUInt64(at_us)) AS total, min(taken_us) AS oldest_us
FROM (
    SELECT toUnixTimestamp64Micro(time) - positiveModulo(toUnixTimestamp64Micro(time), 3600000000) AS hour_us, toUnixTimestamp64Micro(time) AS at_us, toUnixTimestamp64Micro(ingested) AS taken_us
    FROM v_event_arrivals WHERE time < fromUnixTimestamp64Micro({until:Int64}, 'UTC') AND type != 'log.step.v1'
    UNION ALL
    SELECT toUnixTimestamp64Micro(time) - positiveModulo(toUnixTimestamp64Micro(time), 3600000000) AS hour_us, toUnixTimestamp64Micro(time) AS at_us, toUnixTimestamp64Micro(noted) AS taken_us
    FROM v_contract_breach_records WHERE time < fromUnixTimestamp64Micro({until:Int64}, 'UTC')
    UNION ALL
    SELECT toUnixTimestamp64Micro(ingested) - positiveModulo(toUnixTimestamp64Micro(ingested), 3600000000) AS hour_us, toUnixTimestamp64Micro(ingested) AS at_us, at_us AS taken_us
    FROM v_dead_letters WHERE ingested < fromUnixTimestamp64Micro({until:Int64}, 'UTC')
)
GROUP BY hour_us
ORDER BY hour_us
