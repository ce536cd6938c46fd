-- Every interface that was called since `since` (microseconds), with the window of the same length before it for comparison.
-- Of one delivery a producer, a hub and a caller may each tell: an interface is measured at the callers' spans where it has
-- any (kind client), else at the producers', else at the internal ones. A retry is a call after a failed one of the same
-- caller in the same trace. Only the window is read, and of a redelivered span one record is kept before anything is counted.
WITH fromUnixTimestamp64Micro({since:Int64}, 'UTC') AS since,
     fromUnixTimestamp64Micro({as_of:Int64}, 'UTC') AS as_of,
     fromUnixTimestamp64Micro(2 * {since:Int64} - {as_of:Int64}, 'UTC') AS earlier
SELECT interface, kind, service, calls, errors, retries, median_us, p95_us, calls_before, errors_before, p95_before_us,
       toUnixTimestamp64Micro(last) AS last_us, traces
FROM (
    SELECT interface, kind, topKWeighted(1)(service, toUInt64(seen))[1] AS service, sum(seen) AS calls, sum(failed) AS errors, sum(again) AS retries,
           quantileExactInclusiveArrayIf(0.5)(took, seen > 0) / 1000 AS median_us, quantileExactInclusiveArrayIf(0.95)(took, seen > 0) / 1000 AS p95_us,
           sum(seen_before) AS calls_before, sum(failed_before) AS errors_before,
           quantileExactInclusiveArrayIf(0.95)(took_before, seen_before > 0) / 1000 AS p95_before_us, max(newest) AS last, countIf(seen > 0) AS traces
    FROM (
        SELECT interface, kind, service, trace_id, countIf(start > since) AS seen, countIf(start > since AND status = 'error') AS failed,
               countIf(start <= since) AS seen_before, countIf(start <= since AND status = 'error') AS failed_before,
               groupArrayIf(duration_ns, start > since) AS took, groupArrayIf(duration_ns, start <= since) AS took_before, max(start) AS newest,
               if(failed = 0, 0, countIf(start > since) - indexOf(tupleElement(arraySort(groupArrayIf((start, status), start > since)), 2), 'error')) AS again
        FROM (
            SELECT interface, kind, service, trace_id, start, status, duration_ns
            FROM v_call_records
            WHERE start > earlier AND start <= as_of + INTERVAL 1 HOUR
            ORDER BY origin, position LIMIT 1 BY trace_id, span_id
        )
        GROUP BY interface, kind, service, trace_id
    )
    GROUP BY interface, kind
)
ORDER BY interface, transform(kind, ['client', 'producer', 'internal'], [1, 2, 3], 9)
LIMIT 1 BY interface
