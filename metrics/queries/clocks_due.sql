-- Clocks of open cases that run out soonest, or have run out; page `offset`, `limit`.
SELECT case_id, sla, status, facility, department, owner, state,
       toUnixTimestamp64Micro(started) AS started_us,
       toUnixTimestamp64Micro(deadline) AS deadline_us,
       toUnixTimestamp64Micro(deadline) - {as_of:Int64} AS left_us,
       net_us, gross_us, target_us, count() OVER () AS total
FROM v_clocks
WHERE process = {process:String} AND case_status = 'open' AND deadline IS NOT NULL AND stopped IS NULL
  AND status IN {statuses:Array(String)}
  AND ({facility:String} = '' OR facility = {facility:String})
  AND ({department:String} = '' OR department = {department:String})
  AND ({sla:String} = '' OR sla = {sla:String})
ORDER BY deadline, case_id, sla
LIMIT {limit:UInt32} OFFSET {offset:UInt32}
