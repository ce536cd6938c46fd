-- The newest failed calls of one interface since `since` (microseconds), with the cases that their traces touch.
WITH fromUnixTimestamp64Micro({since:Int64}, 'UTC') AS since
SELECT f.trace_id AS trace_id, f.span_id AS span_id, toString(f.service) AS service, f.name AS name, f.status_message AS status_message,
       intDiv(toUnixTimestamp64Nano(f.start), 1000) AS start_us, toInt64(intDiv(f.duration_ns, 1000)) AS lasts_us, tupleElement(l.holder, 1) AS process, tupleElement(l.holder, 2) AS case_id,
       s.status AS status, s.amount AS amount, s.currency AS currency
FROM (
    SELECT trace_id, span_id, service, toString(name) AS name, status_message, start, duration_ns FROM v_spans
    WHERE (trace_id, span_id) IN (
        SELECT DISTINCT trace_id, span_id FROM v_call_records
        WHERE start > since AND interface = {interface:String} AND status = 'error'
        ORDER BY start DESC LIMIT 40)
) AS f
LEFT JOIN (
    SELECT trace_id, min((process, case_id)) AS holder
    FROM (
        SELECT trace_id, process, case_id
        FROM (
            SELECT trace_id, toString(process) AS process, case_id, withdrawn FROM v_case_trace_records
            WHERE time > since - INTERVAL 1 DAY
            ORDER BY version DESC LIMIT 1 BY process, case_id, event_id
        )
        WHERE withdrawn = 0
        UNION ALL
        SELECT r.trace_id AS trace_id, k.process AS process, k.case_id AS case_id
        FROM (
            SELECT DISTINCT trace_id, toString(object_type) AS object_type, object_id FROM v_trace_objects
            WHERE trace_id IN (SELECT trace_id FROM v_call_records WHERE start > since AND interface = {interface:String} AND status = 'error')
        ) AS r
        INNER JOIN (
            SELECT toString(object_type) AS object_type, object_id, toString(link_process) AS process, link_case AS case_id
            FROM v_objects ARRAY JOIN link.process AS link_process, link.case_id AS link_case
            WHERE (object_type, object_id) IN (
                SELECT object_type, object_id FROM v_trace_objects
                WHERE trace_id IN (SELECT trace_id FROM v_call_records WHERE start > since AND interface = {interface:String} AND status = 'error'))
        ) AS k ON k.object_type = r.object_type AND k.object_id = r.object_id
    )
    GROUP BY trace_id
) AS l ON l.trace_id = f.trace_id
LEFT JOIN (
    SELECT toString(process) AS process, case_id, toString(amount) AS amount, toString(currency) AS currency,
           multiIf(has(clock.status, 'breached'), 'breached', has(clock.status, 'at_risk'), 'at_risk', has(clock.status, 'paused'), 'paused',
                   has(clock.status, 'running'), 'running', has(clock.status, 'met'), 'met', toString(cases.status)) AS status
    FROM v_cases AS cases WHERE last_time > since - INTERVAL 2 DAY OR cases.status = 'open'
) AS s ON s.process = tupleElement(l.holder, 1) AND s.case_id = tupleElement(l.holder, 2)
ORDER BY start_us DESC, span_id
LIMIT 40
