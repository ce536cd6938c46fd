-- The spans of one load's span files: records received, spans stored (a span is its trace and span id), their traces
-- and services, and the spans whose trace belongs to one of the load's cases.
SELECT count() AS records, uniqExact(trace_id, span_id) AS stored, uniqExact(trace_id) AS traces,
       uniqExact(service) AS services,
       uniqExactIf((trace_id, span_id), trace_id IN (
           SELECT trace_id FROM v_trace_cases WHERE process = {process:String} AND case_id IN (
               SELECT case_id FROM v_case_events WHERE process = {process:String}
                   AND event_id IN (SELECT event_id FROM v_event_records WHERE feed = {feed:String})))) AS linked
FROM v_span_records
WHERE origin IN {origins:Array(String)}
