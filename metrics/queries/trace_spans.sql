-- The spans of one trace, by start.
SELECT span_id, parent_span_id, service, name, kind, interface, intDiv(toUnixTimestamp64Nano(start), 1000) AS start_us,
       toInt64(intDiv(duration_ns, 1000)) AS lasts_us, status, status_message
FROM v_spans
WHERE trace_id = {trace:String}
ORDER BY start, span_id
LIMIT 1000
