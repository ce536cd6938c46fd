-- How far each worker has read each partition of the newest log.
SELECT toString(worker) AS worker, toString(topic) AS topic, partition, incarnation, committed, high_water,
       toUnixTimestamp64Micro(flushed_at) AS flushed_us
FROM v_checkpoints
WHERE incarnation = (SELECT argMax(incarnation, seen_at) FROM v_incarnations)
ORDER BY worker, topic, partition
