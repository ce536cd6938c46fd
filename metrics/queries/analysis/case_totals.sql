-- The cases that events of one load belong to: how many, in how many orders of activities, and how long they last
-- (last event less first, microseconds; `started`: less the first start). Quantiles by linear interpolation; without
-- cases they are NaN. Sums of whole numbers, so that the same cases give the same bits.
SELECT count() AS cases, uniqExact(variant) AS variants,
       quantileExactInclusive(0.5)(lasted) AS median, quantileExactInclusive(0.9)(lasted) AS p90,
       sum(toInt128(lasted)) / cases AS mean, min(lasted) AS least, max(lasted) AS most,
       quantileExactInclusive(0.5)(worked) AS started_median, quantileExactInclusive(0.9)(worked) AS started_p90,
       sum(toInt128(worked)) / cases AS started_mean, min(worked) AS started_least, max(worked) AS started_most
FROM (
    SELECT variant, toUnixTimestamp64Micro(last_time) AS last,
           last - toUnixTimestamp64Micro(first_time) AS lasted, last - toUnixTimestamp64Micro(first_started) AS worked
    FROM v_cases
    WHERE process = {process:String} AND case_id IN (
        SELECT case_id FROM v_case_events WHERE process = {process:String}
            AND event_id IN (SELECT event_id FROM v_event_records WHERE feed = {feed:String}))
)
