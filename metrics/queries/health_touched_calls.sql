-- Hours (microseconds) in which something began that goes on between `since` and `until`: failed calls whose trace has calls there,
-- and messages that were taken there; only within `chain_us` of it, as health_call_hours looks. And those in which other records
-- of its calls start: only the first of them counts.
WITH fromUnixTimestamp64Micro({since:Int64} - {chain_us:Int64}, 'UTC') AS earliest,
     fromUnixTimestamp64Micro({since:Int64}, 'UTC') AS since,
     fromUnixTimestamp64Micro({until:Int64}, 'UTC') AS until,
     fromUnixTimestamp64Micro({until:Int64} + {chain_us:Int64}, 'UTC') AS latest
SELECT DISTINCT intDiv(toUnixTimestamp64Nano(start), 1000) - positiveModulo(intDiv(toUnixTimestamp64Nano(start), 1000), 3600000000) AS hour_us
FROM (
    SELECT start FROM v_span_arrivals
    WHERE start >= earliest AND start < latest AND interface != '' AND (
        (trace_id, service, interface) IN (
            SELECT trace_id, service, interface FROM v_call_records WHERE start >= earliest AND start < latest
            GROUP BY trace_id, service, interface
            HAVING countIf(status = 'error') > 0 AND countIf(start >= since AND start < until) > 0)
        OR (trace_id, span_id) IN (SELECT trace_id, parent_span_id FROM v_span_arrivals WHERE start >= since AND start < until AND kind = 'consumer'))
    UNION ALL
    SELECT start FROM v_call_records
    WHERE (trace_id, span_id) IN (SELECT trace_id, span_id FROM v_call_records WHERE start >= since AND start < until)
)
ORDER BY hour_us
