-- Ranges of whole cases of one process, by id, with about `most` events in the window each.
SELECT min(case_id) AS first, max(case_id) AS last, sum(events) AS events
FROM (
    SELECT case_id, events, intDiv(sum(events) OVER (ORDER BY case_id) - events, {most:UInt32}) AS slice
    FROM (
        SELECT case_id, count() AS events
        FROM v_case_events
        WHERE process = {process:String}
          AND time >= fromUnixTimestamp64Micro({since:Int64}, 'UTC') AND time < fromUnixTimestamp64Micro({until:Int64}, 'UTC')
        GROUP BY case_id
    )
)
GROUP BY slice
ORDER BY first
