-- How far the workers that bring events have read in the newest log (microseconds, 0: not known): while anything waits, the oldest
-- newest event of their unread partitions; and of a history the oldest newest event of all partitions.
SELECT toInt64(minIf(at, high_water > committed)) AS until_us, toInt64(minIf(at, worker = 'cases')) AS history_until_us
FROM (
    SELECT worker, committed, high_water, toUnixTimestamp64Micro(watermark) AS at
    FROM v_checkpoints
    WHERE worker IN ('cases', 'sources') AND topic != 'flowglass.deliveries' AND watermark > '1971-01-01 00:00:00'
      AND incarnation = (SELECT argMax(incarnation, seen_at) FROM v_incarnations)
)
