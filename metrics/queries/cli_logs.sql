-- The broker's logs that workers have met, newest first: what they replaced, and what of it nobody had read.
SELECT incarnation, previous, toUnixTimestamp64Micro(seen_at) AS seen_us, unread, detail
FROM v_incarnations
ORDER BY seen_at DESC
