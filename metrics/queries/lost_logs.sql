-- Logs that were replaced while records in them had not been read.
SELECT incarnation, previous, toUnixTimestamp64Micro(seen_at) AS seen_us, unread, detail
FROM v_incarnations
WHERE unread > 0
ORDER BY seen_at DESC
LIMIT 5
