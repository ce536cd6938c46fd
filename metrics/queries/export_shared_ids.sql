-- Ids that objects of several types have among the events to export.
SELECT object_id
FROM v_events
ARRAY JOIN object_types AS object_type, object_ids AS object_id
WHERE time >= fromUnixTimestamp64Micro({since:Int64}, 'UTC') AND time < fromUnixTimestamp64Micro({until:Int64}, 'UTC')
  AND ({process:String} = '' OR event_id IN (SELECT event_id FROM v_case_events WHERE process = {process:String}))
GROUP BY object_id
HAVING uniqExact(object_type) > 1
ORDER BY object_id
