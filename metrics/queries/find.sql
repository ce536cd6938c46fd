-- The cases to which the id `text` belongs; `trace` is the same id in lower case (trace and span ids are hex).
SELECT * FROM (
    SELECT 'case' AS kind, case_id AS found_id, process, case_id FROM v_cases WHERE case_id = {text:String}
    UNION ALL
    SELECT object_type AS kind, object_id AS found_id, process, case_id FROM v_links WHERE object_id = {text:String}
    UNION ALL
    SELECT 'event' AS kind, event_id AS found_id, process, case_id FROM v_case_events WHERE event_id = {text:String}
    UNION ALL
    SELECT 'trace' AS kind, trace_id AS found_id, process, case_id FROM v_trace_cases WHERE trace_id = {trace:String}
    UNION ALL
    SELECT 'trace' AS kind, trace_id AS found_id, process, case_id FROM v_trace_cases
    WHERE length({trace:String}) = 16 AND trace_id IN (SELECT trace_id FROM v_spans WHERE span_id = {trace:String})
)
LIMIT 1 BY process, case_id
LIMIT 200
