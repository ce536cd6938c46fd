-- Which of these messages have died at or after `since` (microseconds).
SELECT DISTINCT message_hash AS payload_hash, toString(reason) AS reason
FROM v_dead_letters
WHERE ingested >= fromUnixTimestamp64Micro({since:Int64}, 'UTC') AND payload_hash IN {hashes:Array(String)}
