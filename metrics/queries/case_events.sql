-- The events folded into one case, in the order of the fold, with what each said.
WITH own AS (
    SELECT event_id, time, rank, sequence, activity, source, trace_id, trace_source
    FROM v_case_events
    WHERE process = {process:String} AND case_id = {case_id:String}
    ORDER BY time, rank, sequence, event_id
    LIMIT 2000
)
SELECT o.event_id AS event_id, toUnixTimestamp64Micro(o.time) AS time_us, toString(o.activity) AS activity, o.source AS source,
       o.trace_id AS trace_id, o.trace_source AS trace_source, e.actor AS actor, e.amount AS amount, e.currency AS currency,
       e.objects AS objects, e.attributes AS attributes
FROM own AS o
LEFT JOIN (
    SELECT event_id, actor, amount, currency, attributes,
           arrayStringConcat(arrayMap((t, i, q) -> concat(t, ' ', i, if(q = '', '', concat(' (', q, ')'))), object_types, object_ids, object_qualifiers), ', ') AS objects
    FROM v_events
    WHERE event_id IN (SELECT event_id FROM own)
) AS e ON e.event_id = o.event_id
ORDER BY o.time, o.rank, o.sequence, o.event_id
