-- Dead letters, newest first, one page of them. `state`: '' for those that wait, 'all', or one state. `days`: 0 for all time.
WITH greatest((SELECT max(last_seen) FROM v_feeds), (SELECT max(ingested) FROM v_dead_letters)) AS as_of
SELECT id, toUnixTimestamp64Micro(ingested) AS ingested_us, toString(reason) AS reason, detail, source_name, toString(owner) AS owner,
       state, original, simulated, count() OVER () AS total
FROM v_dead_letter_states
WHERE ({reason:String} = '' OR reason = {reason:String})
  AND ({source:String} = '' OR source_name = {source:String})
  AND ({owner:String} = '' OR owner = {owner:String})
  AND ({days:UInt32} = 0 OR ingested > as_of - toIntervalDay({days:UInt32}))
  AND multiIf({state:String} = 'all', 1, {state:String} = '', state != 'replayed', state = {state:String})
ORDER BY ingested DESC, id
LIMIT {limit:UInt32} OFFSET {offset:UInt32}
