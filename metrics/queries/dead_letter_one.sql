-- One dead letter with what is kept of it in clear.
SELECT id, toUnixTimestamp64Micro(ingested) AS ingested_us, toString(reason) AS reason, detail, source_name, toString(system) AS system,
       toString(owner) AS owner, toString(topic) AS topic, partition, offset, toString(origin) AS origin, position, bytes, excerpt,
       headers.name AS header_names, headers.value AS header_values, state, replays, original,
       toUnixTimestamp64Micro(sealed_until) AS sealed_until_us, simulated
FROM v_dead_letter_states
WHERE id = {id:String}
