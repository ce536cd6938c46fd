-- Which system's events went into which process since `since` (microseconds). The system of a source is found
-- by its prefix in `prefixes`, `systems`; one that nobody declared is called by the first part of its source.
SELECT coalesce(nullIf({systems:Array(String)}[arrayFirstIndex(p -> startsWith(source, p) AND has(['', '/', '-', '_'], substring(source, length(p) + 1, 1)), {prefixes:Array(String)})], ''),
               if(startsWith(source, '/'), splitByChar('/', source)[2], toString(source))) AS system,
       process, sum(happened) AS events, uniqExactMerge(touched) AS cases, toUnixTimestamp64Micro(max(newest)) AS last_us
FROM (
    SELECT toString(source) AS source, toString(process) AS process, uniqExact(event_id) AS happened, uniqExactState(case_id) AS touched, max(time) AS newest
    FROM (
        SELECT process, case_id, event_id, time, source, withdrawn FROM v_case_event_records
        WHERE time > fromUnixTimestamp64Micro({since:Int64}, 'UTC')
        ORDER BY version DESC LIMIT 1 BY process, case_id, event_id
    )
    WHERE withdrawn = 0
    GROUP BY source, process
)
GROUP BY system, process
ORDER BY system, process
