-- The directly-follows relation of the cases that pass the filters: how often `source` is followed by `target`, in how
-- many cases, the time between, and how many of these cases have a breached clock. '' as source is the start, as target the end.
-- A case's path is the one written down for this version of it; where there is none it is read from its events.
WITH chosen AS (
         SELECT case_id, has(clock.status, 'breached') AS breached
         FROM v_cases
         WHERE process = {process:String} AND last_time >= fromUnixTimestamp64Micro({since:Int64}, 'UTC')
           AND ({facility:String} = '' OR facility = {facility:String})
           AND ({department:String} = '' OR department = {department:String})
           AND ({status:String} = '' OR status = {status:String})
           AND ({variant:String} = '' OR toString(variant) = {variant:String})
     ),
     -- Asked once, so that each case is in one of the two parts below, whatever is written meanwhile.
     (
         SELECT groupArray(case_id) FROM chosen WHERE case_id NOT IN (
             SELECT p.case_id
             FROM (SELECT case_id, version FROM v_case_paths WHERE process = {process:String}) AS p
             INNER JOIN (SELECT case_id, version FROM v_case_versions WHERE process = {process:String}) AS v
                     ON v.case_id = p.case_id AND v.version = p.version)
     ) AS unwritten
SELECT substring(toString(step), position(step, ':') + 1, toUInt32(splitByChar(':', toString(step))[1])) AS source,
       substring(toString(step), position(step, ':') + 1 + length(source)) AS target,
       made AS times, begun AS cases, median_us, p90_us, astray AS breached_cases
FROM (
    SELECT step, count() AS made, countIf(first) AS begun, quantile(0.5)(gap) AS median_us, quantile(0.9)(gap) AS p90_us,
           countIf(first AND breached) AS astray
    FROM (
        SELECT c.breached AS breached, p.activities AS path, p.step.name AS steps, p.step.gap_us AS gaps, p.step.first AS firsts
        FROM (
            SELECT * FROM v_case_paths
            WHERE process = {process:String} AND case_id NOT IN (SELECT arrayJoin(unwritten))
        ) AS p
        INNER JOIN chosen AS c ON c.case_id = p.case_id
        UNION ALL
        SELECT c.breached AS breached, CAST(p.found.5, 'Array(LowCardinality(String))') AS path,
               CAST(arrayMap((a, b) -> concat(toString(length(a)), ':', a, b), arrayPushFront(p.found.5, ''),
                             arrayPushBack(p.found.5, '')), 'Array(LowCardinality(String))') AS steps,
               arrayPushBack(arrayDifference(arrayMap(x -> toUnixTimestamp64Micro(x.1), p.found)), 0) AS gaps,
               arrayMap(n -> toUInt8(n = 1), arrayEnumerateUniq(steps)) AS firsts
        FROM (
            SELECT case_id, arraySort(groupArray((time, rank, sequence, event_id, toString(activity)))) AS found
            FROM v_case_events
            WHERE process = {process:String} AND case_id IN (SELECT arrayJoin(unwritten))
            GROUP BY case_id
        ) AS p
        INNER JOIN chosen AS c ON c.case_id = p.case_id
    )
    ARRAY JOIN steps AS step, gaps AS gap, firsts AS first
    WHERE ({has:String} = '' OR has(path, {has:String}))
      AND ({lacks:String} = '' OR NOT has(path, {lacks:String}))
      AND ({starts:String} = '' OR path[1] = {starts:String})
      AND ({ends:String} = '' OR path[-1] = {ends:String})
      AND ({follows_source:String} = '' OR arrayExists((a, b) -> a = {follows_source:String} AND b = {follows_target:String},
                                                       arrayPopBack(path), arrayPopFront(path)))
    GROUP BY step
)
ORDER BY times DESC, source, target
LIMIT 4000
