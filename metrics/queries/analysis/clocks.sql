-- How the SLA clocks of one load's cases stand.
SELECT toString(sla) AS sla, countIf(status = 'met') AS met, countIf(status = 'breached') AS breached,
       countIf(status IN ('running', 'at_risk', 'paused')) AS running, countIf(status = 'cancelled') AS cancelled
FROM v_clocks
WHERE process = {process:String} AND case_id IN (
    SELECT case_id FROM v_case_events WHERE process = {process:String}
        AND event_id IN (SELECT event_id FROM v_event_records WHERE feed = {feed:String}))
GROUP BY sla
ORDER BY sla
