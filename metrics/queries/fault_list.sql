-- Dead letters, unlinked events, late events or restatements, newest first, as rows of one shape.
SELECT kind, at_us, subject, detail, source, process, case_id FROM (
    SELECT 'dead_letters' AS kind, toUnixTimestamp64Micro(ingested) AS at_us, toString(reason) AS subject, detail, concat(source, ' ', topic, '/', toString(partition), '@', toString(offset)) AS source, '' AS process, '' AS case_id
    FROM v_dead_letters WHERE {kind:String} = 'dead_letters'
    UNION ALL
    SELECT 'unlinked' AS kind, toUnixTimestamp64Micro(time) AS at_us, toString(activity) AS subject, arrayStringConcat(arrayMap((t, i) -> concat(t, ' ', i), object_types, object_ids), ', ') AS detail,
           toString(source) AS source, '' AS process, '' AS case_id
    FROM v_unlinked_listed WHERE {kind:String} = 'unlinked'
    UNION ALL
    SELECT 'late' AS kind, toUnixTimestamp64Micro(noticed) AS at_us, event_id AS subject, concat('event of ', toString(time)) AS detail, '' AS source, toString(process) AS process, case_id
    FROM v_late_events WHERE {kind:String} = 'late'
    UNION ALL
    SELECT 'restated' AS kind, toUnixTimestamp64Micro(noticed) AS at_us, toString(clock) AS subject, concat(old_status, ' became ', new_status, ' (', cause, ')') AS detail, '' AS source, toString(process) AS process, case_id
    FROM v_restatements WHERE {kind:String} = 'restated'
)
ORDER BY at_us DESC
LIMIT 500
