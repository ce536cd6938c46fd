-- Events as proofs: what they are, and where they stood in their source.
SELECT event_id, toString(type) AS type, toUnixTimestamp64Micro(time) AS time_us, toString(source) AS source, toString(origin) AS origin, position,
       arrayMap(t -> toString(t), object_types) AS object_types, object_ids
FROM v_events
WHERE event_id IN {events:Array(String)}
ORDER BY time, event_id
LIMIT 20
