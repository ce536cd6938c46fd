-- Files of watched folders that somebody has to look at, seen since `since` (microseconds), by system.
SELECT toString(system) AS system, count() AS files, any(reason) AS reason, min(simulated) AS simulated
FROM v_file_exceptions
WHERE seen > fromUnixTimestamp64Micro({since:Int64}, 'UTC')
GROUP BY system
ORDER BY system
