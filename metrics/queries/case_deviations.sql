-- How one case deviates from the way that its definition says, in the order of its events.
SELECT toString(kind) AS kind, toString(rule) AS rule, toString(milestone) AS milestone, object,
       toUnixTimestamp64Micro(at) AS at_us, event_id, count
FROM v_deviations
WHERE process = {process:String} AND case_id = {case_id:String}
ORDER BY at_us, rule, object
LIMIT 500
