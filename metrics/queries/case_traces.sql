-- The traces that touch one case: what links each to it (carrier and proof), and what its spans add up to.
WITH objects AS (SELECT object_type, object_id FROM v_links WHERE process = {process:String} AND case_id = {case_id:String}),
     direct AS (
         SELECT trace_id, toString(trace_source) AS carrier, event_id AS proof, toString(activity) AS activity
         FROM v_case_events
         WHERE process = {process:String} AND case_id = {case_id:String} AND trace_id != ''
         UNION ALL
         SELECT trace_id, toString(carrier) AS carrier, span_id AS proof, '' AS activity
         FROM v_span_refs
         WHERE (object_type, object_id) IN (SELECT object_type, object_id FROM objects) AND carrier IN ('attribute', 'baggage')
         UNION ALL
         SELECT lower(hex(substring(SHA256(concat('default|', {process:String}, '|', {case_id:String})), 1, 16))) AS trace_id,
                'derived' AS carrier, {case_id:String} AS proof, '' AS activity
     ),
     found AS (
         SELECT * FROM direct
         UNION ALL
         SELECT trace_id, 'span_link' AS carrier, span_id AS proof, '' AS activity
         FROM v_span_refs
         WHERE carrier = 'span_link' AND object_type = 'trace' AND object_id IN (SELECT trace_id FROM direct)
     )
SELECT f.trace_id AS trace_id, f.carriers AS carriers, f.proof AS proof, f.activity AS activity,
       s.start_us AS start_us, s.lasts_us AS lasts_us, s.spans AS spans, s.errors AS errors, s.services AS services, s.interfaces AS interfaces
FROM (
    SELECT trace_id, arraySort(groupUniqArray(carrier)) AS carriers, any(proof) AS proof, max(activity) AS activity FROM found GROUP BY trace_id
) AS f
INNER JOIN (
    SELECT trace_id, intDiv(toUnixTimestamp64Nano(min(start)), 1000) AS start_us,
           intDiv(max(toUnixTimestamp64Nano(start) + toInt64(duration_ns)) - toUnixTimestamp64Nano(min(start)), 1000) AS lasts_us,
           count() AS spans, countIf(status = 'error') AS errors,
           arraySort(groupUniqArray(toString(service))) AS services, arraySort(arrayFilter(x -> x != '', groupUniqArray(toString(interface)))) AS interfaces
    FROM v_spans
    WHERE trace_id IN (SELECT trace_id FROM found)
    GROUP BY trace_id
) AS s ON s.trace_id = f.trace_id
ORDER BY start_us, trace_id
LIMIT 500
