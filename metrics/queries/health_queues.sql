-- How long messages waited in the queue of each interface since `since` (microseconds): from the end of the producer's span
-- to the start of the first consumer's below it. `waiting`: messages that nobody is known to have taken.
WITH fromUnixTimestamp64Micro({since:Int64}, 'UTC') AS since,
     fromUnixTimestamp64Micro({as_of:Int64}, 'UTC') AS as_of
SELECT interface, count() AS messages, countIf(taken_us IS NULL) AS waiting, quantileExactIf(0.5)(waited, taken_us IS NOT NULL) AS median_us,
       quantileExactIf(0.95)(waited, taken_us IS NOT NULL) AS p95_us, maxIf(waited, taken_us IS NOT NULL) AS longest_us
FROM (
    SELECT p.interface AS interface, c.taken_us AS taken_us, greatest(ifNull(c.taken_us, p.sent_us) - p.sent_us, 0) AS waited
    FROM (
        SELECT toString(interface) AS interface, trace_id, span_id, intDiv(toUnixTimestamp64Nano(start) + toInt64(duration_ns), 1000) AS sent_us
        FROM v_span_records
        WHERE start > since AND start <= as_of + INTERVAL 1 HOUR AND kind = 'producer' AND interface != ''
          AND ({interface:String} = '' OR interface = {interface:String})
        ORDER BY origin, position LIMIT 1 BY trace_id, span_id
    ) AS p
    LEFT JOIN (
        SELECT trace_id, parent_span_id, toNullable(intDiv(toUnixTimestamp64Nano(min(start)), 1000)) AS taken_us
        FROM v_span_records
        WHERE start > since AND kind = 'consumer'
        GROUP BY trace_id, parent_span_id
    ) AS c ON c.trace_id = p.trace_id AND c.parent_span_id = p.span_id
)
GROUP BY interface
ORDER BY interface
