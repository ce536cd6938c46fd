-- Which of these bytes have died at or after `since` (microseconds).
SELECT DISTINCT lower(hex(substring(SHA256(payload), 1, 8))) AS payload_hash, toString(reason) AS reason
FROM v_dead_letters
WHERE ingested >= fromUnixTimestamp64Micro({since:Int64}, 'UTC') AND payload_hash IN {hashes:Array(String)}
