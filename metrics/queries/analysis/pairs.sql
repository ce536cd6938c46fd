-- From the first time a case reached one milestone to the first time it reached another, for each pair asked for
-- (`starts` and `stops` side by side), over the cases that reached both; microseconds, negative ones kept.
SELECT start, stop, count() AS cases,
       quantileExactInclusive(0.5)(took) AS median, quantileExactInclusive(0.9)(took) AS p90,
       sum(toInt128(took)) / cases AS mean, countIf(took < 0) AS negative
FROM (
    SELECT start, stop, indexOf(milestone.name, start) AS start_at, indexOf(milestone.name, stop) AS stop_at,
           toUnixTimestamp64Micro(milestone.first[stop_at]) - toUnixTimestamp64Micro(milestone.first[start_at]) AS took
    FROM v_cases ARRAY JOIN {starts:Array(String)} AS start, {stops:Array(String)} AS stop
    WHERE process = {process:String} AND start_at > 0 AND stop_at > 0 AND case_id IN (
        SELECT case_id FROM v_case_events WHERE process = {process:String}
            AND event_id IN (SELECT event_id FROM v_event_records WHERE feed = {feed:String}))
)
GROUP BY start, stop
