-- A fingerprint of each hour (microseconds) of changes that other systems should show, until before `until`: it differs once one came,
-- went, or was shown. Nothing of them is ever forgotten, so `oldest_us` says nothing.
SELECT toUnixTimestamp64Micro(changed) - positiveModulo(toUnixTimestamp64Micro(changed), 3600000000) AS hour_us, count() AS number,
       sum(cityHash64(subject_id, event_id, target, state, ifNull(toUnixTimestamp64Micro(seen), 0))) AS total, 0 AS oldest_us
FROM v_quality_hops
WHERE changed < fromUnixTimestamp64Micro({until:Int64}, 'UTC')
GROUP BY hour_us
ORDER BY hour_us
