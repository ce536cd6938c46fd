-- Who tells what: events since then by activity, source and feed. Duplicates count as often as they came: only shares are asked.
SELECT toString(activity) AS activity, toString(source) AS source, toString(feed) AS feed, count() AS events, simulated
FROM v_event_records
WHERE time >= fromUnixTimestamp64Micro({since:Int64}, 'UTC')
GROUP BY activity, source, feed, simulated
ORDER BY activity, source, feed, simulated
