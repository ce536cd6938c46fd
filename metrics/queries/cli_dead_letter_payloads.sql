-- The records that some dead letters keep: value, key (null: none) and headers in their order; header values in hex.
SELECT lower(hex(substring(SHA256(concat(origin, '|', toString(position), '|', reason)), 1, 8))) AS id, payload,
       if(record_key IS NULL, NULL, hex(record_key)) AS key_hex,
       arrayMap(header -> toString(header.name), record_headers) AS header_names,
       arrayMap(header -> if(header.value IS NULL, NULL, hex(header.value)), record_headers) AS header_values_hex
FROM v_dead_letters
WHERE id IN {ids:Array(String)}
