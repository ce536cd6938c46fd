-- The objects that belong to one case: through which neighbour each was reached, and the event that named both.
SELECT l.object_type AS object_type, l.object_id AS object_id, l.via_type AS via_type, l.via_id AS via_id, l.event_id AS event_id,
       e.activity AS activity, toUnixTimestamp64Micro(e.time) AS time_us
FROM (
    SELECT toString(object_type) AS object_type, object_id, toString(via_type) AS via_type, via_id, event_id
    FROM v_links WHERE process = {process:String} AND case_id = {case_id:String}
) AS l
LEFT JOIN (
    SELECT event_id, toString(activity) AS activity, time FROM v_case_events
    WHERE process = {process:String} AND case_id = {case_id:String}
) AS e ON e.event_id = l.event_id
ORDER BY time_us, object_type, object_id
LIMIT 500
