-- Minutes with events to export, oldest first. Empty `process`: events of all processes and of none.
SELECT toUnixTimestamp64Micro(toDateTime64(toStartOfMinute(time), 6, 'UTC')) AS minute_us, count() AS events
FROM v_events
WHERE time >= fromUnixTimestamp64Micro({since:Int64}, 'UTC') AND time < fromUnixTimestamp64Micro({until:Int64}, 'UTC')
  AND ({process:String} = '' OR event_id IN (SELECT event_id FROM v_case_events WHERE process = {process:String}))
GROUP BY minute_us
ORDER BY minute_us
