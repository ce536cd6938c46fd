-- What each class of worker has still to read in the newest log, as it knew at its last flushes.
SELECT toString(worker) AS worker, sum(high_water - least(committed, high_water)) AS records,
       toUnixTimestamp64Micro(minIf(read_to, high_water > committed AND toUnixTimestamp64Micro(read_to) > 0)) AS read_to_us,
       maxIf(left_us, high_water > committed) AS left_us, toUnixTimestamp64Micro(max(flushed_at)) AS flushed_us
FROM v_checkpoints
WHERE incarnation = (SELECT argMax(incarnation, seen_at) FROM v_incarnations)
GROUP BY worker
HAVING records > 0
ORDER BY records DESC
