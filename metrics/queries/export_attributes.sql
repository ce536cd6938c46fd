-- The attributes of each activity among the events to export, and the JSON types their values have.
SELECT toString(activity) AS activity, name, arraySort(groupUniqArray(kind)) AS kinds
FROM (
    SELECT activity, pair.1 AS name, pair.2 AS kind
    FROM (
        SELECT activity, arrayMap(key -> (key, toString(JSONType(attributes, key))), JSONExtractKeys(attributes)) AS pairs
        FROM v_events
        WHERE time >= fromUnixTimestamp64Micro({since:Int64}, 'UTC') AND time < fromUnixTimestamp64Micro({until:Int64}, 'UTC')
          AND ({process:String} = '' OR event_id IN (SELECT event_id FROM v_case_events WHERE process = {process:String}))
    )
    LEFT ARRAY JOIN pairs AS pair
)
GROUP BY activity, name
ORDER BY activity, name
