-- The events of the cases from `first` to `last` of one process, case by case, in the order of the fold.
SELECT event_id, toString(o.activity) AS activity, toUnixTimestamp64Micro(o.time) AS time_us, toUnixTimestamp64Micro(o.started) AS started_us,
       toString(o.source) AS source, e.attributes AS attributes, e.amount AS amount, e.currency AS currency, e.actor AS actor,
       o.trace_id AS trace_id, e.simulated AS simulated, e.object_types AS object_types, e.object_ids AS object_ids,
       e.object_qualifiers AS object_qualifiers, o.case_id AS case_id
FROM (
    SELECT case_id, event_id, activity, time, started, rank, sequence, source, trace_id
    FROM v_case_events
    WHERE process = {process:String} AND case_id >= {first:String} AND case_id <= {last:String}
      AND time >= fromUnixTimestamp64Micro({since:Int64}, 'UTC') AND time < fromUnixTimestamp64Micro({until:Int64}, 'UTC')
) AS o
INNER JOIN (
    SELECT event_id, attributes, amount, toString(currency) AS currency, actor, simulated,
           CAST(object_types, 'Array(String)') AS object_types, object_ids, CAST(object_qualifiers, 'Array(String)') AS object_qualifiers
    FROM v_events
    WHERE event_id IN (
        SELECT event_id FROM v_case_events
        WHERE process = {process:String} AND case_id >= {first:String} AND case_id <= {last:String}
    )
) AS e USING (event_id)
ORDER BY o.case_id, o.time, o.rank, o.sequence, event_id
