-- Of each feed and hour (since 1970 UTC) in the same window: first and last event, and the longest gap between two of them,
-- as (begin, end); microseconds.
SELECT feed, simulated, hour, ordered[1] AS first_us, ordered[-1] AS last_us,
       ordered[arrayFirstIndex(x -> x = longest, gaps) - 1] AS gap_begin_us, gap_begin_us + longest AS gap_end_us
FROM (
    SELECT feed, simulated, hour, arraySort(groupUniqArray(at)) AS ordered, arrayDifference(ordered) AS gaps, arrayMax(gaps) AS longest
    FROM (
        SELECT coalesce(nullIf({feeds:Array(String)}[arrayFirstIndex(p -> startsWith(source, p) AND has(['', '/', '-', '_'], substring(source, length(p) + 1, 1)), {prefixes:Array(String)})], ''),
               if(startsWith(source, '/'), splitByChar('/', source)[2], toString(source))) AS feed,
               simulated, toUnixTimestamp64Micro(time) AS at, toInt64(intDiv(at, 3600000000)) AS hour
        FROM v_event_arrivals
        WHERE time >= fromUnixTimestamp64Micro({since:Int64} * 3600000000, 'UTC') AND time < fromUnixTimestamp64Micro({until:Int64} * 3600000000, 'UTC')
          AND type != 'log.step.v1'
    )
    GROUP BY feed, simulated, hour
)
ORDER BY feed, simulated, hour
