-- The directly-follows relation of the cases that pass the filters: how often `source` is followed by `target`, in how
-- many cases, the time between, and how many of these cases have a breached clock. '' as source is the start, as target the end.
WITH fromUnixTimestamp64Micro({since:Int64}, 'UTC') AS since,
     chosen AS (
         SELECT case_id, has(clock.status, 'breached') AS breached
         FROM v_cases
         WHERE process = {process:String} AND last_time >= since
           AND ({facility:String} = '' OR facility = {facility:String})
           AND ({department:String} = '' OR department = {department:String})
           AND ({status:String} = '' OR status = {status:String})
           AND ({variant:String} = '' OR toString(variant) = {variant:String})
     ),
     traces AS (
         SELECT case_id,
                arraySort(groupArray((time, rank, sequence, event_id, toString(activity)))) AS steps
         FROM v_case_events
         WHERE process = {process:String} AND case_id IN (SELECT case_id FROM chosen)
         GROUP BY case_id
         HAVING ({has:String} = '' OR arrayExists(x -> x.5 = {has:String}, steps))
            AND ({lacks:String} = '' OR NOT arrayExists(x -> x.5 = {lacks:String}, steps))
            AND ({starts:String} = '' OR steps[1].5 = {starts:String})
            AND ({ends:String} = '' OR steps[-1].5 = {ends:String})
            AND ({follows_source:String} = '' OR arrayExists((a, b) -> a.5 = {follows_source:String} AND b.5 = {follows_target:String},
                                                             arrayPopBack(steps), arrayPopFront(steps)))
     )
SELECT source, target, count() AS times, uniqExact(case_id) AS cases,
       quantile(0.5)(gap) AS median_us, quantile(0.9)(gap) AS p90_us, uniqExactIf(case_id, breached) AS breached_cases
FROM (
    SELECT t.case_id AS case_id, c.breached AS breached,
           arrayJoin(arrayZip(arrayPushFront(steps.5, ''), arrayPushBack(steps.5, ''),
                              arrayPushFront(arrayPushBack(arrayMap((a, b) -> toUnixTimestamp64Micro(b.1) - toUnixTimestamp64Micro(a.1),
                                                                    arrayPopBack(steps), arrayPopFront(steps)), 0), 0))) AS pair,
           pair.1 AS source, pair.2 AS target, pair.3 AS gap
    FROM traces AS t INNER JOIN chosen AS c ON c.case_id = t.case_id
)
GROUP BY source, target
ORDER BY times DESC, source, target
LIMIT 4000
