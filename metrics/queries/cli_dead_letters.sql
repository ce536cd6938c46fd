-- Dead letters with what became of them, newest first. Empty `ids`, `reason`, `source`, `system`, `owner` and `states` mean any;
-- a source may be called by its system, as a pause of it is.
SELECT id, toString(reason) AS reason, detail, toString(source) AS source, toString(system) AS system, toString(owner) AS owner,
       toString(topic) AS topic, partition, offset, toString(origin) AS origin, position, toUnixTimestamp64Micro(ingested) AS ingested_us,
       bytes, excerpt, headers.name AS header_names, headers.value AS header_values, simulated, message, replays, state, original,
       count() OVER () AS total
FROM v_dead_letter_states
WHERE (empty({ids:Array(String)}) OR arrayExists(wanted -> startsWith(id, wanted), {ids:Array(String)}))
  AND ({reason:String} = '' OR reason = {reason:String})
  AND ({source:String} = '' OR source_name = {source:String} OR system = {source:String})
  AND ({system:String} = '' OR system = {system:String})
  AND ({owner:String} = '' OR owner = {owner:String})
  AND (empty({states:Array(String)}) OR state IN {states:Array(String)})
ORDER BY ingested DESC, origin, position, reason
LIMIT {limit:UInt32}
