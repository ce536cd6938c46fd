-- Every interval as it was judged last.
SELECT toString(feed) AS feed, toString(type) AS type, toString(span) AS span, toUnixTimestamp64Micro(start) AS start_us, simulated,
       toUnixTimestamp64Micro(ends) AS ends_us, toString(verdict) AS verdict, toString(reason) AS reason, events, expected, chance, weeks
FROM v_feed_intervals
