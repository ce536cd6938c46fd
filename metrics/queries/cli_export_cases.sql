-- The cases of one process with events in a stretch of time, and how many.
SELECT case_id, count() AS events
FROM v_case_events
WHERE process = {process:String}
  AND time >= fromUnixTimestamp64Micro({since:Int64}, 'UTC') AND time < fromUnixTimestamp64Micro({until:Int64}, 'UTC')
GROUP BY case_id
ORDER BY case_id
