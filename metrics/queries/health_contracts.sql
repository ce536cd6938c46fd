-- In which versions each source told each type of event since `since` (microseconds). An event counts once however often it
-- was delivered.
SELECT toString(source) AS source, replaceRegexpOne(toString(type), '\\.v[0-9]+$', '') AS stem,
       toUInt32OrZero(extract(toString(type), '\\.v([0-9]+)$')) AS version, uniqExact(event_id) AS events,
       toUnixTimestamp64Micro(min(time)) AS first_us, toUnixTimestamp64Micro(max(time)) AS last_us
FROM v_event_records
WHERE time > fromUnixTimestamp64Micro({since:Int64}, 'UTC')
GROUP BY source, stem, version
ORDER BY source, stem, version
