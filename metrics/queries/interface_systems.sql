-- What is wrong with what systems send since `since` (microseconds): dead letters, events that break their contracts, and
-- changes that the system should have shown and showed late or never, of all that it should have shown.
-- `sources` are those of the dead letters. The system of a source is found by its prefix in `prefixes`, `systems`.
WITH fromUnixTimestamp64Micro({since:Int64}, 'UTC') AS since
SELECT system, arraySort(groupUniqArrayArray(told_by)) AS sources, sum(letters) AS dead, sum(breaking) AS breaches, sum(unseen) AS missed, sum(due_changes) AS followed
FROM (
    SELECT coalesce(nullIf({systems:Array(String)}[arrayFirstIndex(p -> startsWith(source, p) AND has(['', '/', '-', '_'], substring(source, length(p) + 1, 1)), {prefixes:Array(String)})], ''),
                       if(startsWith(source, '/'), splitByChar('/', source)[2], toString(source))) AS system, groupUniqArray(toString(source)) AS told_by, count() AS letters, 0 AS breaking, 0 AS unseen, 0 AS due_changes
    FROM v_dead_letters WHERE ingested > since GROUP BY system
    UNION ALL
    SELECT coalesce(nullIf({systems:Array(String)}[arrayFirstIndex(p -> startsWith(source, p) AND has(['', '/', '-', '_'], substring(source, length(p) + 1, 1)), {prefixes:Array(String)})], ''),
                       if(startsWith(source, '/'), splitByChar('/', source)[2], toString(source))) AS system, CAST([], 'Array(String)') AS told_by, 0 AS letters, sum(events) AS breaking, 0 AS unseen, 0 AS due_changes
    FROM v_contract_breaches WHERE last > since GROUP BY system
    UNION ALL
    SELECT toString(target) AS system, CAST([], 'Array(String)') AS told_by, 0 AS letters, 0 AS breaking, countIf(state IN ('late', 'missing')) AS unseen,
           countIf(state IN ('in_time', 'late', 'missing')) AS due_changes
    FROM v_quality_hops WHERE changed > since GROUP BY system
)
WHERE system != ''
GROUP BY system
ORDER BY system
