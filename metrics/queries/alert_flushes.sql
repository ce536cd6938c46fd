-- When each class of worker last stored anything, and what it then knew to be unread, in the newest log.
SELECT toString(worker) AS worker, toUnixTimestamp64Micro(max(flushed_at)) AS flushed_us,
       sum(high_water - least(committed, high_water)) AS unread
FROM v_checkpoints
WHERE incarnation = (SELECT argMax(incarnation, seen_at) FROM v_incarnations)
GROUP BY worker
ORDER BY worker
