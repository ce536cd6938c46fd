-- Clocks by SLA of one process: decided in the `days` before `as_of`, and those open now.
-- A breach is decided at its deadline. `overdue`: breached and still open, however long ago: each counts as a miss.
WITH fromUnixTimestamp64Micro({as_of:Int64}, 'UTC') - toIntervalDay({days:UInt32}) AS since,
     coalesce(if(status = 'breached', deadline, stopped), stopped) AS decided,
     status = 'breached' AND stopped IS NULL AND case_status = 'open' AS is_overdue
SELECT toString(sla) AS sla,
       countIf(status = 'met' AND decided > since) AS met,
       countIf(status = 'breached' AND NOT is_overdue AND decided > since) AS missed,
       countIf(is_overdue) AS overdue,
       countIf(status = 'at_risk') AS at_risk,
       countIf(status = 'running') AS running,
       countIf(status = 'paused') AS paused,
       quantileIf(0.5)(net_us, status IN ('met', 'breached') AND stopped > since) AS median_us,
       quantileIf(0.9)(net_us, status IN ('met', 'breached') AND stopped > since) AS p90_us
FROM v_clocks
WHERE process = {process:String}
GROUP BY sla
ORDER BY sla
