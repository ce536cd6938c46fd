-- The events of one load's cases by activity, most frequent first. `repeats`: events whose case, activity and time
-- an earlier one had already.
SELECT toString(activity) AS activity, uniqExact(event_id) AS events, count() - uniqExact(case_id, time) AS repeats
FROM v_case_events
WHERE process = {process:String} AND case_id IN (
    SELECT case_id FROM v_case_events WHERE process = {process:String}
        AND event_id IN (SELECT event_id FROM v_event_records WHERE feed = {feed:String}))
GROUP BY activity
ORDER BY events DESC, activity
