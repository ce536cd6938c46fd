-- Clocks of open cases that run out soonest, `limit` for each facility and department: one answer serves every filter.
-- Narrowed where it is shown: facility, department.
SELECT case_id, sla, status, facility, department, owner, state,
       toUnixTimestamp64Micro(started) AS started_us,
       toUnixTimestamp64Micro(deadline) AS deadline_us,
       toUnixTimestamp64Micro(deadline) - {as_of:Int64} AS left_us,
       net_us, gross_us, target_us
FROM v_clocks
WHERE process = {process:String} AND case_status = 'open' AND deadline IS NOT NULL AND stopped IS NULL
  AND status IN ('at_risk', 'running')
  AND ({sla:String} = '' OR sla = {sla:String})
ORDER BY deadline, case_id, sla
LIMIT {limit:UInt32} BY facility, department
