-- The objects that the events to export name, with those each belongs to.
SELECT n.object_type AS object_type, n.object_id AS object_id, o.parent_types AS parent_types, o.parent_ids AS parent_ids,
       n.simulated AS simulated
FROM (
    SELECT toString(object_type) AS object_type, object_id, max(simulated) AS simulated
    FROM v_events
    ARRAY JOIN object_types AS object_type, object_ids AS object_id
    WHERE time >= fromUnixTimestamp64Micro({since:Int64}, 'UTC') AND time < fromUnixTimestamp64Micro({until:Int64}, 'UTC')
      AND ({process:String} = '' OR event_id IN (SELECT event_id FROM v_case_events WHERE process = {process:String}))
    GROUP BY object_type, object_id
) AS n
LEFT JOIN (
    SELECT toString(object_type) AS object_type, object_id, CAST(`parent.type`, 'Array(String)') AS parent_types, `parent.id` AS parent_ids
    FROM v_objects
) AS o ON o.object_type = n.object_type AND o.object_id = n.object_id
ORDER BY object_type, object_id
