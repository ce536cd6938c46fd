-- Intervals that end after `since` (microseconds), newest first: those of a feed ('': of all), only odd ones where asked.
SELECT toString(feed) AS feed, toString(type) AS type, toString(span) AS span, toUnixTimestamp64Micro(start) AS start_us, simulated,
       toUnixTimestamp64Micro(ends) AS ends_us, toString(verdict) AS verdict, toString(reason) AS reason, events, expected, chance, weeks
FROM v_feed_intervals
WHERE ends > fromUnixTimestamp64Micro({since:Int64}, 'UTC') AND ({feed:String} = '' OR feed = {feed:String})
  AND (NOT {odd:Bool} OR verdict IN ('short', 'silent', 'surge'))
ORDER BY start DESC, feed, type, span
LIMIT {limit:UInt32}
