-- One of `parts` parts of the objects that the events to export name, with those among them that each belongs to.
WITH named AS (
    SELECT toString(object_type) AS object_type, object_id, max(simulated) AS simulated
    FROM v_events
    ARRAY JOIN object_types AS object_type, object_ids AS object_id
    WHERE time >= fromUnixTimestamp64Micro({since:Int64}, 'UTC') AND time < fromUnixTimestamp64Micro({until:Int64}, 'UTC')
      AND ({process:String} = '' OR event_id IN (SELECT event_id FROM v_case_events WHERE process = {process:String}))
    GROUP BY object_type, object_id
)
SELECT n.object_type AS object_type, n.object_id AS object_id, o.parent_types AS parent_types, o.parent_ids AS parent_ids,
       n.simulated AS simulated
FROM (SELECT object_type, object_id, simulated FROM named WHERE cityHash64(object_id) % {parts:UInt32} = {part:UInt32}) AS n
LEFT JOIN (
    SELECT object_type, object_id, arrayMap(p -> p.1, parents) AS parent_types, arrayMap(p -> p.2, parents) AS parent_ids
    FROM (
        SELECT object_type, object_id, arraySort(groupArray((parent_type, parent_id))) AS parents
        FROM (
            SELECT toString(object_type) AS object_type, object_id, toString(pair.1) AS parent_type, pair.2 AS parent_id
            FROM v_objects ARRAY JOIN arrayZip(`parent.type`, `parent.id`) AS pair
            WHERE cityHash64(object_id) % {parts:UInt32} = {part:UInt32}
        )
        WHERE (parent_type, parent_id) IN (SELECT object_type, object_id FROM named)
        GROUP BY object_type, object_id
    )
) AS o ON o.object_type = n.object_type AND o.object_id = n.object_id
ORDER BY object_type, object_id
