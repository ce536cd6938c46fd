-- Dead letters by reason, source and owner, within the last `days` (0: all time). waiting: not settled by a replay.
WITH greatest((SELECT max(last_seen) FROM v_feeds), (SELECT max(ingested) FROM v_dead_letters)) AS as_of
SELECT toString(reason) AS reason, source_name, toString(owner) AS owner, count() AS letters, countIf(state != 'replayed') AS waiting,
       countIf(state = 'died_again') AS died_again, countIf(state != 'replayed' AND original = 'kept') AS replayable,
       countIf(ingested > as_of - INTERVAL 1 DAY) AS today,
       countIf(ingested > as_of - INTERVAL 2 DAY AND ingested <= as_of - INTERVAL 1 DAY) AS before
FROM v_dead_letter_states
WHERE {days:UInt32} = 0 OR ingested > as_of - toIntervalDay({days:UInt32})
GROUP BY reason, source_name, owner
ORDER BY waiting DESC, letters DESC, reason, source_name
LIMIT 2000
