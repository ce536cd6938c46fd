-- The most frequent orders of activities among the cases that pass the filters, with the whole's totals in each row. All cases
-- of a variant have one path, so that one of them is asked for it: of the most frequent variants only, unless the path decides.
WITH counted AS (
         SELECT variant, count() AS cases, quantile(0.5)(lasts) AS median_us, quantile(0.9)(lasts) AS p90_us,
                countIf(breached) AS breached_cases, min(case_id) AS sample
         FROM (
             SELECT case_id, toString(variant) AS variant, has(clock.status, 'breached') AS breached,
                    toUnixTimestamp64Micro(last_time) - toUnixTimestamp64Micro(first_time) AS lasts
             FROM v_cases
             WHERE process = {process:String} AND last_time >= fromUnixTimestamp64Micro({since:Int64}, 'UTC')
               AND ({facility:String} = '' OR facility = {facility:String})
               AND ({department:String} = '' OR department = {department:String})
               AND ({status:String} = '' OR status = {status:String})
         )
         GROUP BY variant
     ),
     {has:String} = '' AND {lacks:String} = '' AND {starts:String} = '' AND {ends:String} = '' AND {follows_source:String} = '' AS every,
     (
         SELECT groupArray(sample) FROM (
             SELECT sample FROM counted ORDER BY cases DESC, variant LIMIT if(every, {limit:UInt32}, 1000000)
         )
     ) AS samples,
     (
         SELECT groupArray(case_id) FROM v_case_paths
         WHERE process = {process:String} AND case_id IN (SELECT arrayJoin(samples)) AND (case_id, version) IN (
             SELECT case_id, version FROM v_case_versions WHERE process = {process:String} AND case_id IN (SELECT arrayJoin(samples)))
     ) AS written
SELECT variant, cases, median_us, p90_us, breached_cases, path, all_cases, variants
FROM (
    SELECT c.variant AS variant, c.cases AS cases, c.median_us AS median_us, c.p90_us AS p90_us, c.breached_cases AS breached_cases,
           p.path AS path, sum(c.cases) OVER () AS all_cases, count() OVER () AS variants
    FROM counted AS c
    LEFT JOIN (
        SELECT case_id, arrayMap(a -> toString(a), activities) AS path FROM v_case_paths
        WHERE process = {process:String} AND case_id IN (SELECT arrayJoin(written))
        UNION ALL
        SELECT case_id, arraySort(groupArray((time, rank, sequence, event_id, toString(activity)))).5 AS path
        FROM v_case_events
        WHERE process = {process:String} AND case_id IN (SELECT arrayJoin(samples)) AND case_id NOT IN (SELECT arrayJoin(written))
        GROUP BY case_id
    ) AS p ON p.case_id = c.sample
    WHERE every
       OR (notEmpty(p.path)
           AND ({has:String} = '' OR has(path, {has:String}))
           AND ({lacks:String} = '' OR NOT has(path, {lacks:String}))
           AND ({starts:String} = '' OR path[1] = {starts:String})
           AND ({ends:String} = '' OR path[-1] = {ends:String})
           AND ({follows_source:String} = '' OR arrayExists((a, b) -> a = {follows_source:String} AND b = {follows_target:String},
                                                            arrayPopBack(path), arrayPopFront(path))))
)
ORDER BY cases DESC, variant
LIMIT {limit:UInt32}
