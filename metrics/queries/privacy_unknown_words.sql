-- Words that no vocabulary has, as the tokens that stand for them: in which attributes (and objects that are called by
-- words) they came in at or after `since` (microseconds), from where, and how often.
SELECT field, token, uniq(event_id) AS events, arraySort(groupUniqArray(5)(toString(source))) AS sources,
       count() OVER () AS total
FROM
(
    SELECT pair.1 AS field, arrayJoin(extractAll(pair.2, '[a-z][a-z0-9]{0,7}~[a-z2-7]{16}')) AS token, event_id, source
    FROM
    (
        SELECT event_id, source, arrayJoin(JSONExtractKeysAndValuesRaw(attributes)) AS pair
        FROM v_events
        WHERE ingested >= fromUnixTimestamp64Micro({since:Int64}, 'UTC') AND position(attributes, '~') > 0
    )
    WHERE pair.1 IN {fields:Array(String)}
    UNION ALL
    SELECT toString(one.1) AS field, one.2 AS token, event_id, source
    FROM
    (
        SELECT event_id, source, arrayJoin(arrayZip(object_types, object_ids)) AS one
        FROM v_events
        WHERE ingested >= fromUnixTimestamp64Micro({since:Int64}, 'UTC')
              AND hasAny(object_types, {objects:Array(String)})
    )
    WHERE one.1 IN {objects:Array(String)} AND match(one.2, '^[a-z][a-z0-9]{0,7}~[a-z2-7]{16}$')
)
GROUP BY field, token
ORDER BY events DESC, field, token
LIMIT {limit:UInt32}
