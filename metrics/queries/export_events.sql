-- Events to export of a stretch of time, in the order of (time, sequence, id). They are found by their times first, since
-- reading whole rows of all times would take most of an export's time.
SELECT event_id, toString(activity) AS activity, toUnixTimestamp64Micro(time) AS time_us, toUnixTimestamp64Micro(started) AS started_us,
       toString(source) AS source, attributes, amount, toString(currency) AS currency, actor, trace_id, simulated,
       CAST(object_types, 'Array(String)') AS object_types, object_ids, CAST(object_qualifiers, 'Array(String)') AS object_qualifiers,
       '' AS case_id
FROM v_events
WHERE event_id IN (
          SELECT event_id FROM v_event_records
          WHERE time >= fromUnixTimestamp64Micro({since:Int64}, 'UTC') AND time < fromUnixTimestamp64Micro({until:Int64}, 'UTC'))
  AND time >= fromUnixTimestamp64Micro({since:Int64}, 'UTC') AND time < fromUnixTimestamp64Micro({until:Int64}, 'UTC')
  AND ({process:String} = '' OR event_id IN (SELECT event_id FROM v_case_events WHERE process = {process:String}))
ORDER BY time, sequence, event_id
