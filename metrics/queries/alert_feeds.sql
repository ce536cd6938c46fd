-- Every feed: what it runs on, and when something was last heard of it.
SELECT feed, toString(phase) AS phase, toUnixTimestamp64Micro(watermark) AS watermark_us, toUnixTimestamp64Micro(last_seen) AS last_seen_us,
       simulated
FROM v_feeds
ORDER BY feed
