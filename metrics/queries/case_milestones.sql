-- The milestones of one case, in the order in which they were first reached.
SELECT toString(milestone) AS milestone, toUnixTimestamp64Micro(first) AS first_us, toUnixTimestamp64Micro(last) AS last_us, count
FROM v_milestones
WHERE process = {process:String} AND case_id = {case_id:String}
ORDER BY first, milestone
LIMIT 500
