-- The types of the objects that the events to export name.
SELECT toString(object_type) AS object_type, uniqExact(object_id) AS objects, max(simulated) AS simulated
FROM v_events
ARRAY JOIN object_types AS object_type, object_ids AS object_id
WHERE time >= fromUnixTimestamp64Micro({since:Int64}, 'UTC') AND time < fromUnixTimestamp64Micro({until:Int64}, 'UTC')
  AND ({process:String} = '' OR event_id IN (SELECT event_id FROM v_case_events WHERE process = {process:String}))
GROUP BY object_type
ORDER BY object_type
