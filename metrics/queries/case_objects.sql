-- The objects that belong to one case: through which neighbour each was reached, and the event that named both. The
-- object that the case is about needs no proof: it comes first, reached through itself, with event_id ''.
SELECT l.object_type AS object_type, l.object_id AS object_id, l.via_type AS via_type, l.via_id AS via_id, l.event_id AS event_id,
       e.activity AS activity, toUnixTimestamp64Micro(e.time) AS time_us
FROM (
    SELECT toString(object_type) AS object_type, object_id, toString(one.3) AS via_type, one.4 AS via_id, one.5 AS event_id
    FROM v_objects
    ARRAY JOIN arrayZip(link.process, link.case_id, link.via_type, link.via_id, link.event_id) AS one
    WHERE has(link.case_id, {case_id:String}) AND one.1 = {process:String} AND one.2 = {case_id:String}
) AS l
LEFT JOIN (
    SELECT event_id, toString(activity) AS activity, time FROM v_case_events
    WHERE process = {process:String} AND case_id = {case_id:String}
) AS e ON e.event_id = l.event_id
ORDER BY event_id != '', time_us, object_type, object_id
LIMIT 500
