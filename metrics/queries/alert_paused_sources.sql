-- Sources that are paused now.
SELECT source, toString(cause) AS cause, detail, toUnixTimestamp64Micro(changed) AS changed_us
FROM v_source_pauses WHERE paused = 1 ORDER BY source
