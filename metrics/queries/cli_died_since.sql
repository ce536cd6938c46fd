-- Which of these messages have died at or after `since` (microseconds), and of what.
SELECT message, argMax(toString(reason), ingested) AS reason, argMax(detail, ingested) AS detail
FROM v_dead_letters
WHERE ingested >= fromUnixTimestamp64Micro({since:Int64}, 'UTC') AND message IN {messages:Array(String)}
GROUP BY message
