-- The calls of one interface since `since` (microseconds) by the stretch of time in which they began, measured at the spans of `kind`.
-- `starts` are where the stretches begin, ascending, the first not after `since`.
SELECT roundDown(toUnixTimestamp64Micro(toDateTime64(start, 6)), {starts:Array(Int64)}) AS at_us, count() AS calls,
       countIf(status = 'error') AS errors, quantileExactInclusive(0.95)(duration_ns) / 1000 AS p95_us
FROM (
    SELECT start, status, duration_ns FROM v_call_records
    WHERE start > fromUnixTimestamp64Micro({since:Int64}, 'UTC') AND interface = {interface:String} AND kind = {kind:String}
    ORDER BY origin, position LIMIT 1 BY trace_id, span_id
)
GROUP BY at_us
ORDER BY at_us
