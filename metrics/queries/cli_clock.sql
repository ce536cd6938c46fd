-- The clocks that the feeds of one process follow: a feed that sends history, or has ended, runs on its watermark.
SELECT phase, toUnixTimestamp64Micro(watermark) AS watermark_us
FROM v_feeds
WHERE feed IN (SELECT DISTINCT feed FROM v_cases WHERE process = {process:String})
ORDER BY feed
