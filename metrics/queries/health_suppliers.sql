-- What suppliers were waited for: clocks of the SLAs `slas` (parallel to `processes`: those that begin while the case waits
-- for its supplier) of cases whose events name the supplier, that were decided or fell due since `since` (microseconds).
-- A case with several suppliers counts for each of them; a supplier is looked for in events of the 180 days before.
SELECT s.supplier AS supplier, c.process AS process, c.sla AS sla, count() AS clocks, countIf(c.status = 'met') AS met,
       countIf(c.status = 'breached') AS breached, quantileExactIf(0.5)(c.gross_us, c.stopped IS NOT NULL) AS median_us,
       quantileExactIf(0.9)(c.gross_us, c.stopped IS NOT NULL) AS p90_us, countIf(c.stopped IS NULL) AS open
FROM (
    SELECT toString(process) AS process, case_id, toString(clock_name) AS sla, clock_status AS status, clock_stopped AS stopped, clock_gross AS gross_us
    FROM v_cases
    ARRAY JOIN clock.name AS clock_name, clock.status AS clock_status, clock.stopped AS clock_stopped, clock.deadline AS clock_deadline, clock.gross_us AS clock_gross
    WHERE (process, clock_name) IN arrayZip({processes:Array(String)}, {slas:Array(String)}) AND clock_status IN ('met', 'breached')
      AND ifNull(clock_stopped, clock_deadline) > fromUnixTimestamp64Micro({since:Int64}, 'UTC')
) AS c
INNER JOIN (
    SELECT DISTINCT toString(process) AS process, case_id, supplier
    FROM (SELECT process, case_id, event_id FROM v_case_events WHERE process IN {processes:Array(String)}) AS folded
    INNER JOIN (
        SELECT event_id, arrayJoin(arrayDistinct(arrayMap(o -> o.2, arrayFilter(o -> o.1 = 'supplier', arrayZip(object_types, object_ids))))) AS supplier
        FROM v_event_records WHERE has(object_types, 'supplier') AND time > fromUnixTimestamp64Micro({since:Int64}, 'UTC') - INTERVAL 180 DAY
    ) AS named ON named.event_id = folded.event_id
) AS s ON s.process = c.process AND s.case_id = c.case_id
GROUP BY supplier, process, sla
ORDER BY clocks DESC, supplier, process, sla
LIMIT {limit:UInt32}
