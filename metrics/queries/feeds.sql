-- The streams whose clocks the events follow, newest watermark first.
SELECT feed, phase,
       toUnixTimestamp64Micro(watermark) AS watermark_us,
       toUnixTimestamp64Micro(last_seen) AS last_seen_us,
       simulated
FROM v_feeds
ORDER BY watermark DESC
LIMIT 50
