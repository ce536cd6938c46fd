-- Files of watched folders that were seen since `since` (microseconds), with what was declared, sent and stored of each.
SELECT toString(system) AS system, name, content, toString(state) AS state, reason, business_date, rows, rows_declared, rows_dead,
       totals_declared, events, amounts, events_stored, amounts_stored, toString(`check`) AS `check`, simulated,
       toUnixTimestamp64Micro(seen) AS seen_us, toUnixTimestamp64Micro(sent) AS sent_us
FROM v_files
WHERE seen > fromUnixTimestamp64Micro({since:Int64}, 'UTC') AND state NOT IN ('copy', 'superseded')
ORDER BY seen, system, name
