-- The sealed originals of some dead letters; '' where none was kept or its time is over.
SELECT id, sealed, toUnixTimestamp64Micro(sealed_until) AS sealed_until_us
FROM v_dead_letter_originals
WHERE id IN {ids:Array(String)}
