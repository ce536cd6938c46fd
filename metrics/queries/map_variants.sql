-- The most frequent orders of activities among the cases that pass the filters, with the whole's totals in each row.
WITH fromUnixTimestamp64Micro({since:Int64}, 'UTC') AS since
SELECT toString(variant) AS variant, count() AS cases,
       quantile(0.5)(lasts) AS median_us, quantile(0.9)(lasts) AS p90_us,
       countIf(breached) AS breached_cases, any(path) AS path,
       sum(cases) OVER () AS all_cases, count() OVER () AS variants
FROM (
    SELECT case_id, variant, has(clock.status, 'breached') AS breached,
           toUnixTimestamp64Micro(last_time) - toUnixTimestamp64Micro(first_time) AS lasts
    FROM v_cases
    WHERE process = {process:String} AND last_time >= since
      AND ({facility:String} = '' OR facility = {facility:String})
      AND ({department:String} = '' OR department = {department:String})
      AND ({status:String} = '' OR status = {status:String})
) AS c
INNER JOIN (
    SELECT case_id, arraySort(groupArray((time, rank, sequence, event_id, toString(activity)))).5 AS path
    FROM v_case_events
    WHERE process = {process:String}
    GROUP BY case_id
    HAVING ({has:String} = '' OR has(path, {has:String}))
       AND ({lacks:String} = '' OR NOT has(path, {lacks:String}))
       AND ({starts:String} = '' OR path[1] = {starts:String})
       AND ({ends:String} = '' OR path[-1] = {ends:String})
       AND ({follows_source:String} = '' OR arrayExists((a, b) -> a = {follows_source:String} AND b = {follows_target:String},
                                                        arrayPopBack(path), arrayPopFront(path)))
) AS p ON p.case_id = c.case_id
GROUP BY variant
ORDER BY cases DESC, variant
LIMIT {limit:UInt32}
