-- What batch.* events say of each batch since `since` (microseconds): its milestones, and the rows that each said.
SELECT subject, interface, facility, simulated,
       toUnixTimestamp64Micro(minIf(time, type = 'batch.started.v1')) AS started_us,
       toUnixTimestamp64Micro(maxIf(time, type = 'batch.failed.v1')) AS failed_us,
       toUnixTimestamp64Micro(minIf(time, type = 'batch.completed.v1')) AS completed_us,
       toUnixTimestamp64Micro(maxIf(time, type = 'batch.unbalanced.v1')) AS unbalanced_us,
       toUnixTimestamp64Micro(maxIf(time, type = 'batch.reconciled.v1')) AS reconciled_us,
       argMinIf(rows, time, type = 'batch.started.v1') AS rows_started,
       argMinIf(rows, time, type = 'batch.completed.v1') AS rows_completed,
       argMaxIf(rows, time, type IN ('batch.unbalanced.v1', 'batch.reconciled.v1')) AS rows_compared,
       argMaxIf(reason, time, type IN ('batch.failed.v1', 'batch.unbalanced.v1')) AS reason, argMax(feed, time) AS feed
FROM (
    SELECT toString(type) AS type, time, subject, simulated, toString(feed) AS feed, JSONExtractString(attributes, 'interface') AS interface,
           JSONExtractString(attributes, 'facility') AS facility, JSONExtractString(attributes, 'rows') AS rows,
           JSONExtractString(attributes, 'reason') AS reason
    FROM v_events
    WHERE startsWith(type, 'batch.') AND time > fromUnixTimestamp64Micro({since:Int64}, 'UTC')
)
GROUP BY subject, interface, facility, simulated
ORDER BY started_us, subject
