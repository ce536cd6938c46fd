-- The calls of each hour from `since` until before `until` (microseconds, whole hours), by operation, system and kind of span, as
-- table health_hours keeps them. Of a span that was delivered again its first record counts, whenever the others start. A retry is a call that follows a failed one of the
-- same caller for the same operation in the same trace within `chain_us`; it counts in its own hour. A message is a call with
-- its retries of the next `chain_us`; it counts in the hour in which it began. One whose last call failed is given up when
-- nothing was tried for `patience_us` before `as_of`. A producer's message is taken by the first consumer below it, within
-- `chain_us`. All of it depends on the `chain_us` before and after an hour alone, so that hours are the same in any window.
WITH fromUnixTimestamp64Micro({since:Int64} - {chain_us:Int64}, 'UTC') AS earliest,
     fromUnixTimestamp64Micro({until:Int64} + {chain_us:Int64}, 'UTC') AS latest,
     (us -> if(us < 256, us, bitOr(bitShiftLeft(bitShiftRight(us, toUInt8(log2(us)) - 7), toUInt8(log2(us)) - 7), bitShiftLeft(toUInt64(1), toUInt8(log2(us)) - 8)))) AS rounded
SELECT start_us - positiveModulo(start_us, 3600000000) AS hour_us, interface, operation,
       transform(lower(caller), {words:Array(String)}, {systems:Array(String)}, transform(replaceAll(lower(caller), '-', '_'), {words:Array(String)}, {systems:Array(String)}, caller)) AS system,
       kind, (sumMap([caller], [toUInt64(1)]) AS callers).1[indexOf(callers.2, arrayMax(callers.2))] AS service, simulated, count() AS calls, countIf(failed) AS errors,
       min(start_us) AS first_us, max(start_us) AS last_us, quantileExactInclusive(0.5)(took_ns) / 1000 AS median_us,
       quantileExactInclusive(0.95)(took_ns) / 1000 AS p95_us, quantileExactInclusive(0.99)(took_ns) / 1000 AS p99_us,
       (sumMap([rounded(intDiv(took_ns, 1000))], [toUInt64(1)]) AS took).1 AS took_us, took.2 AS took_calls,
       countIf(waited >= 0) AS retries, countIf(begins AND failed) AS failed_messages, countIf(begins AND failed AND arrived) AS recovered,
       countIf(begins AND NOT arrived AND ended < {as_of:Int64} - {patience_us:Int64}) AS given_up,
       countIf(begins AND NOT arrived AND ended >= {as_of:Int64} - {patience_us:Int64}) AS unsettled,
       toUInt32(minIf(attempts, begins AND NOT arrived AND ended < {as_of:Int64} - {patience_us:Int64})) AS fewest_attempts,
       toUInt64(minIf(waited, waited >= 0)) AS shortest_wait_us, toUInt64(maxIf(waited, waited >= 0)) AS longest_wait_us,
       (sumMapIf([rounded(toUInt64(waited))], [toUInt64(1)], waited >= 0) AS waits).1 AS wait_us, waits.2 AS wait_calls,
       countIf(lag >= 0) AS taken, toUInt64(maxIf(lag, lag >= 0)) AS longest_lag_us,
       (sumMapIf([rounded(toUInt64(lag))], [toUInt64(1)], lag >= 0) AS lags).1 AS lag_us, lags.2 AS lag_calls,
       nullIf(minIf(ended + {patience_us:Int64} + 1, begins AND NOT arrived AND ended >= {as_of:Int64} - {patience_us:Int64}), 0) AS settles_us
FROM (
    SELECT interface, operation, kind, caller, simulated, arrayFilter(t -> t.1 <= run[1].1 + {chain_us:Int64}, run) AS message, length(message) AS attempts,
           message[-1].3 = 0 AS arrived, message[-1].2 AS ended, one.1 AS start_us, one.2 AS failed, one.3 AS took_ns, one.4 AS lag, one.5 AS waited, one.6 AS begins
    FROM (
        SELECT interface, operation, kind, caller, simulated,
               arraySort(groupArray((start_us, end_us, failed, duration_ns, if(kind = 'producer' AND taken_us > 0 AND taken_us <= start_us + {chain_us:Int64}, greatest(taken_us - end_us, 0), -1)))) AS tries,
               arraySplit((t, begins) -> begins, tries, arrayMap((t, before, place) -> place = 1 OR NOT before.3 OR t.1 - before.2 > {chain_us:Int64}, tries, arrayRotateRight(tries, 1), arrayEnumerate(tries))) AS runs
        FROM (
            SELECT toString(interface) AS interface, toString(name) AS operation, toString(kind) AS kind, toString(service) AS caller, trace_id, span_id, simulated,
                   intDiv(toUnixTimestamp64Nano(start), 1000) AS start_us, intDiv(toUnixTimestamp64Nano(start) + toInt64(duration_ns), 1000) AS end_us,
                   duration_ns, status = 'error' AS failed
            FROM v_span_arrivals
            WHERE start >= earliest AND start < latest AND interface != '' AND kind IN ('client', 'producer', 'internal')
              AND ({interface:String} = '' OR interface = {interface:String})
              AND (start >= fromUnixTimestamp64Micro({since:Int64}, 'UTC') AND start < fromUnixTimestamp64Micro({until:Int64}, 'UTC') OR trace_id IN (
                  SELECT trace_id FROM v_call_records WHERE start >= earliest AND start < latest AND status = 'error'))
              AND (trace_id, span_id, origin, position) IN (
                  SELECT trace_id, span_id, (min((origin, position)) AS first).1, first.2 FROM v_span_arrivals
                  WHERE (trace_id, span_id) IN (
                      SELECT trace_id, span_id FROM v_call_records
                      WHERE start >= earliest AND start < latest AND ({interface:String} = '' OR interface = {interface:String}))
                  GROUP BY trace_id, span_id)
            LIMIT 1 BY trace_id, span_id
        ) AS sent
        LEFT JOIN (
            SELECT trace_id, parent_span_id, intDiv(toUnixTimestamp64Nano(min(start)), 1000) AS taken_us
            FROM v_span_arrivals WHERE start >= earliest AND start < latest AND kind = 'consumer'
            GROUP BY trace_id, parent_span_id
        ) AS received ON received.trace_id = sent.trace_id AND received.parent_span_id = sent.span_id
        GROUP BY interface, operation, kind, caller, simulated, sent.trace_id
    )
    ARRAY JOIN runs AS run
    ARRAY JOIN arrayMap((t, before, place) -> (t.1, t.3, t.4, t.5, if(place = 1, -1, greatest(t.1 - before.2, 0)), place = 1), run, arrayRotateRight(run, 1), arrayEnumerate(run)) AS one
)
WHERE start_us >= {since:Int64} AND start_us < {until:Int64}
GROUP BY hour_us, interface, operation, system, kind, simulated
ORDER BY hour_us, interface, operation, system, kind, simulated
