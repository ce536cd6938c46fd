-- Every operation of every interface (or of {interface:String}) since `since` (microseconds): calls, failures, latency, and
-- how failed calls were tried again. As in interface_flow an interface is measured at the callers' spans where it has any,
-- else at the producers', else at the internal ones, and of a redelivered span one record is kept. A message is the calls
-- of one caller for one operation in one trace; a retry is a call after a failed one of them, the wait that between their
-- end and start. A message whose last call failed is given up when nothing was tried for {patience_us:Int64} microseconds;
-- `fewest_attempts` are those of the one given up the soonest, 0 where none was.
WITH fromUnixTimestamp64Micro({since:Int64}, 'UTC') AS since,
     fromUnixTimestamp64Micro({as_of:Int64}, 'UTC') AS as_of
SELECT interface, operation, kind, service, calls, errors, median_us, p95_us, p99_us, retries, failed_messages, recovered, given_up,
       fewest_attempts, arrayMin(waits) AS shortest_wait_us, arraySort(waits)[intDiv(length(waits) + 1, 2)] AS median_wait_us, arrayMax(waits) AS longest_wait_us
FROM (
    SELECT interface, operation, kind, topKWeighted(1)(service, toUInt64(seen))[1] AS service, sum(seen) AS calls, sum(failed) AS errors,
           quantileExactInclusiveArray(0.5)(took) / 1000 AS median_us, quantileExactInclusiveArray(0.95)(took) / 1000 AS p95_us,
           quantileExactInclusiveArray(0.99)(took) / 1000 AS p99_us, sum(length(waited)) AS retries, countIf(failed > 0) AS failed_messages,
           countIf(failed > 0 AND arrived) AS recovered, countIf(NOT arrived AND ended < {as_of:Int64} - {patience_us:Int64}) AS given_up,
           minIf(attempts, NOT arrived AND ended < {as_of:Int64} - {patience_us:Int64}) AS fewest_attempts, arrayFlatten(groupArray(waited)) AS waits,
           min(transform(kind, ['client', 'producer', 'internal'], [1, 2, 3], 9)) OVER (PARTITION BY interface) AS best
    FROM (
        SELECT toString(interface) AS interface, toString(name) AS operation, toString(kind) AS kind, toString(service) AS service, trace_id,
               count() AS seen, countIf(status = 'error') AS failed, groupArray(duration_ns) AS took,
               arraySort(groupArray((intDiv(toUnixTimestamp64Nano(start), 1000), intDiv(toUnixTimestamp64Nano(start) + toInt64(duration_ns), 1000), status = 'error'))) AS tries,
               arrayFilter(w -> w >= 0, arrayMap((a, b) -> if(a.3, greatest(b.1 - a.2, 0), -1), arrayPopBack(tries), arrayPopFront(tries))) AS waited,
               tries[-1].3 = 0 AS arrived, tries[-1].2 AS ended,
               arrayMax(arrayMap(run -> length(run), arraySplit((x, before) -> NOT before, tries, arrayPushFront(arrayPopBack(arrayMap(t -> t.3, tries)), 1)))) AS attempts
        FROM (
            SELECT interface, name, kind, service, trace_id, span_id, start, duration_ns, status
            FROM v_span_records
            WHERE start > since AND start <= as_of + INTERVAL 1 HOUR AND interface != '' AND kind IN ('client', 'producer', 'internal')
              AND ({interface:String} = '' OR interface = {interface:String})
            ORDER BY origin, position LIMIT 1 BY trace_id, span_id
        )
        GROUP BY interface, operation, kind, service, trace_id
    )
    GROUP BY interface, operation, kind
)
WHERE transform(kind, ['client', 'producer', 'internal'], [1, 2, 3], 9) = best
ORDER BY interface, calls DESC, operation
