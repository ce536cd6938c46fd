-- The events of some cases of one process in the order of the fold; attributes only of the activities that
-- {with_attributes:Array(String)} names (a milestone asks for them), for all others ''.
WITH own AS (
    SELECT case_id, event_id, time, rank, sequence, toString(activity) AS activity
    FROM v_case_events
    WHERE process = {process:String} AND case_id IN {case_ids:Array(String)}
    ORDER BY case_id, time, rank, sequence, event_id
    LIMIT {limit:UInt32} BY case_id
)
SELECT o.case_id AS case_id, o.event_id AS event_id, toUnixTimestamp64Micro(o.time) AS time_us, o.activity AS activity, e.attributes AS attributes
FROM own AS o
LEFT JOIN (
    SELECT event_id, attributes FROM v_events
    WHERE event_id IN (SELECT event_id FROM own WHERE activity IN {with_attributes:Array(String)})
) AS e ON e.event_id = o.event_id
ORDER BY o.case_id, o.time, o.rank, o.sequence, o.event_id
