-- Stretches of whole minutes with about `most` events to export each, oldest first. Empty `process`: events of all processes and of none.
SELECT min(minute_us) AS start_us, max(minute_us) + 60000000 AS stop_us, sum(events) AS events
FROM (
    SELECT minute_us, events, intDiv(sum(events) OVER (ORDER BY minute_us) - events, {most:UInt32}) AS slice
    FROM (
        SELECT toUnixTimestamp64Micro(toDateTime64(toStartOfMinute(time), 6, 'UTC')) AS minute_us, count() AS events
        FROM v_events
        WHERE time >= fromUnixTimestamp64Micro({since:Int64}, 'UTC') AND time < fromUnixTimestamp64Micro({until:Int64}, 'UTC')
          AND ({process:String} = '' OR event_id IN (SELECT event_id FROM v_case_events WHERE process = {process:String}))
        GROUP BY minute_us
    )
)
GROUP BY slice
ORDER BY start_us
