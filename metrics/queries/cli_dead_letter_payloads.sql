-- The bytes of some dead letters.
SELECT lower(hex(substring(SHA256(concat(origin, '|', toString(position), '|', reason)), 1, 8))) AS id, payload
FROM v_dead_letters
WHERE id IN {ids:Array(String)}
