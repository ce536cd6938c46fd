-- The cases to which the id `text` belongs; `trace` is the same id in lower case (trace and span ids are hex).
-- A trace belongs to cases by what it or an event says of it, by its derived id, and by the traces that it links to.
WITH (
         SELECT groupUniqArray(trace_id) FROM (
             SELECT {trace:String} AS trace_id
             UNION ALL
             SELECT trace_id FROM v_span_records WHERE length({trace:String}) = 16 AND span_id = {trace:String}
         )
     ) AS named,
     (
         SELECT arrayConcat(named, groupUniqArray(object_id)) FROM v_span_refs
         WHERE carrier = 'span_link' AND object_type = 'trace' AND trace_id IN (SELECT arrayJoin(named))
     ) AS traces,
     (
         SELECT groupUniqArray((toString(object_type), object_id)) FROM v_span_refs
         WHERE carrier IN ('attribute', 'baggage') AND trace_id IN (SELECT arrayJoin(traces))
     ) AS objects
SELECT * FROM (
    SELECT 'case' AS kind, case_id AS found_id, process, case_id FROM v_cases WHERE case_id = {text:String}
    UNION ALL
    SELECT object_type AS kind, object_id AS found_id, process, case_id FROM v_links WHERE object_id = {text:String}
    UNION ALL
    SELECT 'event' AS kind, event_id AS found_id, process, case_id FROM v_case_events WHERE event_id = {text:String}
    UNION ALL
    SELECT 'trace' AS kind, {trace:String} AS found_id, process, case_id FROM v_case_events
    WHERE trace_id != '' AND trace_id IN (SELECT arrayJoin(traces))
    UNION ALL
    SELECT 'trace' AS kind, {trace:String} AS found_id, process, case_id FROM v_links
    WHERE (object_type, object_id) IN (SELECT arrayJoin(objects))
    UNION ALL
    SELECT 'trace' AS kind, {trace:String} AS found_id, process, case_id FROM v_cases
    WHERE lower(hex(substring(SHA256(concat('default|', process, '|', case_id)), 1, 16))) IN (SELECT arrayJoin(traces))
      AND (SELECT count() FROM v_span_records WHERE trace_id IN (SELECT arrayJoin(traces))) > 0
)
LIMIT 1 BY process, case_id
LIMIT 200
