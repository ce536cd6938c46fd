-- The clocks of the cases that one interface was called for since `since` (microseconds), by process and SLA.
SELECT process, toString(sla) AS sla, countIf(status = 'breached') AS breached, countIf(status = 'at_risk') AS at_risk,
       countIf(status IN ('running', 'paused')) AS running, countIf(status = 'met') AS met
FROM (
    SELECT toString(process) AS process, clock_name AS sla, clock_status AS status
    FROM v_cases ARRAY JOIN clock.name AS clock_name, clock.status AS clock_status
    WHERE (process, case_id) IN (
        SELECT process, case_id FROM (
            SELECT process, case_id, withdrawn FROM v_case_trace_records
            WHERE time > fromUnixTimestamp64Micro({since:Int64}, 'UTC') - INTERVAL 1 DAY
              AND trace_id IN (SELECT trace_id FROM v_call_records WHERE interface = {interface:String} AND start > fromUnixTimestamp64Micro({since:Int64}, 'UTC'))
            ORDER BY version DESC LIMIT 1 BY process, case_id, event_id)
        WHERE withdrawn = 0
        UNION ALL
        SELECT link_process, link_case FROM v_objects ARRAY JOIN link.process AS link_process, link.case_id AS link_case
        WHERE (object_type, object_id) IN (
            SELECT object_type, object_id FROM v_trace_objects WHERE start > fromUnixTimestamp64Micro({since:Int64}, 'UTC') - INTERVAL 1 HOUR
              AND trace_id IN (SELECT trace_id FROM v_call_records WHERE interface = {interface:String} AND start > fromUnixTimestamp64Micro({since:Int64}, 'UTC'))))
)
GROUP BY process, sla
HAVING breached + at_risk + running + met > 0
ORDER BY breached DESC, at_risk DESC, process, sla
