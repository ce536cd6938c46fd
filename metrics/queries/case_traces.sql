-- The traces that touch one case: what links each to it (carrier and proof), and what its spans add up to.
-- Each step is a scalar and the next finds its rows by key. A scalar named inside a subquery is asked again there, so
-- that all else stands in one SELECT.
WITH (
         SELECT groupArray((trace_id, carrier, proof, activity)) FROM (
             SELECT trace_id, toString(trace_source) AS carrier, event_id AS proof, toString(activity) AS activity
             FROM v_case_events
             WHERE process = {process:String} AND case_id = {case_id:String} AND trace_id != ''
             UNION ALL
             SELECT trace_id, toString(carrier) AS carrier, span_id AS proof, '' AS activity
             FROM v_span_refs
             WHERE carrier IN ('attribute', 'baggage') AND (object_type, object_id) IN (
                 SELECT object_type, object_id FROM v_objects
                 WHERE has(link.case_id, {case_id:String})
                   AND arrayExists((p, c) -> p = {process:String} AND c = {case_id:String}, link.process, link.case_id))
             UNION ALL
             SELECT lower(hex(substring(SHA256(concat('default|', {process:String}, '|', {case_id:String})), 1, 16))) AS trace_id,
                    'derived' AS carrier, {case_id:String} AS proof, '' AS activity
         )
     ) AS direct,
     arrayMap(x -> x.1, direct) AS direct_ids,
     (
         SELECT groupArray((trace_id, 'span_link', span_id, '')) FROM v_span_refs
         WHERE carrier = 'span_link' AND object_type = 'trace' AND object_id IN direct_ids
     ) AS linking,
     arrayConcat(direct, linking) AS found,
     arrayMap(x -> x.1, found) AS ids,
     arraySort(x -> (x.4 = '', x.2, x.3), arrayFilter(x -> x.1 = trace_id, found)) AS links
SELECT trace_id,
       arraySort(arrayDistinct(arrayMap(x -> x.2, links))) AS carriers,
       links[1].3 AS proof, arrayMax(arrayMap(x -> x.4, links)) AS activity,
       intDiv(toUnixTimestamp64Nano(min(start)), 1000) AS start_us,
       intDiv(max(toUnixTimestamp64Nano(start) + toInt64(duration_ns)) - toUnixTimestamp64Nano(min(start)), 1000) AS lasts_us,
       count() AS spans, countIf(status = 'error') AS errors,
       arraySort(groupUniqArray(toString(service))) AS services, arraySort(arrayFilter(x -> x != '', groupUniqArray(toString(interface)))) AS interfaces
FROM v_spans
WHERE trace_id IN (SELECT arrayJoin(ids))
GROUP BY trace_id
ORDER BY start_us, trace_id
LIMIT 500
