-- The SLA clocks of one case; `pauses` is JSON [[from_us, to_us or null, reason], ...].
SELECT toString(sla) AS sla, status, toUnixTimestamp64Micro(started) AS started_us,
       toUnixTimestamp64Micro(stopped) AS stopped_us, toUnixTimestamp64Micro(at_risk_at) AS at_risk_us,
       toUnixTimestamp64Micro(deadline) AS deadline_us, gross_us, net_us, target_us, pauses
FROM v_clocks
WHERE process = {process:String} AND case_id = {case_id:String}
ORDER BY started, sla
LIMIT 200
