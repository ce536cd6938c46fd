-- Dead letters, newest first, with what became of them. Empty `ids`, `reason`, `source` and `states` mean any.
-- state: new (never replayed), replayed (and not died since), died_again (the same message died after its last replay).
WITH letters AS (
         SELECT lower(hex(substring(SHA256(concat(origin, '|', toString(position), '|', reason)), 1, 8))) AS id,
                toString(reason) AS reason, detail, toString(source) AS source, toString(topic) AS topic, partition, offset,
                toString(origin) AS origin, position, ingested, length(payload) AS bytes,
                message_hash AS payload_hash
         FROM v_dead_letters
     ),
     replays AS (
         SELECT payload_hash, count() AS times, max(replayed) AS last FROM v_dead_letter_replays GROUP BY payload_hash
     )
SELECT id, reason, detail, source, topic, partition, offset, origin, position, toUnixTimestamp64Micro(ingested) AS ingested_us,
       bytes, payload_hash, times AS replays, state, count() OVER () AS total
FROM (
    SELECT l.*, r.times AS times,
           multiIf(r.times = 0, 'new', max(l.ingested) OVER (PARTITION BY l.payload_hash) >= r.last, 'died_again', 'replayed') AS state
    FROM letters AS l LEFT JOIN replays AS r ON r.payload_hash = l.payload_hash
)
WHERE (empty({ids:Array(String)}) OR arrayExists(wanted -> startsWith(id, wanted), {ids:Array(String)}))
  AND ({reason:String} = '' OR reason = {reason:String})
  AND ({source:String} = '' OR source = {source:String})
  AND (empty({states:Array(String)}) OR state IN {states:Array(String)})
ORDER BY ingested DESC, origin, position, reason
LIMIT {limit:UInt32}
