-- Cases by (process, id), those after a key. Empty filters let everything through; a bound of the last event is microseconds.
WITH arrayMin(arrayFilter(d -> d IS NOT NULL, arrayMap((d, s) -> if(s IN ('running', 'at_risk', 'breached'), d, NULL), clock.deadline, clock.status))) AS next_deadline
SELECT toString(process) AS process, case_id, toString(status) AS status, toString(outcome) AS outcome, toString(state) AS state,
       toString(facility) AS facility, toString(department) AS department, toString(owner) AS owner, amount, toString(currency) AS currency,
       multiIf(has(clock.status, 'breached'), 'breached', has(clock.status, 'at_risk'), 'at_risk', has(clock.status, 'paused'), 'paused',
               has(clock.status, 'running'), 'running', has(clock.status, 'met'), 'met', '') AS sla,
       toUnixTimestamp64Micro(first_time) AS first_us, toUnixTimestamp64Micro(last_time) AS last_us, events,
       toUnixTimestamp64Micro(next_deadline) AS deadline_us, simulated
FROM v_cases
WHERE (process, case_id) > ({after_process:String}, {after_case:String})
  AND ({process:String} = '' OR process = {process:String})
  AND ({facility:String} = '' OR facility = {facility:String})
  AND ({status:String} = '' OR status = {status:String})
  AND ({state:String} = '' OR has(splitByString(' + ', toString(v_cases.state)), {state:String}))
  AND (({sla:String} = '' AND {sla_status:String} = '')
       OR arrayExists((n, s) -> ({sla:String} = '' OR n = {sla:String}) AND ({sla_status:String} = '' OR s = {sla_status:String}), clock.name, clock.status))
  AND last_time >= fromUnixTimestamp64Micro({since:Int64}, 'UTC') AND last_time < fromUnixTimestamp64Micro({until:Int64}, 'UTC')
ORDER BY process, case_id
LIMIT {limit:UInt32}
