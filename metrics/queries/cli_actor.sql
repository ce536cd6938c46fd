-- The cases in which somebody acted who is no object of them.
SELECT 'actor' AS kind, {text:String} AS found_id, process, case_id
FROM v_case_events
WHERE event_id IN (SELECT event_id FROM v_events WHERE actor = {text:String})
LIMIT 1 BY process, case_id
LIMIT 200
