-- The spans of the traces that touch some cases of one process, each with the cases (case_ids) that its trace touches:
-- the trace brought one of their events, names one of their objects, has the id derived from the case, or links to such
-- a trace. `attempt` is the number that a span says it has (1: the first), 0 when it says none; `links` are the traces
-- that it links to. Times in microseconds. At most {limit:UInt32} spans, the oldest first.
WITH (
         SELECT groupUniqArray((toString(object_type), object_id, one.2))
         FROM v_objects ARRAY JOIN arrayZip(link.process, link.case_id) AS one
         WHERE one.1 = {process:String} AND one.2 IN {case_ids:Array(String)}
           -- An index knows it of a few cases; of many it would know nothing, and each row is compared with each case.
           AND (length({case_ids:Array(String)}) > 8 OR hasAny(link.case_id, {case_ids:Array(String)}))
     ) AS named,
     (
         SELECT groupUniqArray((case_id, trace_id)) FROM (
             SELECT case_id, trace_id FROM v_case_events
             WHERE process = {process:String} AND case_id IN {case_ids:Array(String)} AND trace_id != ''
             UNION ALL
             SELECT o.name.3 AS case_id, r.trace_id AS trace_id
             FROM v_span_refs AS r
             INNER JOIN (SELECT arrayJoin(named) AS name) AS o ON o.name.1 = r.object_type AND o.name.2 = r.object_id
             WHERE r.carrier IN ('attribute', 'baggage') AND (r.object_type, r.object_id) IN (
                 SELECT one.1, one.2 FROM (SELECT arrayJoin(named) AS one))
             UNION ALL
             SELECT arrayJoin({case_ids:Array(String)}) AS case_id,
                    lower(hex(substring(SHA256(concat('default|', {process:String}, '|', case_id)), 1, 16))) AS trace_id
         )
     ) AS direct,
     (
         SELECT groupUniqArray((object_id, trace_id, span_id)) FROM v_span_refs
         WHERE carrier = 'span_link' AND object_type = 'trace' AND object_id IN (SELECT arrayJoin(direct).2)
     ) AS linking
SELECT s.trace_id AS trace_id, s.span_id AS span_id, s.parent_span_id AS parent_span_id, s.service AS service, s.name AS name,
       s.kind AS kind, s.interface AS interface, s.start_us AS start_us, s.stop_us AS stop_us, s.failed AS failed, s.attempt AS attempt,
       arraySort(arrayDistinct(arrayMap(x -> x.1, arrayFilter(x -> x.2 = s.trace_id AND x.3 = s.span_id, linking)))) AS links,
       t.case_ids AS case_ids
FROM (
    SELECT trace_id, span_id, parent_span_id, toString(service) AS service, toString(name) AS name, toString(kind) AS kind,
           toString(interface) AS interface, intDiv(toUnixTimestamp64Nano(start), 1000) AS start_us,
           intDiv(toUnixTimestamp64Nano(start) + toInt64(duration_ns), 1000) AS stop_us, toUInt8(status = 'error') AS failed,
           toUInt32(greatest(if(JSONHas(attributes, 'http.request.resend_count'), JSONExtractUInt(attributes, 'http.request.resend_count') + 1, 0),
                             JSONExtractUInt(attributes, 'messaging.servicebus.message.delivery_count'),
                             JSONExtractUInt(attributes, 'messaging.gcp_pubsub.message.delivery_attempt'))) AS attempt
    FROM v_spans
    WHERE trace_id IN (SELECT arrayJoin(arrayConcat(arrayMap(x -> x.2, direct), arrayMap(x -> x.2, linking))))
    ORDER BY start_us, span_id
    LIMIT {limit:UInt32}
) AS s
INNER JOIN (
    SELECT trace_id, arraySort(groupUniqArray(case_id)) AS case_ids FROM (
        SELECT pair.1 AS case_id, pair.2 AS trace_id FROM (SELECT arrayJoin(direct) AS pair)
        UNION ALL
        SELECT d.case_id AS case_id, k.trace_id AS trace_id
        FROM (SELECT link.1 AS linked, link.2 AS trace_id FROM (SELECT arrayJoin(linking) AS link)) AS k
        INNER JOIN (SELECT pair.1 AS case_id, pair.2 AS linked FROM (SELECT arrayJoin(direct) AS pair)) AS d ON d.linked = k.linked
    )
    GROUP BY trace_id
) AS t ON t.trace_id = s.trace_id
ORDER BY start_us, trace_id, span_id
